import type { Counter, Meter } from '../kernel/meter.ts';

/** Around the goal, a p99 of 10 ms. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const NO_ROUTE = 'none';

/** Counts a request that was answered. `route` is its pattern, undefined where there is none. */
export type CountRequest = (
  method: string,
  route: string | undefined,
  status: number,
  elapsedMs: number,
) => void;

/** `endless`: routes whose answers last as long as their clients like. */
export function requestMetrics(meter: Meter, endless: ReadonlySet<string>): CountRequest {
  const requests = meter.counter({
    name: 'tocsin_http_requests_total',
    help: 'HTTP requests answered, by method, route (its pattern; none where there is no such route) and status.',
    labels: ['method', 'route', 'status'],
  });
  const durations = meter.histogram({
    name: 'tocsin_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer, by method and route.',
    labels: ['method', 'route'],
    buckets: BUCKETS,
  });
  return (method, route = NO_ROUTE, status, elapsedMs) => {
    // Whoever asks may call his method what he likes.
    const known = METHODS.has(method) ? method : 'other';
    requests.of(known, route, String(status)).inc();
    if (!endless.has(route)) durations.of(known, route).observe(elapsedMs / 1_000);
  };
}

/** Counts what was no HTTP request, or none that was finished: refused before there is a route. */
export function malformedRequests(meter: Meter): Counter {
  const malformed = meter.counter({
    name: 'tocsin_http_malformed_requests_total',
    help: 'Connections refused because what came was no HTTP request, or never a whole one.',
    labels: [],
  });
  return malformed.of();
}
