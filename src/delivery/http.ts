import { Type } from 'typebox';
import { periodQuery, toPeriod } from '../kernel/period.ts';
import type { NoteStore } from '../events/notes/store.ts';
import type { EventStore } from '../events/store.ts';
import { eventWire, toEventWire } from '../events/wire.ts';
import { DELIVERY_ID_PATTERN, type DeliveryId, EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';
import { pageOf, pageQuery, toPage } from '../kernel/paging.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, operator, type Route } from '../kernel/route.ts';
import { idText, oneOf } from '../kernel/schema.ts';
import { deliveryStatuses, replayableStatuses } from './delivery.ts';
import type { BulkReplay, Replay } from './replay.ts';
import type { DeliveryFilter, DeliveryStore } from './store.ts';
import { deliveryWire, deliveryWithAttemptsWire, type HoldOf, toDeliveryWire, withAttempts } from './wire.ts';

/** Deliveries shown with one event; an event replayed more often is listed by `/api/v1/deliveries?event=`. */
const DELIVERIES_SHOWN_MAX = 500;
const REPLAYS_MAX = 10_000;

const eventParams = Type.Object({ id: Type.String({ pattern: EVENT_ID_PATTERN }) });
const deliveryParams = Type.Object({ id: Type.String({ pattern: DELIVERY_ID_PATTERN }) });
const eventWithDeliveries = Type.Object({
  ...eventWire.properties,
  deliveries: Type.Array(deliveryWithAttemptsWire),
});
const filterProperties = {
  ...periodQuery,
  target: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(oneOf(deliveryStatuses)),
  event: Type.Optional(Type.String({ pattern: EVENT_ID_PATTERN })),
};
const replayedWire = Type.Object({
  deliveries: Type.Array(Type.String(), { description: 'The new deliveries.' }),
});
const bulkBody = Type.Object(
  {
    ...filterProperties,
    status: oneOf(replayableStatuses, { default: 'dead' }),
    limit: Type.Integer({ minimum: 1, maximum: REPLAYS_MAX, default: REPLAYS_MAX }),
    dryRun: Type.Boolean({ default: false, description: 'Only count.' }),
  },
  { additionalProperties: false },
);
const bulkWire = Type.Object({
  matched: Type.Integer({
    description: 'Deliveries that the filter matched and that were not replayed yet.',
  }),
  replayed: Type.Integer({
    description:
      'New deliveries. Fewer than matched: past the limit, past retention, or their target is gone or disabled.',
  }),
});

interface Options {
  readonly events: EventStore;
  readonly notes: NoteStore;
  readonly deliveries: DeliveryStore;
  readonly replay: Replay;
  readonly holdOf: HoldOf;
}

export const deliveryRoutes = (options: Options): Route[] => [
  oneEvent(options),
  listDeliveries(options),
  oneDelivery(options),
  ...replayRoutes(options),
];

const oneEvent = ({ events, notes, deliveries, holdOf }: Options): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/events/{id}',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Events',
    summary: 'One event: the rules that took it, its deliveries, each attempt, what operators said of it',
    params: eventParams,
    reply: { status: 200, schema: eventWithDeliveries },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params }) {
      const id = params.id as EventId;
      const event = await events.get(id);
      if (event === undefined) throw new Problem('not_found', 'There is no event with this id.');
      const own = await deliveries.list({ event: id }, DELIVERIES_SHOWN_MAX);
      const attempts = await deliveries.attempts(own.map((delivery) => delivery.id));
      return {
        ...toEventWire(event, {
          acknowledgement: await notes.acknowledgement(id),
          notes: await notes.notes(id),
        }),
        deliveries: own.map((delivery) => withAttempts(delivery, attempts, holdOf)),
      };
    },
  });

const listDeliveries = ({ deliveries, holdOf }: Options): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/deliveries',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Deliveries',
    summary: 'Deliveries, newest first',
    query: Type.Object({ ...pageQuery(DELIVERY_ID_PATTERN), ...filterProperties }),
    reply: { status: 200, schema: pageOf(deliveryWire) },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      const rows = await deliveries.list(toFilter(filter), limit + 1, cursor as DeliveryId | undefined);
      return toPage(rows, limit, (delivery) => toDeliveryWire(delivery, holdOf));
    },
  });

const oneDelivery = ({ deliveries, holdOf }: Options): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/deliveries/{id}',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Deliveries',
    summary: 'One delivery with each attempt',
    params: deliveryParams,
    reply: { status: 200, schema: deliveryWithAttemptsWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params }) {
      const delivery = await deliveries.get(params.id as DeliveryId);
      if (delivery === undefined) throw new Problem('not_found', 'There is no delivery with this id.');
      return withAttempts(delivery, await deliveries.attempts([delivery.id]), holdOf);
    },
  });

const replayRoutes = ({ replay }: Options): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/api/v1/deliveries/{id}/replay',
    access: { kind: 'operator', scope: 'operate' },
    tag: 'Deliveries',
    summary: 'Send a delivery again, as a new one',
    params: deliveryParams,
    reply: { status: 202, schema: replayedWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params, actor }) {
      return { deliveries: [await replay.delivery(params.id as DeliveryId, operator(actor))] };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/events/{id}/replay',
    access: { kind: 'operator', scope: 'operate' },
    tag: 'Events',
    summary: 'Send an event again: to the named targets, or to those it went to',
    params: eventParams,
    body: Type.Object(
      {
        targets: Type.Optional(
          Type.Array(idText('The id of a target.'), { minItems: 1, maxItems: 100, uniqueItems: true }),
        ),
      },
      { additionalProperties: false },
    ),
    reply: { status: 202, schema: replayedWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params, body, actor }) {
      return { deliveries: await replay.event(params.id as EventId, body.targets, operator(actor)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/replay',
    access: { kind: 'operator', scope: 'operate' },
    tag: 'Deliveries',
    summary: 'Send again every delivery that matches and was not replayed yet',
    body: bulkBody,
    reply: { status: 202, schema: bulkWire },
    problems: ['store_unavailable'],
    async handle({ body: { limit, dryRun, ...filter }, actor }): Promise<BulkReplay> {
      if (dryRun) return { matched: await replay.count(toFilter(filter)), replayed: 0 };
      return replay.many(toFilter(filter), limit, operator(actor));
    },
  }),
];

interface Filter {
  readonly since?: string;
  readonly until?: string;
  readonly target?: string;
  readonly status?: (typeof deliveryStatuses)[number];
  readonly event?: string;
}

function toFilter({ since, until, event, ...same }: Filter): DeliveryFilter {
  return {
    ...same,
    ...toPeriod({ since, until }),
    ...(event === undefined ? {} : { event: event as EventId }),
  };
}
