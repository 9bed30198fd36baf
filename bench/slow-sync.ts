import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findProgram } from './program.ts';
import type { TempDir } from './temp-dir.ts';

/** The source stands beside this file's TypeScript; the built file is one folder further down. */
const SOURCE = fileURLToPath(new URL('../../bench/slow-sync.c', import.meta.url));
const PROBE_SYNCS = 50;
/** Prints the median time of one fdatasync after a small write, ms. */
const PROBE = `
  const fs = require('node:fs');
  const file = fs.openSync(process.argv[1], 'w');
  const times = Array.from({ length: ${PROBE_SYNCS} }, () => {
    fs.writeSync(file, 'x'.repeat(4096));
    const startedAt = performance.now();
    fs.fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  console.log(times.sort((a, b) => a - b)[${PROBE_SYNCS / 2}]);`;

export type SlowSync =
  | {
      readonly kind: 'ready';
      /** For the environment of the program under test. */
      readonly env: Readonly<Record<string, string>>;
      /** One fdatasync of this machine without and with the delay, ms. */
      readonly plainMs: number;
      readonly slowMs: number;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Compiles the shim into `dir` and proves on a file that it slows a sync down by `delayMs`. */
export function buildSlowSync(dir: TempDir, delayMs: number): SlowSync {
  const compiler = findProgram('cc');
  if (!compiler) return { kind: 'unavailable', reason: 'no C compiler (cc) on the PATH' };
  const library = dir.file('slow-sync.so');
  execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, SOURCE, '-ldl']);
  const env = { LD_PRELOAD: library, SLOW_SYNC_US: String(delayMs * 1_000) };
  const plainMs = msPerSync(dir);
  const slowMs = msPerSync(dir, env);
  if (slowMs < delayMs) return { kind: 'unavailable', reason: 'the preloaded shim has no effect here' };
  return { kind: 'ready', env, plainMs, slowMs };
}

/** What one fdatasync takes where benchmarks keep their data, ms (median). */
export function msPerSync(dir: TempDir, env: Readonly<Record<string, string>> = {}): number {
  const output = execFileSync(process.execPath, ['-e', PROBE, dir.file('probe')], {
    env: { ...process.env, ...env },
  });
  return Number(output.toString());
}
