import type { MetricPoint } from '../inventory/ebs.ts';
import { utc } from './instant.ts';
import type { Window } from './question.ts';

/** Ascending by time. */
export const seriesWire = (points: readonly MetricPoint[]) =>
  points.toSorted((a, b) => a.at - b.at).map(({ at, value }) => ({ timestamp: utc(at), value }));

export const latestOf = (points: readonly MetricPoint[]): MetricPoint | undefined =>
  points.reduce<MetricPoint | undefined>(
    (latest, point) => (latest === undefined || point.at > latest.at ? point : latest),
    undefined,
  );

/** What the points are of; `period` in seconds. */
export const windowWire = ({ since, until, periodSeconds }: Window) => ({
  period: periodSeconds,
  start_time: utc(since),
  end_time: utc(until),
});
