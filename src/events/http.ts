import { Type } from 'typebox';
import { EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';
import { pageOf, pageQuery, toPage } from '../kernel/paging.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import { oneOf, type Static } from '../kernel/schema.ts';
import { severities } from './event.ts';
import type { EventFilter, EventStore } from './store.ts';
import { eventSummaryWire, toEventSummary } from './wire.ts';

const instantText = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$`,
      description: `${description} RFC 3339.`,
    }),
  );

/** A period by receipt or creation, for the query of a list. */
export const periodQuery = { since: instantText('From then on.'), until: instantText('Before then.') };

const listQuery = Type.Object({
  ...pageQuery(EVENT_ID_PATTERN),
  ...periodQuery,
  source: Type.Optional(Type.String({ maxLength: 64 })),
  type: Type.Optional(Type.String({ maxLength: 256 })),
  severity: Type.Optional(oneOf(severities, { description: 'At least this severity.' })),
  subject: Type.Optional(Type.String({ maxLength: 256, description: "The subject's id." })),
  internal: Type.Optional(Type.Boolean({ description: 'About our own application.' })),
  unrouted: Type.Optional(Type.Boolean({ description: 'Taken by no rule.' })),
});

export function eventRoutes(events: EventStore): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/events',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Events',
      summary: 'Events, newest first',
      query: listQuery,
      reply: { status: 200, schema: pageOf(eventSummaryWire) },
      problems: ['store_unavailable'],
      async handle({ query }) {
        const rows = await events.list(toFilter(query), query.limit + 1, query.cursor as EventId | undefined);
        return toPage(rows, query.limit, toEventSummary);
      },
    }),
  ];
}

function toFilter({
  limit: _,
  cursor: __,
  severity,
  since,
  until,
  ...same
}: Static<typeof listQuery>): EventFilter {
  return {
    ...same,
    ...(severity === undefined ? {} : { severityMin: severity }),
    ...toPeriod({ since, until }),
  };
}

/** Unix ms of a period's ends. A date that no calendar has is a 400. */
export function toPeriod(period: { since?: string | undefined; until?: string | undefined }): {
  since?: number;
  until?: number;
} {
  return {
    ...(period.since === undefined ? {} : { since: toMs('since', period.since) }),
    ...(period.until === undefined ? {} : { until: toMs('until', period.until) }),
  };
}

function toMs(name: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Problem('bad_request', `"${name}" is no date that exists.`);
  return ms;
}
