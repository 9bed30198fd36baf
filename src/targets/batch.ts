import type { Clock } from '../kernel/clock.ts';
import type { Outcome } from './target.ts';

export interface BatchOptions<T> {
  /** Records that can be under way at once: when all are here, nobody else is worth waiting for. */
  readonly recordsMax: number;
  readonly bytesMax: number;
  /** For so long the first record waits for others. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Writes the records as one; the outcome is that of each. `signal` aborts when nobody waits for it any more. */
  write(records: readonly T[], signal: AbortSignal): Promise<Outcome>;
}

interface Entry<T> {
  readonly record: T;
  readonly bytes: number;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: unknown) => void;
  /** The write that it is in, once there is one. */
  write?: Write;
}

interface Write {
  readonly abort: AbortController;
  /** Who still waits for it. */
  left: number;
}

/** Gathers records that are sent at about the same time. Each is settled with the write that it was in, not before. */
export class Batch<T> {
  readonly #options: BatchOptions<T>;
  #waiting: Entry<T>[] = [];
  #bytes = 0;
  #writing = 0;
  #cancelWait: (() => void) | undefined;

  constructor(options: BatchOptions<T>) {
    this.#options = options;
  }

  /** Resolves with the outcome of the write; with a time-out as soon as the signal aborts. */
  async add(record: T, bytes: number, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return { kind: 'retry', reason: 'timeout' };
    if (this.#bytes + bytes > this.#options.bytesMax) this.#flush();
    let leave = (): void => {};
    try {
      return await new Promise((settle, fail) => {
        const entry: Entry<T> = { record, bytes, settle, fail };
        leave = () => this.#leave(entry);
        signal.addEventListener('abort', leave, { once: true });
        this.#take(entry);
      });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #take(entry: Entry<T>): void {
    this.#waiting.push(entry);
    this.#bytes += entry.bytes;
    const { recordsMax, bytesMax, waitMs, clock } = this.#options;
    if (this.#waiting.length + this.#writing >= recordsMax || this.#bytes >= bytesMax) return this.#flush();
    this.#cancelWait ??= clock.after(waitMs, () => this.#flush());
  }

  /** A write that is under way goes on for the sake of the others, if there are any. */
  #leave(entry: Entry<T>): void {
    const { write } = entry;
    if (write === undefined) {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      this.#bytes -= entry.bytes;
    } else {
      write.left -= 1;
      if (write.left === 0) write.abort.abort();
    }
    entry.settle({ kind: 'retry', reason: 'timeout' });
  }

  #flush(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (entries.length > 0) void this.#write(entries);
  }

  async #write(entries: readonly Entry<T>[]): Promise<void> {
    const write: Write = { abort: new AbortController(), left: entries.length };
    for (const entry of entries) entry.write = write;
    this.#writing += entries.length;
    const records = entries.map(({ record }) => record);
    try {
      const outcome = await this.#options.write(records, write.abort.signal);
      for (const { settle } of entries) settle(outcome);
    } catch (error) {
      // A bug of the writer is told to everybody who waits for it.
      for (const { fail } of entries) fail(error);
    } finally {
      this.#writing -= entries.length;
    }
  }
}
