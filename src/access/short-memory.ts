import type { Clock } from '../kernel/clock.ts';

interface Entry<Value> {
  readonly value: Value;
  /** Unix ms. */
  readonly endsAt: number;
}

/** What was looked up a moment ago, for so long and so many; the oldest makes room. */
export class ShortMemory<Value> {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #entriesMax: number;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(clock: Clock, lifeMs: number, entriesMax: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.#entriesMax = entriesMax;
  }

  /** What is remembered under the key, else what `find` finds; nothing found is not remembered. */
  async recall(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const now = this.#clock.now();
    const known = this.#entries.get(key);
    if (known !== undefined && known.endsAt > now) return known.value;
    const value = await find();
    // From before it was asked: by then it may have changed already.
    if (value !== undefined) this.#put(key, { value, endsAt: now + this.#lifeMs });
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }

  #put(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#entriesMax) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, entry);
  }
}
