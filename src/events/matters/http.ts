import { Type } from 'typebox';
import { EVENT_ID_PATTERN, type EventId } from '../../kernel/ids.ts';
import { pageOf, pageQuery, toPage } from '../../kernel/paging.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { oneOf } from '../../kernel/schema.ts';
import { matterStates, severities } from '../event.ts';
import type { EventStore } from '../store.ts';
import { toEventSummary } from '../wire.ts';
import type { MatterStore } from './store.ts';
import { FINGERPRINT_PATTERN, matterWire, matterWithEventsWire, toMatterWire } from './wire.ts';

const listQuery = Type.Object({
  ...pageQuery(EVENT_ID_PATTERN),
  state: Type.Optional(oneOf(matterStates)),
  severity: Type.Optional(oneOf(severities, { description: 'At least this severity.' })),
  source: Type.Optional(Type.String({ maxLength: 64 })),
  subject: Type.Optional(Type.String({ maxLength: 256, description: "The subject's id." })),
});

interface Options {
  readonly events: EventStore;
  readonly matters: MatterStore;
}

export const matterRoutes = ({ events, matters }: Options): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api/v1/matters',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Matters',
    summary: 'Matters of senders that tell beginnings and ends, those with the newest events first',
    query: listQuery,
    reply: { status: 200, schema: pageOf(matterWire) },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, severity, ...same } }) {
      const filter = { ...same, ...(severity === undefined ? {} : { severityMin: severity }) };
      const found = await matters.list(filter, limit + 1, cursor as EventId | undefined);
      // The cursor is the last event: the order of the list.
      const rows = found.map((matter) => ({ id: matter.lastEvent, matter }));
      return toPage(rows, limit, ({ matter }) => toMatterWire(matter));
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/matters/{fingerprint}',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Matters',
    summary: 'One matter with its events, newest first',
    params: Type.Object({ fingerprint: Type.String({ pattern: FINGERPRINT_PATTERN }) }),
    query: Type.Object(pageQuery(EVENT_ID_PATTERN)),
    reply: { status: 200, schema: matterWithEventsWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { fingerprint }, query: { limit, cursor } }) {
      const matter = await matters.get(fingerprint);
      if (matter === undefined) throw new Problem('not_found', 'There is no matter with this fingerprint.');
      const rows = await events.list({ fingerprint }, limit + 1, cursor as EventId | undefined);
      return { ...toMatterWire(matter), events: toPage(rows, limit, toEventSummary) };
    },
  }),
];
