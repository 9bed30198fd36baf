import { newDeliveryId } from '../kernel/ids.ts';
import type { Group, Write } from '../storage/statement.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { DeliveryStatus } from './delivery.ts';
import { settlement } from './settlement.ts';
import { deliveryStatements } from './statements.ts';
import { attemptRow, markedRow } from './store.ts';
import type { Ended } from './work.ts';

const ANSWER_CHARS_MAX = 1_000;

/** Who gets what is given up at a target. */
export interface StandIn {
  readonly target: string;
  readonly isDisabled: boolean;
}

export interface OutcomeGroup {
  readonly group: Group;
  /** What becomes of the delivery. */
  readonly status: DeliveryStatus;
  /** Why the delivery is a dead letter now; undefined when it is none. */
  readonly deadFor: string | undefined;
}

/**
 * What is written after an attempt: its end, its row, and for a dead letter the delivery to the stand-in. That one
 * is behind a guard, because the group is submitted again when it is not known whether a commit went through.
 */
export function outcomeGroup(
  ended: Ended,
  target: OpenTarget,
  standIn: StandIn | undefined,
  now: number,
): OutcomeGroup {
  const { work, outcome } = ended;
  const number = work.attempts + 1;
  const { status, reason, nextAttemptAt } = settlement(outcome, target, number, now);
  const settledAt = status === 'pending' ? null : now;
  const row = [work.deliveryId, status, number, reason ?? null, nextAttemptAt, settledAt];
  const attempt = attemptWrite(ended, number);
  const deadFor = status === 'dead' ? (reason ?? 'unknown') : undefined;
  if (status !== 'dead' || standIn === undefined) {
    return {
      group: { writes: [{ statement: deliveryStatements.settle.name, row }, attempt] },
      status,
      deadFor,
    };
  }
  return {
    group: {
      guard: { statement: deliveryStatements.settleOnce.name, row },
      writes: [attempt, fallbackWrite(ended, standIn, now)],
      otherwise: [attempt],
    },
    status,
    deadFor,
  };
}

function attemptWrite({ work, startedAt, durationMs, outcome }: Ended, number: number): Write {
  return {
    statement: deliveryStatements.insertAttempt.name,
    row: attemptRow({
      deliveryId: work.deliveryId,
      number,
      startedAt,
      durationMs,
      outcome: outcome.kind,
      reason: outcome.kind === 'delivered' ? undefined : outcome.reason,
      status: outcome.status,
      answer: outcome.answer?.slice(0, ANSWER_CHARS_MAX),
    }),
  };
}

/** Without a lease: it is not known yet whether it is written, so whoever looks next takes it up. */
function fallbackWrite({ work }: Ended, { target, isDisabled }: StandIn, now: number): Write {
  const delivery = {
    id: newDeliveryId(now),
    eventId: work.event.id,
    target,
    internal: work.internal,
    replayOf: undefined,
    createdAt: now,
  };
  const mark = {
    status: isDisabled ? 'skipped' : 'pending',
    reason: isDisabled ? 'target_disabled' : undefined,
    fallbackOf: work.deliveryId,
  } as const;
  return {
    statement: deliveryStatements.insertFallback.name,
    row: markedRow(delivery, undefined, mark),
  };
}
