import { Type } from 'typebox';
import { DELIVERY_ID_PATTERN, EVENT_ID_PATTERN } from '../kernel/ids.ts';
import { oneOf, type Static } from '../kernel/schema.ts';
import { type Attempt, type Delivery, deliveryStatuses } from './delivery.ts';

const instant = () => Type.String({ format: 'date-time' });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** One event on its way to one target. Times are RFC 3339, UTC. */
export const deliveryWire = Type.Object({
  id: Type.String({ pattern: DELIVERY_ID_PATTERN }),
  event: Type.String({ pattern: EVENT_ID_PATTERN }),
  target: Type.String(),
  status: oneOf(deliveryStatuses),
  internal: Type.Boolean(),
  replayOf: nullable(Type.String()),
  replayedAs: nullable(Type.String()),
  attempts: Type.Integer(),
  reason: nullable(Type.String({ description: 'Why the last attempt failed.' })),
  createdAt: instant(),
  nextAttemptAt: nullable(instant()),
  settledAt: nullable(instant()),
});

export const attemptWire = Type.Object({
  number: Type.Integer(),
  startedAt: instant(),
  durationMs: Type.Integer(),
  outcome: oneOf(['delivered', 'retry', 'rejected']),
  reason: nullable(Type.String()),
  status: nullable(Type.Integer({ description: "The receiver's status code." })),
  answer: nullable(Type.String({ description: 'What the receiver said, trimmed.' })),
});

export const deliveryWithAttemptsWire = Type.Object({
  ...deliveryWire.properties,
  attemptLog: Type.Array(attemptWire),
});

const time = (ms: number): string => new Date(ms).toISOString();

export function toDeliveryWire(delivery: Delivery): Static<typeof deliveryWire> {
  return {
    id: delivery.id,
    event: delivery.eventId,
    target: delivery.target,
    status: delivery.status,
    internal: delivery.internal,
    replayOf: delivery.replayOf ?? null,
    replayedAs: delivery.replayedAs ?? null,
    attempts: delivery.attempts,
    reason: delivery.reason ?? null,
    createdAt: time(delivery.createdAt),
    nextAttemptAt: delivery.status === 'pending' ? time(delivery.nextAttemptAt) : null,
    settledAt: delivery.settledAt === undefined ? null : time(delivery.settledAt),
  };
}

export function toAttemptWire(attempt: Attempt): Static<typeof attemptWire> {
  return {
    number: attempt.number,
    startedAt: time(attempt.startedAt),
    durationMs: attempt.durationMs,
    outcome: attempt.outcome,
    reason: attempt.reason ?? null,
    status: attempt.status ?? null,
    answer: attempt.answer ?? null,
  };
}

export function withAttempts(
  delivery: Delivery,
  attempts: readonly Attempt[],
): Static<typeof deliveryWithAttemptsWire> {
  const own = attempts.filter((attempt) => attempt.deliveryId === delivery.id);
  return { ...toDeliveryWire(delivery), attemptLog: own.map(toAttemptWire) };
}
