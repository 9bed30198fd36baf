import type { TSchema } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { mapSecrets, MASK } from './map-secrets.ts';
import { formatPath, type Path } from './path.ts';

/** A value whose masks stand for what is stored. */
export interface KeptSecrets {
  readonly value: unknown;
  /** Where a secret was kept. */
  readonly kept: readonly string[];
  /** Masks with nothing behind them. */
  readonly faults: readonly Fault[];
}

/** Puts what is stored in place of each mask, so that a secret can stay without having been shown. */
export function keepSecrets(schema: TSchema, given: unknown, stored: unknown): KeptSecrets {
  const kept: string[] = [];
  const faults: Fault[] = [];
  const value = mapSecrets(schema, given, (secret, path) => {
    if (secret !== MASK) return secret;
    const found = valueIn(stored, path);
    if (typeof found === 'string') kept.push(formatPath(path));
    else faults.push({ path: formatPath(path), message: 'is masked, and nothing is stored there: give it' });
    return found;
  });
  return { value, kept, faults };
}

function valueIn(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, step)
        ? Object.entries(here).find(([name]) => name === String(step))?.[1]
        : undefined,
    value,
  );
}
