import type { TocsinEvent } from '../events/event.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';

/** A leased delivery waiting in memory for its attempt. */
export interface Work {
  readonly deliveryId: DeliveryId;
  readonly event: TocsinEvent;
  readonly internal: boolean;
  /** Attempts made before. */
  readonly attempts: number;
  /** Unix ms; an attempt that might outlast it is not begun. */
  readonly leaseUntil: number;
}

/** How one attempt ended, for the engine to write down. */
export interface Ended {
  readonly work: Work;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** One attempt. Resolves with its outcome, whatever happens. */
export async function send(target: OpenTarget, work: Work, signal: AbortSignal): Promise<Outcome> {
  const job = {
    deliveryId: work.deliveryId,
    attempt: work.attempts + 1,
    event: work.event,
    internal: work.internal,
  };
  try {
    return await target.send(job, signal);
  } catch (error) {
    // Kinds answer with a value for everything that the network does; a throw is a bug of the kind.
    return {
      kind: 'retry',
      reason: 'fault',
      answer: error instanceof Error ? error.name : 'a target threw',
    };
  }
}
