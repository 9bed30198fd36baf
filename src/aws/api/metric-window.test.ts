import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../kernel/problem.ts';
import { metricWindow, type TypedWindow } from './metric-window.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 5, 1, 12, 0, 30, 5);

const codeOf = (query: TypedWindow): string => {
  try {
    metricWindow(query, NOW);
    return 'fine';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
};
const at = (ms: number): string => new Date(ms).toISOString();

test('without parameters: the last 24 hours by the hour', () => {
  expect(metricWindow({}, NOW)).toEqual({
    since: Date.UTC(2026, 4, 31, 12, 0),
    until: Date.UTC(2026, 5, 1, 12, 1),
    periodSeconds: 3_600,
  });
});

test('who asks twice in a minute asks the same', () => {
  expect(metricWindow({}, NOW)).toEqual(metricWindow({}, NOW + 29_000));
});

test('a period is a positive multiple of 60', () => {
  for (const period of ['60', '120', '300', '3600', '86400']) expect(codeOf({ period }), period).toBe('fine');
  const wrong = [
    '0',
    '-60',
    '59',
    '61',
    '90',
    '60.0',
    '6e1',
    ' 60',
    '60 ',
    '',
    'NaN',
    '0x3c',
    '99999999999999999960',
    '６０',
  ];
  for (const period of wrong) expect(codeOf({ period }), period).toBe('bad_request');
});

test('1,440 points are the most', () => {
  expect(codeOf({ period: '60' })).toBe('fine');
  expect(codeOf({ period: '60', start_time: at(NOW - DAY_MS - 1) })).toBe('bad_request');
  expect(codeOf({ period: '300', start_time: at(NOW - 5 * DAY_MS) })).toBe('fine');
  expect(codeOf({ period: '3600', start_time: at(NOW - 60 * DAY_MS) })).toBe('fine');
  expect(codeOf({ period: '3600', start_time: at(NOW - 61 * DAY_MS) })).toBe('bad_request');
});

test('times are RFC 3339, or Unix time in seconds or milliseconds', () => {
  const since = NOW - 2 * HOUR_MS;
  const same = [
    at(since),
    String(since),
    String(since / 1_000),
    at(since).replace('Z', '+00:00'),
    at(since).replace('Z', ' 00:00'),
  ];
  for (const start_time of same)
    expect(metricWindow({ start_time }, NOW).since, start_time).toBe(Math.floor(since / 60_000) * 60_000);
  expect(codeOf({ start_time: '2026-13-01T00:00:00Z' })).toBe('bad_request');
  expect(codeOf({ start_time: '1.2.3' })).toBe('bad_request');
  expect(codeOf({ start_time: '1969-12-31T00:00:00Z' })).toBe('bad_request');
});

test('a start alone leads to now, an end alone to the day before it, and an end to come is now', () => {
  const end = NOW - 10 * DAY_MS;
  expect(metricWindow({ end_time: at(end) }, NOW).since).toBe(Math.floor((end - DAY_MS) / 60_000) * 60_000);
  expect(metricWindow({ end_time: at(NOW + DAY_MS) }, NOW)).toEqual(metricWindow({}, NOW));
  expect(codeOf({ start_time: at(NOW), end_time: at(NOW) })).toBe('bad_request');
  expect(codeOf({ start_time: at(NOW + HOUR_MS) })).toBe('bad_request');
});

test('where AWS has no finer figures the period is the next longer one that it has', () => {
  const window = (days: number, period: string) =>
    metricWindow(
      { start_time: at(NOW - days * DAY_MS), end_time: at(NOW - days * DAY_MS + HOUR_MS), period },
      NOW,
    );
  expect(window(14, '60').periodSeconds).toBe(60);
  expect(window(16, '60').periodSeconds).toBe(300);
  expect(window(16, '360').periodSeconds).toBe(600);
  expect(window(64, '60').periodSeconds).toBe(3_600);
  expect(window(64, '5400').periodSeconds).toBe(7_200);
});

test('every window that is let through is one that AWS takes', () => {
  const time = fc.integer({ min: 0, max: NOW + DAY_MS }).map(String);
  fc.assert(
    fc.property(
      fc.record(
        { period: fc.integer({ min: -60, max: 200_000 }).map(String), start_time: time, end_time: time },
        { requiredKeys: [] },
      ),
      (query) => {
        if (codeOf(query) !== 'fine') return;
        const { since, until, periodSeconds } = metricWindow(query, NOW);
        const grid =
          NOW - since > 63 * DAY_MS + HOUR_MS ? 3_600 : NOW - since > 15 * DAY_MS + HOUR_MS ? 300 : 60;
        expect(periodSeconds % grid).toBe(0);
        expect([since % 60_000, until % 60_000]).toEqual([0, 0]);
        expect(since).toBeLessThan(until);
        expect((until - since) / 1_000 / periodSeconds).toBeLessThanOrEqual(1_442);
      },
    ),
  );
});
