/**
 * Loaded into the service beside its own code (`NODE_OPTIONS=--import`): notes once a second what it uses, for what
 * cannot be seen from outside. Nothing of the service knows of it.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 1_000;
const COLLECT_EVERY = 20;
const LEAK_BYTES = 3_000_000;

function watch(file: string): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  const leaked: Buffer[] = [];
  let ticks = 0;
  setInterval(() => {
    // Planted, to see that the soak notices.
    if (process.env['SOAK_FAULT'] === 'leaks') leaked.push(Buffer.alloc(LEAK_BYTES, 1));
    const lagMs = delay.percentile(99) / 1e6;
    const collected = ++ticks % COLLECT_EVERY === 0;
    if (collected && typeof collect === 'function') collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    const heap = collected ? { heapMb: (heapUsed + external) / 1e6 } : {};
    const files = readdirSync('/proc/self/fd').length;
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), rssMb: rss / 1e6, lagMs, files, ...heap })}\n`);
    // The pause of our own collection is none of the service's.
    delay.reset();
  }, EVERY_MS).unref();
}

const file = process.env['SOAK_PROBE_FILE'];
if (isMainThread && file !== undefined) watch(file);
