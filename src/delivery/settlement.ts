import { nextDelayMs } from '../kernel/backoff.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';
import type { Delivery } from './delivery.ts';

/** A receiver that asks for more gets a dead letter, which can be replayed, rather than a try too soon. */
export const RETRY_AFTER_MS_MAX = 7 * 86_400_000;

export interface Settlement {
  readonly status: 'pending' | 'delivered' | 'dead';
  readonly reason: Delivery['reason'];
  readonly nextAttemptAt: number;
}

/** What an outcome makes of the delivery. `attempts` includes this one. */
export function settlement(
  outcome: Outcome,
  target: Pick<OpenTarget, 'retry'>,
  attempts: number,
  now: number,
  random?: () => number,
): Settlement {
  if (outcome.kind === 'delivered') return { status: 'delivered', reason: undefined, nextAttemptAt: now };
  if (outcome.kind === 'rejected') return { status: 'dead', reason: outcome.reason, nextAttemptAt: now };
  if ((outcome.retryAfterMs ?? 0) > RETRY_AFTER_MS_MAX) {
    return { status: 'dead', reason: 'retry_after_too_long', nextAttemptAt: now };
  }
  const delay = nextDelayMs(target.retry, attempts, outcome.retryAfterMs, random);
  return delay === undefined
    ? { status: 'dead', reason: 'attempts_exhausted', nextAttemptAt: now }
    : { status: 'pending', reason: outcome.reason, nextAttemptAt: now + delay };
}

/** For how long the receiver asked to be left in peace, as far as that is heeded; undefined when it did not. */
export function askedForPeaceMs(outcome: Outcome): number | undefined {
  if (outcome.kind !== 'retry' || outcome.retryAfterMs === undefined) return undefined;
  return outcome.retryAfterMs > RETRY_AFTER_MS_MAX ? undefined : outcome.retryAfterMs;
}
