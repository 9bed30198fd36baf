import type { TObject } from 'typebox';
import { Check, Default } from 'typebox/value';
import { systemClock } from '../../src/kernel/clock.ts';
import { openDial } from '../../src/kernel/dial.ts';
import { createGuardedHttpClient } from '../../src/kernel/guarded-http.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import type { Target, TargetContext, TargetKind } from '../../src/targets/target.ts';

/** A target with what it was opened with; `close` ends both. */
export interface OpenedKind {
  readonly target: Target;
  /** What it wrote to standard output. */
  readonly written: readonly string[];
  close(): Promise<void>;
}

/** Opens a target as the service does: defaults filled in, settings checked, a client that may dial loopback. */
export function openKind<Settings extends TObject>(
  kind: TargetKind<Settings>,
  input: object,
  overrides: Partial<TargetContext> = {},
): OpenedKind {
  const settings: unknown = Default(kind.settings, structuredClone(input));
  if (!Check(kind.settings, settings)) throw new Error(`not settings of ${kind.kind}`);
  const http = createGuardedHttpClient({
    allow: ['127.0.0.0/8'],
    connectTimeoutMs: 5_000,
    connectionsMax: 8,
  });
  const written: string[] = [];
  const target = kind.open(settings, {
    id: 'target-1',
    http,
    dial: openDial(),
    tls: {},
    concurrency: 16,
    clock: systemClock,
    log: silentLogger,
    timeoutMs: 20_000,
    publicUrl: 'https://tocsin.example',
    writeLine: (line) => void written.push(line),
    ...overrides,
  });
  return {
    target,
    written,
    close: async () => {
      await target.close();
      await http.close();
    },
  };
}

/** The faults that a kind's own check finds, as `path: message`; settings are completed and of the right shape. */
export function faultsOf<Settings extends TObject>(
  kind: TargetKind<Settings>,
  input: object,
): readonly string[] {
  const settings: unknown = Default(kind.settings, structuredClone(input));
  if (!Check(kind.settings, settings)) return ['schema'];
  return (kind.check?.(settings) ?? []).map(({ path, message }) => `${path}: ${message}`);
}
