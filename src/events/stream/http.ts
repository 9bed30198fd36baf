import { Type } from 'typebox';
import type { OperatorAccess } from '../../access/access.ts';
import { EVENT_ID_PATTERN, type EventId } from '../../kernel/ids.ts';
import { defineRoute, operator, Reply, type Route, type RouteInput } from '../../kernel/route.ts';
import { toWanted, traitQuery } from '../http.ts';
import type { StreamHub, StreamRequest } from './hub.ts';

const streamQuery = Type.Object({
  ...traitQuery,
  after: Type.Optional(
    Type.String({
      pattern: EVENT_ID_PATTERN,
      description:
        'Begin behind this event, as the header `Last-Event-ID` does, which counts if both are there.',
    }),
  ),
});

/** Not buffered by nginx, not compressed by anybody. */
const AS_IT_COMES = { 'x-accel-buffering': 'no' };

export const streamRoutes = (hub: StreamHub, access: OperatorAccess): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api/v1/events/stream',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Events',
    summary: 'Events as they come, as server-sent events; with Last-Event-ID from there on',
    query: streamQuery,
    reply: {
      status: 200,
      mediaType: 'text/event-stream',
      schema: Type.Unknown({
        description:
          'A message without a name is an event as in the list. `gap`: `{reason}`, something was left out; load the list anew. `delivery`: `{id, event, target, status}`, what an attempt of this process made of a delivery.',
      }),
    },
    problems: ['store_unavailable'],
    cacheControl: 'no-store, no-transform',
    async handle({ query: { after, ...filter }, actor, headers }) {
      const body = await hub.open({
        filter: toWanted(filter).filter,
        actorId: operator(actor).id,
        after: lastEvent(headers) ?? (after as EventId | undefined),
        stillMay: () => access.stillMay('read', headers),
      });
      return new Reply(200, body, AS_IT_COMES);
    },
  }),
];

type Headers = RouteInput<never, never, never>['headers'];

/** What is no id of ours can come from another service at the same address. */
function lastEvent(headers: Headers): StreamRequest['after'] {
  const named = headers['last-event-id'];
  if (typeof named !== 'string' || named === '') return undefined;
  return new RegExp(EVENT_ID_PATTERN).test(named) ? (named as EventId) : 'unknown';
}
