import type { DeliveryId, EventId } from '../kernel/ids.ts';
import type { Outcome, RejectReason, RetryReason } from '../targets/target.ts';

/** `dead`: given up. `skipped`: not even tried. Both can be replayed. */
export const deliveryStatuses = ['pending', 'delivered', 'dead', 'skipped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Those that a bulk replay repeats: what still waits goes out by itself, and repeated it would arrive twice. */
export const replayableStatuses = [
  'delivered',
  'dead',
  'skipped',
] as const satisfies readonly DeliveryStatus[];

/** Why a delivery was not even tried. A closed set: stored and shown. */
export const skipReasons = ['target_disabled'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** One event on its way to one target. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly eventId: EventId;
  readonly target: string;
  readonly status: DeliveryStatus;
  /** Whether it is an internal alert to the admins. */
  readonly internal: boolean;
  /** The delivery that this one repeats at an operator's wish. */
  readonly replayOf: DeliveryId | undefined;
  /** The newest delivery that repeats this one. */
  readonly replayedAs: DeliveryId | undefined;
  /** The delivery that this one stands in for: that was given up, or skipped, at another target. */
  readonly fallbackOf: DeliveryId | undefined;
  /** Attempts made. */
  readonly attempts: number;
  /** Of the last attempt, when it failed; or why there was none. */
  readonly reason: RetryReason | RejectReason | SkipReason | undefined;
  /** Unix ms, as all instants here. */
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly settledAt: number | undefined;
}

/** One try, as stored. */
export interface Attempt {
  readonly deliveryId: DeliveryId;
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: Outcome['kind'];
  readonly reason: RetryReason | RejectReason | undefined;
  /** The receiver's status code. */
  readonly status: number | undefined;
  /** What the receiver said, trimmed. */
  readonly answer: string | undefined;
}
