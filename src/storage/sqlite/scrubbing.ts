import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';

/** After the first that asks: what is deleted at once goes at once. */
const SOON_MS = 200;
/** A log that is cut grows again, which costs commits more than one that is written over. */
const PAUSE_MS = 3_000;

/**
 * Takes deleted content out of the write-ahead log, where older states of a page stand until the log is cut to nothing:
 * soon after somebody asks, at most once in a few seconds while they go on asking, and once more after the last. A
 * reader in the way, a backup, is waited for in the same pauses. `truncate`: false when something was in the way.
 */
export class Scrubbing {
  readonly #truncate: () => Promise<boolean>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #endedAt = -Infinity;
  /** Somebody asked whom no cut that began since has served. */
  #isAsked = false;
  #isBusy = false;
  #isStopped = false;
  #cancel: (() => void) | undefined;

  constructor(truncate: () => Promise<boolean>, clock: Clock, log: Logger) {
    this.#truncate = truncate;
    this.#clock = clock;
    this.#log = log;
  }

  ask(): void {
    this.#isAsked = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#wait();
  }

  /** For when the store is closed, which cuts the log as well. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #wait(): void {
    if (this.#isStopped) return;
    const pauseMs = this.#endedAt + PAUSE_MS - this.#clock.now();
    // Bounded on both sides: a clock may be set back.
    const delayMs = Math.min(Math.max(SOON_MS, pauseMs), PAUSE_MS);
    this.#cancel = this.#clock.after(delayMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#cancel = undefined;
    this.#isAsked = false;
    try {
      if (!(await this.#truncate())) this.#isAsked = true;
    } catch (error) {
      this.#isAsked = true;
      if (this.#isStopped) return;
      this.#log.warn({ reason: errorText(error) }, 'the write-ahead log was not cut: it is tried again');
    }
    this.#endedAt = this.#clock.now();
    if (this.#isAsked) return this.#wait();
    this.#isBusy = false;
  }
}
