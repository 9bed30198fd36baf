import { HEARTBEAT, message, opening } from '../../events/stream/message.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { StoredScan } from '../findings/port.ts';
import { toScanWire } from './scans-wire.ts';

export interface ScanProgressOptions {
  readonly first: StoredScan;
  /** As it stands in the store, whichever process makes it. */
  readonly next: () => Promise<StoredScan | undefined>;
  readonly stillMay: () => Promise<boolean>;
  readonly clock: Clock;
}

const LOOK_EVERY_MS = 500;
/** Also keeps proxies from taking a quiet connection for a dead one. */
const LOOKS_A_HEARTBEAT = 30;
const CLIENT_RETRY_MS = 2_000;
/** A scan is never that long; a client that is still there asks again. */
const LOOKS_MAX = 14_400;

/** A scan as it goes on, until it is over, its reader is gone, or its reader may no longer know. */
export async function* scanProgress(options: ScanProgressOptions): AsyncGenerator<string> {
  const { first, next, stillMay, clock } = options;
  yield opening(CLIENT_RETRY_MS);
  let told = '';
  let scan: StoredScan | undefined = first;
  for (let looks = 1; scan !== undefined && looks < LOOKS_MAX; looks++) {
    const isOver = scan.endedAt !== undefined;
    const text = message({ ...(isOver ? { event: 'over' } : {}), data: toScanWire(scan) });
    if (text !== told) yield text;
    else if (looks % LOOKS_A_HEARTBEAT === 0) yield HEARTBEAT;
    if (isOver) return;
    told = text;
    await pause(clock);
    if (looks % LOOKS_A_HEARTBEAT === 0 && !(await stillMay())) return;
    scan = await next();
  }
}

const pause = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(LOOK_EVERY_MS, resolve);
  });
