import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.ts';

/** How long the event loop of a service was held up since the last question, ms. It was started with `stallsProbe`. */
export interface Stalls {
  readonly max: number;
}

export const stallsProbe = new URL('./stalls-probe.js', import.meta.url);

export async function stallsOf(service: Service): Promise<Stalls> {
  process.kill(service.pid, 'SIGUSR2');
  await sleep(200);
  return JSON.parse(readFileSync(service.file('stalls.json'), 'utf8')) as Stalls;
}
