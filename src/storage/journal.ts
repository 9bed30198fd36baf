import { errorText, type Logger } from '../kernel/log.ts';
import { type Meter, noMeter } from '../kernel/meter.ts';
import { type JournalMetrics, journalMetrics } from './journal-metrics.ts';
import type { Passed, Submission, Write } from './statement.ts';
import { type Store, StoreRefused, StoreUnavailable } from './store.ts';

interface Waiting {
  readonly submission: Submission;
  /** Characters of its texts. */
  readonly chars: number;
  readonly resolve: (passed: Passed) => void;
  readonly reject: (error: unknown) => void;
}

/** Submissions worth a commit of their own while the store has nothing to do. */
const ENOUGH = 16;
/** Submissions of one commit: more gain nothing on an fsync, and make those behind them wait. */
const BATCH_MAX = 512;
/** Notifications may be megabytes long: a batch of those would take seconds, or be no text that V8 can hold. */
const BATCH_CHARS_MAX = 4_000_000;
/** Beyond this the store is hopelessly behind: refusing (503) is honest, a longer queue is a longer lie. */
const WAITING_MAX = 20_000;
const WAITING_CHARS_MAX = 256_000_000;

/**
 * Groups commits: whatever arrives while a commit is in flight goes into the next one, so that one fsync
 * serves many. It knows no table. A submission's promise resolves only when it is durable.
 */
export class Journal {
  readonly #store: Pick<Store, 'commit' | 'commitsMax'>;
  readonly #log: Logger;
  readonly #metrics: JournalMetrics;
  #waiting: Waiting[] = [];
  #waitingChars = 0;
  #inFlight = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(store: Pick<Store, 'commit' | 'commitsMax'>, log: Logger, meter: Meter = noMeter) {
    this.#store = store;
    this.#log = log;
    this.#metrics = journalMetrics(meter, () => this.#waiting.length);
  }

  /** Rejects with StoreUnavailable (try later) or StoreRefused (a fault in the submission). */
  submit(submission: Submission): Promise<Passed> {
    const chars = charsOf(submission);
    const isFull = this.#waiting.length >= WAITING_MAX || this.#waitingChars + chars > WAITING_CHARS_MAX;
    if (isFull) {
      this.#metrics.full();
      return Promise.reject(new StoreUnavailable('too many writes are waiting for the store'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ submission, chars, resolve, reject });
      this.#waitingChars += chars;
      this.#schedule();
    });
  }

  /** Submissions that wait for a commit: what is not urgent had better wait as well. */
  get backlog(): number {
    return this.#waiting.length;
  }

  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void> {
    if (this.#waiting.length === 0 && this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /**
   * Once per turn of the event loop, or as soon as there is enough: clients that were answered together come
   * back together, and the thread that writes must not wait until the last of them was read.
   */
  #schedule(): void {
    if (this.#inFlight >= this.#store.commitsMax) return;
    if (this.#waiting.length >= ENOUGH) this.#flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#store.commitsMax) {
      const batch = this.#nextBatch();
      this.#inFlight += 1;
      void this.#commit(batch).finally(() => this.#settled());
    }
  }

  /** As many as belong into one commit, and one at least, taken off those that wait. */
  #nextBatch(): Waiting[] {
    let count = 0;
    let chars = 0;
    for (const waiting of this.#waiting) {
      if (count >= BATCH_MAX || (count > 0 && chars + waiting.chars > BATCH_CHARS_MAX)) break;
      count += 1;
      chars += waiting.chars;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#waitingChars -= chars;
    return batch;
  }

  #settled(): void {
    this.#inFlight -= 1;
    this.#flush();
    if (this.#inFlight > 0 || this.#waiting.length > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const startedAt = performance.now();
      const passed = await this.#store.commit(batch.map((waiting) => waiting.submission));
      this.#metrics.committed(batch.length, performance.now() - startedAt);
      for (const [index, waiting] of batch.entries()) waiting.resolve(passed[index] ?? []);
    } catch (error) {
      await this.#recover(batch, error);
    }
  }

  /** One submission that the store refuses must not take the others of its commit down with it. */
  async #recover(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || !(error instanceof StoreRefused)) {
      this.#metrics.failed(error instanceof StoreRefused ? 'refused' : 'unavailable');
      this.#log.error({ submissions: batch.length, reason: errorText(error) }, 'commit failed');
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    for (const waiting of batch) await this.#commit([waiting]);
  }
}

function charsOf(submission: Submission): number {
  let chars = 0;
  const add = ({ row }: Write): void => {
    for (const value of row) if (typeof value === 'string') chars += value.length;
  };
  for (const { guard, writes } of submission) {
    if (guard !== undefined) add(guard);
    for (const write of writes) add(write);
  }
  return chars;
}
