import type { Clock } from '../../kernel/clock.ts';
import { pause } from '../../kernel/pause.ts';

/** How the SDK judges a failed attempt. */
export interface FailedAttempt {
  readonly errorType: 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';
  readonly error?: { readonly name: string; readonly $metadata?: { readonly httpStatusCode?: number } };
}

/** How often a call was tried again; the pauses were made before it was given. */
export interface Retry {
  getRetryCount(): number;
  getRetryDelay(): number;
}

interface Patience {
  /** The first one included. */
  readonly attemptsMax: number;
  readonly firstPauseMs: number;
  readonly pauseMsMax: number;
}

export const ATTEMPTS_MAX = 9;

/** Whoever waits for a page waits for this; what AWS merely puts off comes, so that it is asked for long. */
const throttled: Patience = { attemptsMax: ATTEMPTS_MAX, firstPauseMs: 400, pauseMsMax: 8_000 };
const serverFault: Patience = { attemptsMax: 5, firstPauseMs: 100, pauseMsMax: 2_000 };
const noConnection: Patience = { attemptsMax: 4, firstPauseMs: 100, pauseMsMax: 1_000 };
/** It has cost the whole time of an attempt already. */
const timeout: Patience = { attemptsMax: 2, firstPauseMs: 100, pauseMsMax: 100 };

/**
 * When calls are tried again: as the SDK's `standard` mode, with a random pause that doubles, but with patience by what
 * was wrong and without its quota of retries. That one is of a client, and a scan that AWS slows down would use it up and
 * fail reads that only had to wait. How many are tried again at once is bounded by the gate.
 */
export class Retries {
  readonly mode = 'standard';
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #random: () => number;

  constructor(clock: Clock, signal: AbortSignal, random: () => number = Math.random) {
    this.#clock = clock;
    this.#signal = signal;
    this.#random = random;
  }

  acquireInitialRetryToken(): Promise<Retry> {
    return Promise.resolve(retry(0));
  }

  /** Rejects where there is no use in another attempt: the SDK then gives the last one's failure. */
  async refreshRetryTokenForRetry(last: Retry, failed: FailedAttempt): Promise<Retry> {
    const patience = patienceWith(failed);
    const tried = last.getRetryCount() + 1;
    if (patience === undefined || tried >= patience.attemptsMax || this.#signal.aborted)
      throw new Error('not again');
    const { firstPauseMs, pauseMsMax } = patience;
    const pauseMs = Math.min(pauseMsMax, firstPauseMs * 2 ** (tried - 1));
    await pause(this.#clock, pauseMs * (0.25 + 0.75 * this.#random()), this.#signal);
    return retry(tried);
  }

  recordSuccess(): void {}
}

const retry = (count: number): Retry => ({ getRetryCount: () => count, getRetryDelay: () => 0 });

function patienceWith({ errorType, error }: FailedAttempt): Patience | undefined {
  if (errorType === 'THROTTLING') return throttled;
  if (errorType !== 'TRANSIENT') return undefined;
  if (error?.name === 'TimeoutError') return timeout;
  return error?.$metadata?.httpStatusCode === undefined ? noConnection : serverFault;
}
