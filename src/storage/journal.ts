import { errorText, type Logger } from '../kernel/log.ts';
import type { Passed, Submission } from './statement.ts';
import { type Store, StoreRefused, StoreUnavailable } from './store.ts';

interface Waiting {
  readonly submission: Submission;
  readonly resolve: (passed: Passed) => void;
  readonly reject: (error: unknown) => void;
}

/** Submissions of one commit: more gain nothing on an fsync, and make those behind them wait. */
const BATCH_MAX = 512;
/** Beyond this the store is hopelessly behind: refusing (503) is honest, a longer queue is a longer lie. */
const WAITING_MAX = 20_000;

/**
 * Groups commits: whatever arrives while a commit is in flight goes into the next one, so that one fsync
 * serves many. It knows no table. A submission's promise resolves only when it is durable.
 */
export class Journal {
  readonly #store: Store;
  readonly #log: Logger;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Rejects with StoreUnavailable (try later) or StoreRefused (a fault in the submission). */
  submit(submission: Submission): Promise<Passed> {
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(new StoreUnavailable('too many writes are waiting for the store'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ submission, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void> {
    if (this.#waiting.length === 0 && this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Once per turn of the event loop: all that this turn brings shares the commit. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#store.commitsMax) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#store.commitsMax) {
      const batch = this.#waiting.length <= BATCH_MAX ? this.#waiting : this.#waiting.slice(0, BATCH_MAX);
      this.#waiting = batch === this.#waiting ? [] : this.#waiting.slice(BATCH_MAX);
      this.#inFlight += 1;
      void this.#commit(batch).finally(() => this.#settled());
    }
  }

  #settled(): void {
    this.#inFlight -= 1;
    this.#flush();
    if (this.#inFlight > 0 || this.#waiting.length > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const passed = await this.#store.commit(batch.map((waiting) => waiting.submission));
      for (const [index, waiting] of batch.entries()) waiting.resolve(passed[index] ?? []);
    } catch (error) {
      await this.#recover(batch, error);
    }
  }

  /** One submission that the store refuses must not take the others of its commit down with it. */
  async #recover(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || !(error instanceof StoreRefused)) {
      this.#log.error({ submissions: batch.length, reason: errorText(error) }, 'commit failed');
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    for (const waiting of batch) await this.#commit([waiting]);
  }
}
