import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import type { RateLimit } from '../targets/operation.ts';

/** What the limiters of all targets work with. */
export interface LimiterContext {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many processes work on the store, this one included. */
  readonly processes: () => number;
}

/** A counter outlives its window by this: replicas' clocks differ a little. */
const COUNTER_MARGIN_MS = 60_000;
/** A counter that takes longer counts as out of reach. */
const ANSWER_MS = 2_500;
const LOOK_AGAIN_MS = 5_000;
/** A process takes this part of a window's attempts at least, so that the counter is not asked for each of them. */
const CHUNKS_MAX = 20;
/** And this part at most: what it does not use is lost to the others. */
const CHUNKS_MIN = 4;

/**
 * A target's attempts in each window of time, counted over all replicas. A process takes permits off a shared
 * counter a few at a time and may use them within the window only, so that no window ever has more than the limit.
 * While the counter is out of reach, each process goes by its share of the limit.
 */
export class RateLimiter {
  readonly rate: RateLimit;
  readonly #name: string;
  readonly #context: LimiterContext;
  /** Which of the windows is this process's when there are fewer permits than processes. */
  readonly #turn = Math.random();
  #window = -1;
  #permits = 0;
  /** The window has no more to give. */
  #isSpent = false;
  #isAlone = false;
  #lookAgainAt = 0;
  #asking: Promise<void> | undefined;

  constructor(target: string, rate: RateLimit, context: LimiterContext) {
    this.rate = rate;
    this.#name = `rate/${target}/${rate.limit}/${rate.periodMs}`;
    this.#context = context;
  }

  /** Takes a permit for an attempt that begins now. */
  take(now: number): boolean {
    this.#enter(now);
    if (this.#permits === 0) return false;
    this.#permits -= 1;
    return true;
  }

  /** Gives back one that was not used. */
  putBack(now: number): void {
    if (this.#windowAt(now) === this.#window) this.#permits += 1;
  }

  /** Unix ms at which the next window begins when this one has nothing left; else 0. */
  spentUntil(now: number): number {
    this.#enter(now);
    return this.#isSpent && this.#permits === 0 ? (this.#window + 1) * this.rate.periodMs : 0;
  }

  /** Asks for permits, `wanted` if that can be; resolves once there is an answer, whatever it is. */
  refill(wanted: number): Promise<void> {
    this.#asking ??= this.#refill(wanted).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #refill(wanted: number): Promise<void> {
    this.#enter(this.#context.clock.now());
    if (this.#isSpent) return;
    const window = this.#window;
    const chunk = chunkOf(this.rate.limit, wanted);
    try {
      this.#grant(window, chunk, await this.#count(`${this.#name}/${window}`, chunk));
    } catch (error) {
      this.#goAlone(errorText(error));
    }
  }

  #count(key: string, by: number): Promise<number> {
    const { clock, ephemeral } = this.#context;
    const answer = ephemeral.increment(key, by, this.rate.periodMs + COUNTER_MARGIN_MS);
    return within(clock, ANSWER_MS, answer);
  }

  /** Of a window that is over by the time of the answer, the permits are let go. */
  #grant(window: number, chunk: number, sum: number): void {
    if (this.#windowAt(this.#context.clock.now()) !== window || this.#window !== window) return;
    const { limit } = this.rate;
    this.#permits += Math.min(chunk, Math.max(0, limit - (sum - chunk)));
    this.#isSpent = sum >= limit;
  }

  /** What others took of this window is not known: it is over for us. The next ones are shared out. */
  #goAlone(reason: string): void {
    const { clock, log } = this.#context;
    this.#isSpent = true;
    this.#isAlone = true;
    this.#lookAgainAt = clock.now() + LOOK_AGAIN_MS;
    log.warn(
      { reason },
      'the counter of a rate limit is out of reach: each process goes by its share of the limit meanwhile',
    );
  }

  #enter(now: number): void {
    const window = this.#windowAt(now);
    if (window === this.#window) return;
    this.#window = window;
    this.#permits = this.#isAlone ? this.#share(window) : 0;
    this.#isSpent = this.#isAlone;
    if (this.#isAlone && now >= this.#lookAgainAt) void this.#lookAgain(now);
  }

  /** Whole permits of a window; with fewer of them than processes, one in every so many windows. */
  #share(window: number): number {
    const processes = Math.max(1, this.#context.processes());
    const whole = Math.floor(this.rate.limit / processes);
    if (whole > 0) return whole;
    const every = Math.ceil(processes / this.rate.limit);
    return (window + Math.floor(this.#turn * every)) % every === 0 ? 1 : 0;
  }

  /** From the next window on the counter is asked again; this one has been shared out. */
  async #lookAgain(now: number): Promise<void> {
    this.#lookAgainAt = now + LOOK_AGAIN_MS;
    try {
      await this.#count(`${this.#name}/there`, 1);
      this.#isAlone = false;
      this.#context.log.info({}, 'the counter of a rate limit is there again');
    } catch {
      // Still out of reach, which has been told.
    }
  }

  #windowAt(now: number): number {
    return Math.floor(now / this.rate.periodMs);
  }
}

function chunkOf(limit: number, wanted: number): number {
  const least = Math.ceil(limit / CHUNKS_MAX);
  const most = Math.ceil(limit / CHUNKS_MIN);
  return Math.min(Math.max(wanted, least), most);
}

async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => reject(new Error(`no answer within ${ms} ms`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel?.();
  }
}
