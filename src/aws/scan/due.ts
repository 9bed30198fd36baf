import type { StoredScan } from '../findings/port.ts';
import type { ConfiguredAccount } from './accounts.ts';

/** A scan that came to nothing is tried again so soon, or after `scanEvery` if that is shorter. */
const RETRY_MS = 600_000;
/** A scan that was left behind by a process that died is made again at once, but not for ever. */
const LEFT_BEHIND_MAX = 3;

/** How many of an account's last scans `dueAt` looks at. */
export const DUE_LOOKS_AT = LEFT_BEHIND_MAX;

/**
 * When an account is to be scanned next, in Unix ms; undefined: when somebody asks. `last`: its last scans, newest
 * first. What was begun on request counts as well: nobody needs two scans in a row.
 */
export function dueAt(
  account: ConfiguredAccount,
  last: readonly StoredScan[],
  now: number,
): number | undefined {
  const [newest] = last;
  const everyMs = account.scanEveryMs;
  if (newest?.state === 'abandoned') {
    const isHopeless = last.length >= LEFT_BEHIND_MAX && last.every(({ state }) => state === 'abandoned');
    if (!isHopeless) return now;
  }
  if (everyMs === undefined) return undefined;
  if (newest === undefined) return now;
  const waitMs = newest.state === 'failed' ? Math.min(RETRY_MS, everyMs) : everyMs;
  // A clock that was set back must not put it off for longer than that.
  return Math.min((newest.startedAt ?? newest.requestedAt) + waitMs, now + waitMs);
}
