import { type Access, defineRoute, type Route } from '../kernel/route.ts';

export interface MetricsRouteOptions {
  /** The text of all metrics. */
  readonly read: () => Promise<string>;
  /** The operators', or, on a listener of its own, everybody's who reaches it. */
  readonly access: Access;
}

const MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What Prometheus comes for. */
export const metricsRoute = ({ read, access }: MetricsRouteOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/metrics',
    access,
    tag: 'Service',
    summary: "Metrics in Prometheus's text format",
    reply: { status: 200, mediaType: MEDIA_TYPE },
    problems: [],
    handle: () => read(),
  });
