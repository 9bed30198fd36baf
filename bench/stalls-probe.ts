/** Loaded into the service under test: at SIGUSR2 it writes how long its event loop was held up since the last time. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('SIGUSR2', () => {
    const ms = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
    writeFileSync('stalls.json', JSON.stringify({ max: ms(delay.max), p999: ms(delay.percentile(99.9)) }));
    delay.reset();
  });
}
