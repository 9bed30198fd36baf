import type { BreakerPolicy } from '../targets/operation.ts';
import type { Outcome } from '../targets/target.ts';
import { askedForPeaceMs } from './settlement.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

const WINDOW_MS = 60_000;
/** A share of fewer attempts says nothing. */
const SHARE_OF_MIN = 20;
const DOUBLINGS_MAX = 3;
/** With these a receiver refuses this one delivery; it is there, and would take the next. */
const ABOUT_ONE_DELIVERY = new Set([400, 409, 413, 414, 415, 422, 431]);

/**
 * Stops sending to a target that does not take anything. Open: nothing is sent. Half open: one delivery is tried;
 * its success closes the breaker, its failure opens it for twice as long. One process's own: replicas find out each
 * for itself.
 */
export class Breaker {
  #policy: BreakerPolicy | undefined;
  #inRow = 0;
  #windowEndsAt = 0;
  #attempts = 0;
  #failures = 0;
  #trips = 0;
  #openUntil = 0;

  constructor(policy: BreakerPolicy | undefined) {
    this.#policy = policy;
  }

  /** Unix ms; 0 while closed. In the past: half open. */
  get openUntil(): number {
    return this.#openUntil;
  }

  state(now: number): BreakerState {
    if (this.#openUntil === 0) return 'closed';
    return now < this.#openUntil ? 'open' : 'half_open';
  }

  /** Begins anew, by that policy. */
  follow(policy: BreakerPolicy | undefined): void {
    this.#policy = policy;
    this.close();
  }

  close(): void {
    this.#inRow = 0;
    this.#trips = 0;
    this.#openUntil = 0;
    this.#windowEndsAt = 0;
  }

  /** Hears of every attempt that ended. What began before a pause was over says nothing new. */
  record(outcome: Outcome, startedAt: number, now: number): void {
    const policy = this.#policy;
    if (policy === undefined || startedAt < this.#openUntil) return;
    const hasFailed = isTargetsFailure(outcome);
    if (this.#openUntil > 0) {
      if (hasFailed) this.#trip(policy, now);
      else this.close();
      return;
    }
    this.#inRow = hasFailed ? this.#inRow + 1 : 0;
    this.#count(hasFailed, now);
    if (this.#inRow >= policy.failures || this.#isShareReached(policy)) this.#trip(policy, now);
  }

  #trip(policy: BreakerPolicy, now: number): void {
    this.#openUntil = now + policy.pauseMs * 2 ** Math.min(this.#trips, DOUBLINGS_MAX);
    this.#trips += 1;
    this.#windowEndsAt = 0;
  }

  #count(hasFailed: boolean, now: number): void {
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + WINDOW_MS;
      this.#attempts = 0;
      this.#failures = 0;
    }
    this.#attempts += 1;
    if (hasFailed) this.#failures += 1;
  }

  #isShareReached({ share }: BreakerPolicy): boolean {
    return share > 0 && this.#attempts >= SHARE_OF_MIN && this.#failures * 100 >= this.#attempts * share;
  }
}

/**
 * Whether an attempt's end says that the target takes nothing at the moment. A refusal of this one delivery does
 * not; nor does a receiver that says when to come again, which is done.
 */
export function isTargetsFailure(outcome: Outcome): boolean {
  if (outcome.kind !== 'retry' || askedForPeaceMs(outcome) !== undefined) return false;
  return outcome.status === undefined || !ABOUT_ONE_DELIVERY.has(outcome.status);
}
