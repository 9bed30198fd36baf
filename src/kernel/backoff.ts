/** When to try again: exponential, capped, with jitter, a fixed number of attempts. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attemptsMax: number;
  readonly firstDelayMs: number;
  readonly factor: number;
  readonly delayMsMax: number;
  /** Share of the delay that is drawn at random, 0 to 1: 0.2 spreads a 60 s delay over 48 s to 72 s. */
  readonly jitter: number;
}

/** Twelve attempts over about a day: 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, then every 6 h. */
export const defaultRetryPolicy: RetryPolicy = {
  attemptsMax: 12,
  firstDelayMs: 5_000,
  factor: 3,
  delayMsMax: 6 * 3_600_000,
  jitter: 0.2,
};

/**
 * The delay before the next attempt, in ms, or undefined when `attempts` used up the policy.
 * `retryAfterMs` (what the receiver asked for) is a floor: jitter spreads upwards from it, never below.
 */
export function nextDelayMs(
  policy: RetryPolicy,
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= policy.attemptsMax) return undefined;
  const plain = Math.min(policy.delayMsMax, policy.firstDelayMs * policy.factor ** Math.max(0, attempts - 1));
  const spread = plain * (1 + policy.jitter * (2 * random() - 1));
  if (retryAfterMs === undefined) return Math.round(spread);
  const floor = retryAfterMs * (1 + policy.jitter * 0.5 * random());
  return Math.ceil(Math.max(spread, floor, retryAfterMs));
}
