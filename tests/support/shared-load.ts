interface Work {
  /** What is left of it, 1 to 0. */
  left: number;
  /** Its own share of the time all take: 1 is average. */
  readonly weight: number;
  readonly done: () => void;
}

/**
 * Work that shares one machine: each piece takes the longer, the more are under way beside it, also those that come
 * later. `msOf` says how long one takes while so many are under way.
 */
export class SharedLoad {
  readonly #msOf: (count: number) => number;
  #under: Work[] = [];
  #timer: NodeJS.Timeout | undefined;
  #since = performance.now();

  constructor(msOf: (count: number) => number) {
    this.#msOf = msOf;
  }

  get count(): number {
    return this.#under.length;
  }

  /** Resolves when the work is done; an aborted piece makes room at once and never resolves. */
  run(weight: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#advance();
      const work = { left: 1, weight, done: resolve };
      this.#under.push(work);
      signal.addEventListener('abort', () => {
        this.#advance();
        this.#under = this.#under.filter((other) => other !== work);
        this.#schedule();
      });
      this.#schedule();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** How much each has done since the last look. */
  #advance(): void {
    const now = performance.now();
    const share = (now - this.#since) / Math.max(this.#msOf(this.#under.length), Number.MIN_VALUE);
    this.#since = now;
    for (const work of this.#under) work.left -= share / work.weight;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#under.length === 0) return;
    const next = Math.min(...this.#under.map(({ left, weight }) => left * weight));
    this.#timer = setTimeout(() => this.#finish(), Math.max(0, next * this.#msOf(this.#under.length)));
  }

  #finish(): void {
    this.#advance();
    // A timer can come a fraction of a millisecond early.
    const isDone = ({ left, weight }: Work): boolean => left * weight * this.#msOf(this.count) < 0.5;
    const done = this.#under.filter(isDone);
    this.#under = this.#under.filter((work) => !done.includes(work));
    for (const work of done) work.done();
    this.#schedule();
  }
}
