import type { Clock } from '../kernel/clock.ts';
import type { Problem } from '../kernel/problem.ts';

interface Waiting {
  readonly rank: () => number;
  readonly enter: () => void;
  readonly refuse: (problem: Problem) => void;
}

/** So often it is whoever has waited longest: a high rank alone must not keep anybody waiting for ever. */
const ELDEST_EVERY = 4;

/**
 * Lets one in at a time: the next when the one before has left and the pause that it left is over. Of equal rank the
 * first come goes first.
 */
export class WaitingLine {
  readonly #clock: Clock;
  /** In the order of arrival. */
  #waiting: Waiting[] = [];
  #isTaken = false;
  #notBefore = 0;
  #entered = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Nobody is in, nobody waits. A pause may still go on. */
  get isEmpty(): boolean {
    return !this.#isTaken && this.#waiting.length === 0;
  }

  /**
   * Resolves when it is one's turn, and then one must `leave`; rejects with the problem with which one is refused. Of
   * those that wait the lowest rank goes first, asked for anew whenever somebody is let in.
   */
  enter(rank: () => number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rank, enter: resolve, refuse: reject });
      this.#next();
    });
  }

  /** Nobody else is let in for `pauseMs`. */
  leave(pauseMs: number): void {
    this.#isTaken = false;
    this.#notBefore = this.#clock.now() + pauseMs;
    this.#next();
  }

  /** Refuses those beyond the first `places`, the highest rank and the last come before the others. */
  keep(places: number, problem: () => Problem): void {
    while (this.#waiting.length > places) {
      const last = this.#waiting.reduce((worst, one) => (one.rank() >= worst.rank() ? one : worst));
      this.#drop(last).refuse(problem());
    }
    if (this.#waiting.length === 0) this.#cancel?.();
  }

  #next(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#isTaken || this.#waiting.length === 0) return;
    const waitMs = this.#notBefore - this.#clock.now();
    if (waitMs > 0) {
      this.#cancel = this.#clock.after(waitMs, () => this.#next());
      return;
    }
    this.#isTaken = true;
    this.#entered += 1;
    this.#drop(this.#chosen()).enter();
  }

  #chosen(): Waiting {
    const [eldest, ...others] = this.#waiting;
    if (eldest === undefined) throw new TypeError('nobody waits');
    if (this.#entered % ELDEST_EVERY === 0) return eldest;
    return others.reduce((best, one) => (one.rank() < best.rank() ? one : best), eldest);
  }

  #drop(one: Waiting): Waiting {
    this.#waiting.splice(this.#waiting.indexOf(one), 1);
    return one;
  }
}
