import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import type { FindingCount, ScanReport } from './port.ts';
import { FindingStanding } from './standing.ts';

const NUMBER = '111122223333';
const count = (over: Partial<FindingCount>): FindingCount => ({
  account: NUMBER,
  check: 's3.versioning',
  service: 's3',
  state: 'open',
  severity: 'low',
  muted: false,
  count: 1,
  ...over,
});

function start(counts: readonly FindingCount[], scanned = true) {
  const clock = new ManualClock();
  let asked = 0;
  let failing = false;
  const scan = { accountId: NUMBER } as ScanReport;
  const standing = new FindingStanding({
    clock,
    scans: {
      list: () => Promise.resolve(scanned ? [scan] : []),
      latestDone: () => Promise.resolve(scanned ? [scan] : []),
    },
    reader: {
      counts() {
        asked += 1;
        return failing ? Promise.reject(new Error('away')) : Promise.resolve(counts);
      },
    },
  });
  return { clock, standing, asked: () => asked, fail: (is: boolean) => void (failing = is) };
}

describe('how an account stands', () => {
  it('counts what is open and not muted by severity, for either name of it', async () => {
    const { standing } = start([
      count({ severity: 'high', count: 3 }),
      count({ severity: 'high', check: 's3.tls-only', count: 2 }),
      count({ severity: 'critical', muted: true, count: 9 }),
    ]);
    const expected = { informational: 0, low: 0, medium: 0, high: 5, critical: 0 };
    expect(await standing.of({ number: NUMBER })).toEqual(expected);
    expect(await standing.of({ id: 'prod' })).toEqual(expected);
  });

  it('is not known before the first scan was done: that is not zero', async () => {
    const { standing } = start([], false);
    expect(await standing.of({ number: NUMBER })).toBeNull();
    expect(await standing.of({ id: 'prod' })).toBeNull();
  });

  it('is counted once for all who ask within a moment, and again after it', async () => {
    const { standing, clock, asked } = start([]);
    await Promise.all([standing.of({ number: NUMBER }), standing.of({ number: NUMBER })]);
    expect(asked()).toBe(1);
    await clock.advance(5_000);
    await standing.of({ number: NUMBER });
    expect(asked()).toBe(2);
  });

  it('that could not be counted is asked for again at once', async () => {
    const { standing, fail } = start([]);
    fail(true);
    await expect(standing.of({ number: NUMBER })).rejects.toThrow('away');
    fail(false);
    expect(await standing.of({ number: NUMBER })).toMatchObject({ high: 0 });
  });
});
