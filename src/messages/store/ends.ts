interface End {
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
}

/** Below this it is not worth the while. */
const TIDY_MIN = 1_024;

/**
 * Ids in the order of their ends: a heap. What was taken back before its end stays until it comes to the top, or until
 * such are more than half: so neither adding nor taking back ever looks at all of them but seldom.
 */
export class Ends {
  readonly #live = new Map<string, number>();
  #heap: End[] = [];

  add(id: string, at: number): void {
    this.#live.set(id, at);
    this.#push({ id, at });
  }

  takeBack(id: string): void {
    if (!this.#live.delete(id)) return;
    if (this.#heap.length < TIDY_MIN || this.#heap.length < 2 * this.#live.size) return;
    // What is in order is a heap.
    this.#heap = [...this.#live].map(([each, at]) => ({ id: each, at })).sort((a, b) => a.at - b.at);
  }

  /** The id that ended first, when it has by `now`; it stays until it is taken back. */
  ended(now: number): string | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.at > now) return undefined;
      if (this.#live.get(first.id) === first.at) return first.id;
      this.#pop();
    }
  }

  #push(end: End): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = heap[parentPlace];
      if (parent === undefined || parent.at <= end.at) break;
      heap[place] = parent;
      place = parentPlace;
    }
    heap[place] = end;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let childPlace = 2 * place + 1;
      const right = heap[childPlace + 1];
      const left = heap[childPlace];
      if (left !== undefined && right !== undefined && right.at < left.at) childPlace += 1;
      const child = heap[childPlace];
      if (child === undefined || child.at >= last.at) break;
      heap[place] = child;
      place = childPlace;
    }
    heap[place] = last;
  }
}
