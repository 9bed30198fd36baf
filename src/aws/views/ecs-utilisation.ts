import type { EcsUtilisation } from '../inventory/ecs.ts';
import { utc } from './instant.ts';
import type { Window } from './question.ts';
import { latestOf, seriesWire } from './series.ts';

const MINUTE_MS = 60_000;
const STEP_MS = 5 * MINUTE_MS;

/** Where the newest figures are: CloudWatch has them some minutes late. Whole steps, so that it is the same for a while. */
export function latestWindow(now: number): Window {
  const until = Math.ceil(now / STEP_MS) * STEP_MS;
  return { since: until - 60 * MINUTE_MS, until, periodSeconds: STEP_MS / 1_000 };
}

/** Per cent. What is reserved is known of clusters with container instances only. */
export const utilisationSeries = (figures: EcsUtilisation) => ({
  cpu_utilization: seriesWire(figures.cpuUtilisation),
  memory_utilization: seriesWire(figures.memoryUtilisation),
  cpu_reservation: seriesWire(figures.cpuReservation),
  memory_reservation: seriesWire(figures.memoryReservation),
});

/** The newest of each; null where there is none, and `as_of` is the newest of them all. */
export function latestUtilisation(figures: EcsUtilisation) {
  const latest = {
    cpu_utilization: latestOf(figures.cpuUtilisation),
    memory_utilization: latestOf(figures.memoryUtilisation),
    cpu_reservation: latestOf(figures.cpuReservation),
    memory_reservation: latestOf(figures.memoryReservation),
  };
  const times = Object.values(latest).flatMap((point) => (point === undefined ? [] : [point.at]));
  return {
    cpu_utilization: latest.cpu_utilization?.value ?? null,
    memory_utilization: latest.memory_utilization?.value ?? null,
    cpu_reservation: latest.cpu_reservation?.value ?? null,
    memory_reservation: latest.memory_reservation?.value ?? null,
    as_of: times.length === 0 ? null : utc(Math.max(...times)),
  };
}
