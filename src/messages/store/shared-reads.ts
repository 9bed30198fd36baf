type ReadAll = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

interface Waiting {
  readonly id: string;
  readonly resolve: (content: string | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Contents may be large: so many at most are in one answer of the store's thread. */
const BATCH_MAX = 16;

/**
 * Asks the store once for what is wanted in one turn of the event loop: the way to its thread and back costs more than
 * the look-up itself.
 */
export class SharedReads {
  readonly #readAll: ReadAll;
  #waiting: Waiting[] = [];

  /** `readAll`: the contents under their ids, without those that are not there. */
  constructor(readAll: ReadAll) {
    this.#readAll = readAll;
  }

  read(id: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ id, resolve, reject });
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += BATCH_MAX) {
      void this.#answer(waiting.slice(from, from + BATCH_MAX));
    }
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const contents = await this.#readAll([...new Set(batch.map(({ id }) => id))]);
      for (const { id, resolve } of batch) resolve(contents.get(id));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
