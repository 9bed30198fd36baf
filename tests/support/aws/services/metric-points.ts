import type { Metric } from '../account.ts';

export interface Window {
  /** Unix ms, the end not included. */
  readonly since: number;
  readonly until: number;
  readonly periodSeconds: number;
}

export interface Point {
  /** Unix ms: where its period begins. */
  readonly at: number;
  readonly value: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const statistics = {
  Sum: sum,
  Average: (values: readonly number[]): number => sum(values) / values.length,
  Minimum: (values: readonly number[]): number => Math.min(...values),
  Maximum: (values: readonly number[]): number => Math.max(...values),
  SampleCount: (values: readonly number[]): number => values.length,
} as const;

const DAY_MS = 86_400_000;

/**
 * A series over a window, ascending. Periods without a point are left out; so is what CloudWatch no longer keeps that
 * finely: five minutes from 15 days ago, an hour from 63.
 */
export function pointsOf(
  metric: Metric,
  { since, until, periodSeconds }: Window,
  statistic: (values: readonly number[]) => number,
  now: number,
): Point[] {
  const periodMs = periodSeconds * 1_000;
  if (periodSeconds % finestSeconds(now - since) !== 0) return [];
  const points: Point[] = [];
  for (let at = Math.floor(since / periodMs) * periodMs; at < until; at += periodMs) {
    const values = samples(metric, at, at + periodMs, now);
    if (values.length > 0) points.push({ at, value: statistic(values) });
  }
  return points;
}

function finestSeconds(ageMs: number): number {
  if (ageMs > 63 * DAY_MS) return 3_600;
  return ageMs > 15 * DAY_MS ? 300 : 1;
}

/** A point is there once the time that it stands for is over. */
function samples(
  { everySeconds, mean, swing, dimensions }: Metric,
  from: number,
  to: number,
  now: number,
): number[] {
  const everyMs = everySeconds * 1_000;
  const phase = Object.values(dimensions).join('').length;
  const values: number[] = [];
  for (let at = Math.ceil(from / everyMs) * everyMs; at < to && at + everyMs <= now; at += everyMs) {
    values.push(mean * (1 + swing * Math.sin((2 * Math.PI * (at % DAY_MS)) / DAY_MS + phase)));
  }
  return values;
}
