import { leavesOf } from './leaves.ts';
import type { LoadedConfig } from './load-config.ts';
import { formatOrigin } from './origin.ts';
import { isAtOrBelow } from './path.ts';

/** One value of the config, as it may be shown. */
export interface ConfigRow {
  readonly path: string;
  /** A secret is `[secret]`; a text with `${NAME}` is as the file has it; undefined when not set. */
  readonly value: unknown;
  /** `default`, `not set`, `tocsin.yaml:12`, `env TOCSIN_PORT`, `.env TOCSIN_PORT`, `--port`. */
  readonly origin: string;
}

const MASK = '[secret]';

/** Every setting with its value and where it was set. What came through `${NAME}` is not shown: it may be a secret. */
export function explainConfig(
  loaded: Omit<LoadedConfig<unknown>, 'kind' | 'warnings'>,
): readonly ConfigRow[] {
  const values = new Map(leavesOf(loaded.config, '').map(({ path, value }) => [path, value]));
  return [...loaded.origins].map(([path, origin]) => {
    const value = values.get(path);
    return {
      path,
      value: value === undefined ? undefined : shown(path, value, loaded),
      origin: formatOrigin(origin),
    };
  });
}

type Masks = Pick<LoadedConfig<unknown>, 'secrets' | 'templates'>;

function shown(path: string, value: unknown, { secrets, templates }: Masks): unknown {
  if ([...secrets].some((secret) => isAtOrBelow(secret, path) || isAtOrBelow(path, secret))) return MASK;
  if (Array.isArray(value)) return value.map((entry, index) => templates.get(`${path}[${index}]`) ?? entry);
  return templates.get(path) ?? value;
}
