/** Of the read time-out: answers that take longer than this part are near to none. */
const NEAR_TIMEOUT = 0.9;

/**
 * How many lists are asked for at once. A feed that is slow under load gets fewer: half after a time-out, and one
 * more after a refresh that left room for it.
 */
export class Parallel {
  readonly #max: number;
  readonly #readTimeoutMs: number;
  #limit: number;
  #running = 0;
  #slowestMs = 0;
  #hasTimedOut = false;
  #waiting: (() => void)[] = [];

  constructor(max: number, readTimeoutMs: number) {
    this.#max = max;
    this.#readTimeoutMs = readTimeoutMs;
    this.#limit = max;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Resolves when it is the caller's turn; each enters once and leaves once. */
  enter(): Promise<void> {
    if (this.#running < this.#limit) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(durationMs: number, isTimeout: boolean): void {
    this.#running -= 1;
    this.#slowestMs = Math.max(this.#slowestMs, durationMs);
    if (isTimeout) this.#shrink();
    while (this.#running < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      next();
    }
  }

  /** A refresh is over. One more at once makes answers at most so much slower as there are more of them. */
  settle(): void {
    const grown = this.#limit + 1;
    const expectedMs = (this.#slowestMs * grown) / this.#limit;
    const hasRoom = !this.#hasTimedOut && expectedMs <= NEAR_TIMEOUT * this.#readTimeoutMs;
    if (hasRoom && grown <= this.#max) this.#limit = grown;
    this.#slowestMs = 0;
    this.#hasTimedOut = false;
  }

  /** Once a refresh: the time-outs of one are of the same load. */
  #shrink(): void {
    if (this.#hasTimedOut) return;
    this.#hasTimedOut = true;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }
}
