import { Type } from 'typebox';
import { DELIVERY_ID_PATTERN, EVENT_ID_PATTERN } from '../kernel/ids.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../kernel/schema.ts';
import { type Attempt, type Delivery, deliveryStatuses } from './delivery.ts';
import type { Hold } from './target-standing.ts';
import { holdWire, toHoldWire } from './targets-wire.ts';

/** One event on its way to one target. Times are RFC 3339, UTC. */
export const deliveryWire = Type.Object({
  id: Type.String({ pattern: DELIVERY_ID_PATTERN }),
  event: Type.String({ pattern: EVENT_ID_PATTERN }),
  target: Type.String(),
  status: oneOf(deliveryStatuses),
  internal: Type.Boolean(),
  replayOf: nullable(Type.String()),
  replayedAs: nullable(Type.String()),
  fallbackOf: nullable(
    Type.String({ description: 'The delivery to another target that this one stands in for.' }),
  ),
  attempts: Type.Integer(),
  reason: nullable(
    Type.String({
      description: 'Why the last attempt failed; or why none was made: `target_disabled`.',
    }),
  ),
  held: Type.Union([holdWire, Type.Null()], {
    description: 'Why a pending one waits, as the replica asked knows it; null when only for its time.',
  }),
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

/** Why nothing is sent to a target now. */
export type HoldOf = (target: string) => Hold | undefined;

export function toDeliveryWire(delivery: Delivery, holdOf: HoldOf): Static<typeof deliveryWire> {
  return {
    id: delivery.id,
    event: delivery.eventId,
    target: delivery.target,
    status: delivery.status,
    internal: delivery.internal,
    replayOf: delivery.replayOf ?? null,
    replayedAs: delivery.replayedAs ?? null,
    fallbackOf: delivery.fallbackOf ?? null,
    attempts: delivery.attempts,
    reason: delivery.reason ?? null,
    held: delivery.status === 'pending' ? toHoldWire(holdOf(delivery.target)) : null,
    createdAt: toInstant(delivery.createdAt),
    nextAttemptAt: delivery.status === 'pending' ? toInstant(delivery.nextAttemptAt) : null,
    settledAt: toInstantOrNull(delivery.settledAt),
  };
}

export function toAttemptWire(attempt: Attempt): Static<typeof attemptWire> {
  return {
    number: attempt.number,
    startedAt: toInstant(attempt.startedAt),
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
  holdOf: HoldOf,
): Static<typeof deliveryWithAttemptsWire> {
  const own = attempts.filter((attempt) => attempt.deliveryId === delivery.id);
  return { ...toDeliveryWire(delivery, holdOf), attemptLog: own.map(toAttemptWire) };
}
