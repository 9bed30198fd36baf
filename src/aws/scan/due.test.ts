import { describe, expect, it } from 'vitest';
import type { StoredScan } from '../findings/port.ts';
import type { ScanState } from '../findings/scan.ts';
import { configuredAccount } from './accounts.ts';
import { dueAt } from './due.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 0, 2);

const account = (scanEvery = '6h') =>
  configuredAccount({
    id: 'prod',
    credentials: 'default',
    region: 'us-west-2',
    backlog: 'summary',
    scanEvery,
  });

const scan = (state: ScanState, startedAt: number): StoredScan => ({
  id: 'scn_x',
  account: 'prod',
  accountId: undefined,
  trigger: 'schedule',
  requestedBy: 'schedule',
  runner: undefined,
  requestedAt: startedAt,
  startedAt,
  endedAt: undefined,
  heartbeatAt: startedAt,
  state,
  progress: { phase: 'over', steps: 0, done: 0, calls: 0, opened: 0, resolved: 0 },
  tally: undefined,
  detail: undefined,
});

describe('an account is due', () => {
  it('at once when it was never scanned, and `scanEvery` after its last scan began', () => {
    expect(dueAt(account(), [], NOW)).toBe(NOW);
    expect(dueAt(account(), [scan('done', NOW - HOUR_MS)], NOW)).toBe(NOW + 5 * HOUR_MS);
  });

  it('never by itself without a schedule', () => {
    expect(dueAt(account('0s'), [], NOW)).toBeUndefined();
    expect(dueAt(account('0s'), [scan('done', 0)], NOW)).toBeUndefined();
  });

  it('soon after a scan that failed, and not at once', () => {
    expect(dueAt(account(), [scan('failed', NOW)], NOW)).toBe(NOW + 600_000);
    expect(dueAt(account('1m'), [scan('failed', NOW)], NOW)).toBe(NOW + 60_000);
  });

  it('at once after one that was left behind, also one on request, but not for ever', () => {
    const left = scan('abandoned', NOW - 1);
    expect(dueAt(account(), [left], NOW)).toBe(NOW);
    expect(dueAt(account('0s'), [left], NOW)).toBe(NOW);
    expect(dueAt(account(), [left, left, left], NOW)).toBe(NOW - 1 + 6 * HOUR_MS);
    expect(dueAt(account('0s'), [left, left, left], NOW)).toBeUndefined();
    expect(dueAt(account(), [left, left, scan('done', 0)], NOW)).toBe(NOW);
  });

  it('no later than `scanEvery` from now, whatever the clock was when it was scanned', () => {
    expect(dueAt(account(), [scan('done', NOW + 900 * HOUR_MS)], NOW)).toBe(NOW + 6 * HOUR_MS);
  });
});
