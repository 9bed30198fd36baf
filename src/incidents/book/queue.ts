/**
 * Things in the order in which they were added, each once, of which the first ones are looked at again and again and
 * removed. A Set alone would do, but walks at each look across all that was removed from its beginning.
 */
export class Queue<T> {
  readonly #all = new Set<T>();
  /** Looked at before, and perhaps not removed since. */
  #ahead: readonly T[] = [];
  /** Goes on behind them. Only while there may be more: it holds on to what the Set has outgrown. */
  #rest: SetIterator<T> | undefined;

  get size(): number {
    return this.#all.size;
  }

  has(one: T): boolean {
    return this.#all.has(one);
  }

  put(one: T, isIn: boolean): void {
    if (isIn) this.#all.add(one);
    else this.#all.delete(one);
  }

  first(limit: number): readonly T[] {
    const found = new Set(this.#ahead.filter((one) => this.#all.has(one)));
    while (found.size < limit) {
      // From the beginning only when all that was there had been found: what is found already is passed over.
      this.#rest ??= this.#all.values();
      const next = this.#rest.next();
      if (next.done === true) {
        this.#rest = undefined;
        break;
      }
      found.add(next.value);
    }
    this.#ahead = [...found];
    return this.#ahead.slice(0, Math.max(0, limit));
  }
}
