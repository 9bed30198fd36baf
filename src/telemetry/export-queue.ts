import type { Clock } from '../kernel/clock.ts';

export interface QueueOptions<Item> {
  readonly clock: Clock;
  /** Resolves when they are sent or given up; it does not reject. */
  readonly send: (items: readonly Item[]) => Promise<void>;
  /** Hears of each for which there was no room. */
  readonly dropped: () => void;
}

const WAITING_MAX = 2_048;
const BATCH_MAX = 512;
const EVERY_MS = 5_000;

/**
 * Gathers what is to be exported: a batch at a time, and what there is no room for is let go, so that a collector that
 * is slow or away costs neither time nor memory.
 */
export class ExportQueue<Item> {
  readonly #options: QueueOptions<Item>;
  #waiting: Item[] = [];
  #sending: Promise<void> | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: QueueOptions<Item>) {
    this.#options = options;
  }

  push(item: Item): void {
    if (this.#waiting.length >= WAITING_MAX) return this.#options.dropped();
    this.#waiting.push(item);
    if (this.#sending !== undefined) return;
    if (this.#waiting.length >= BATCH_MAX) this.#send();
    else this.#cancel ??= this.#options.clock.after(EVERY_MS, () => this.#send());
  }

  /** Sends all that waits. */
  async flush(): Promise<void> {
    while (this.#sending !== undefined || this.#waiting.length > 0) {
      if (this.#sending === undefined) this.#send();
      await this.#sending;
    }
  }

  /** Lets go of what waits: nothing more is sent, so that nothing more holds the process. */
  abandon(): void {
    this.#waiting = [];
    this.#cancel?.();
  }

  #send(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const batch = this.#waiting.splice(0, BATCH_MAX);
    this.#sending = this.#options.send(batch).then(() => {
      this.#sending = undefined;
      if (this.#waiting.length >= BATCH_MAX) this.#send();
      else if (this.#waiting.length > 0)
        this.#cancel ??= this.#options.clock.after(EVERY_MS, () => this.#send());
    });
  }
}
