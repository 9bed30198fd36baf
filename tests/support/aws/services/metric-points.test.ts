import { expect, test } from 'vitest';
import type { Metric } from '../account.ts';
import { pointsOf, statistics } from './metric-points.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 0, 31, 12);
const steady: Metric = { namespace: 'n', name: 'm', dimensions: {}, everySeconds: 300, mean: 2, swing: 0 };
const daily: Metric = { ...steady, everySeconds: 86_400 };
const hours = (since: number, until: number, periodSeconds = 3_600): Parameters<typeof pointsOf>[1] => ({
  since,
  until,
  periodSeconds,
});

test('sums and averages what lies within a period', () => {
  const window = hours(now - 7_200_000, now);
  expect(pointsOf(steady, window, statistics.Sum, now)).toEqual([
    { at: now - 7_200_000, value: 24 },
    { at: now - 3_600_000, value: 24 },
  ]);
  expect(pointsOf(steady, window, statistics.Average, now).map(({ value }) => value)).toEqual([2, 2]);
});

test("has no point of what is still to come: today's storage is told tomorrow", () => {
  const midnight = Date.UTC(2026, 0, 31);
  const points = pointsOf(daily, hours(midnight - 3 * DAY_MS, now, 86_400), statistics.Average, now);
  expect(points.map(({ at }) => (midnight - at) / DAY_MS)).toEqual([3, 2, 1]);
});

test('forgets fine figures with age', () => {
  const old = (days: number, periodSeconds: number): number =>
    pointsOf(
      steady,
      hours(now - days * DAY_MS, now - days * DAY_MS + 7_200_000, periodSeconds),
      statistics.Sum,
      now,
    ).length;
  expect([old(14, 60), old(16, 60), old(16, 300), old(64, 300), old(64, 3_600)]).toEqual([24, 0, 24, 0, 2]);
});
