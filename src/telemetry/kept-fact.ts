import type { Clock } from '../kernel/clock.ts';

export interface KeptFactOptions<T> {
  readonly clock: Clock;
  readonly ask: () => Promise<T>;
  /** Not asked again before that. */
  readonly keepMs: number;
  /** Who reads does not wait longer. */
  readonly waitMs: number;
}

/**
 * Something that has to be asked for, at most now and then and one question at a time: however often metrics are read,
 * and however slow the answer is.
 */
export class KeptFact<T> {
  readonly #options: KeptFactOptions<T>;
  #askedAt: number | undefined;
  #asking: Promise<void> | undefined;
  #value: T | undefined;

  constructor(options: KeptFactOptions<T>) {
    this.#options = options;
  }

  /** Undefined when the last question failed, or was not answered in time. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Never rejects. */
  async refresh(): Promise<void> {
    const { clock, keepMs, waitMs } = this.#options;
    const isKept = this.#askedAt !== undefined && clock.now() - this.#askedAt < keepMs;
    if (isKept && this.#asking === undefined) return;
    this.#asking ??= this.#ask();
    let cancel = (): void => {};
    const late = new Promise<'late'>((resolve) => (cancel = clock.after(waitMs, () => resolve('late'))));
    if ((await Promise.race([this.#asking, late])) === 'late') this.#value = undefined;
    cancel();
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#options.clock.now();
    try {
      this.#value = await this.#options.ask();
    } catch {
      // Whoever reads sees that there is no value; who owns the thing asked for tells of its failures.
      this.#value = undefined;
    }
    this.#asking = undefined;
  }
}
