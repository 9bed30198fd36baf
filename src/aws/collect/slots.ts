/** How many calls may be under way at once; the others wait in the order of coming. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #head = 0;

  constructor(atOnce: number) {
    this.#free = Math.max(1, atOnce);
  }

  /** Resolves when it is the caller's turn; each enters once and leaves once. */
  enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#free += 1;
      this.#waiting.length = 0;
      this.#head = 0;
      return;
    }
    this.#head += 1;
    // What has been served is dropped now and then: shifting one by one costs too much with thousands in line.
    if (this.#head >= 1_024) this.#waiting.splice(0, this.#head);
    if (this.#head >= 1_024) this.#head = 0;
    next();
  }
}
