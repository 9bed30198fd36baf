import { Type } from 'typebox';
import { EVENT_ID_PATTERN, type EventId } from '../../kernel/ids.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, operator, type Route } from '../../kernel/route.ts';
import { filterQuery, toWanted } from '../http.ts';
import { NOTE_LENGTH_MAX, REASON_LENGTH_MAX } from './note.ts';
import { acknowledgementWire, noteWire, toAcknowledgementWire, toNoteWire } from './wire.ts';
import type { NoteWriter } from './write.ts';

const ACKNOWLEDGED_MAX = 10_000;

const eventParams = Type.Object({ id: Type.String({ pattern: EVENT_ID_PATTERN }) });
const reason = Type.Optional(
  Type.String({ maxLength: REASON_LENGTH_MAX, description: 'Why, in one line: for those who come after.' }),
);
const { acknowledged: _, ...filterProperties } = filterQuery;
const bulkBody = Type.Object(
  {
    ...filterProperties,
    reason,
    limit: Type.Integer({ minimum: 1, maximum: ACKNOWLEDGED_MAX, default: ACKNOWLEDGED_MAX }),
    dryRun: Type.Boolean({ default: false, description: 'Only count.' }),
  },
  { additionalProperties: false },
);
const bulkWire = Type.Object({
  matched: Type.Integer({
    description: 'Events that the filter matched and that were not acknowledged; at most the limit.',
  }),
  acknowledged: Type.Integer({ description: 'Acknowledged now.' }),
  more: Type.Boolean({ description: 'There are more than the limit: ask again.' }),
});

const shared = { access: { kind: 'operator', scope: 'operate' }, tag: 'Events' } as const;

/** What operators say of events. */
export const noteRoutes = (writer: NoteWriter): Route[] => [
  defineRoute({
    ...shared,
    method: 'POST',
    path: '/api/v1/events/{id}/acknowledge',
    summary: 'Take note of an event; of several acknowledgements the first one stands',
    params: eventParams,
    body: Type.Object({ reason }, { additionalProperties: false }),
    reply: { status: 200, schema: acknowledgementWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params, body, actor }) {
      return toAcknowledgementWire(
        await writer.acknowledge(params.id as EventId, body.reason, operator(actor)),
      );
    },
  }),
  defineRoute({
    ...shared,
    method: 'DELETE',
    path: '/api/v1/events/{id}/acknowledge',
    summary: 'Take an acknowledgement back',
    params: eventParams,
    reply: { status: 204 },
    problems: ['not_found', 'store_unavailable'],
    handle: ({ params, actor }) => writer.unacknowledge(params.id as EventId, operator(actor)),
  }),
  defineRoute({
    ...shared,
    method: 'POST',
    path: '/api/v1/events/{id}/notes',
    summary: 'Write something down about an event',
    params: eventParams,
    body: Type.Object(
      { text: Type.String({ minLength: 1, maxLength: NOTE_LENGTH_MAX }) },
      { additionalProperties: false },
    ),
    reply: { status: 201, schema: noteWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params, body, actor }) {
      return toNoteWire(await writer.note(params.id as EventId, body.text, operator(actor)));
    },
  }),
  defineRoute({
    ...shared,
    method: 'POST',
    path: '/api/v1/acknowledge',
    summary: 'Acknowledge every event that matches, the newest first',
    body: bulkBody,
    reply: { status: 200, schema: bulkWire },
    problems: ['store_unavailable'],
    async handle({ body: { reason, limit, dryRun, ...filter }, actor }) {
      if (Object.keys(filter).length === 0)
        throw new Problem('bad_request', 'Name a filter: without one it would be every event there is.');
      const how = { limit, dryRun, ...(reason === undefined ? {} : { reason }) };
      return writer.acknowledgeMany(toWanted(filter), how, operator(actor));
    },
  }),
];
