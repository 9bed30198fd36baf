import { errorText, type Logger } from '../../kernel/log.ts';
import type { Connection } from './connection.ts';

/** Characters committed between two rounds; a page of the log holds about as many as it repeats. */
const ROUND_CHARS = 1_000_000;
/**
 * Pages in the log (of 4 KiB) from which the writer itself folds in the last of them, so that the log starts over.
 * Soon: writing over a log costs an fsync of its data, making it longer one of the file system's journal too,
 * which waits for the other thread's. At 1,000 events a second the p99 of a commit is 3 ms instead of 40.
 */
const RESTART_PAGES = 1_000;
/** Of more than these the writer would feel the folding; the helper goes round again first, if that helps. */
const WRITER_PAGES_MAX = 2_000;
const HELPER_ROUNDS_MAX = 4;

/**
 * Folds the write-ahead log back into the database while commits go on. SQLite would do it inside a commit,
 * which then takes tens of milliseconds; another thread does the bulk of it here, and the writer only the last
 * few pages, now and then, because a log that is always written to never ends by itself.
 */
export class Checkpoints {
  readonly #writer: Connection;
  readonly #helper: Connection;
  readonly #log: Logger;
  #chars = 0;
  /** What is under way: it does not reject. */
  #running: Promise<void> | undefined;

  constructor(writer: Connection, helper: Connection, log: Logger) {
    this.#writer = writer;
    this.#helper = helper;
    this.#log = log;
  }

  /** Hears of every commit. */
  committed(chars: number): void {
    this.#chars += chars;
    if (this.#chars < ROUND_CHARS || this.#running !== undefined) return;
    this.#chars = 0;
    void this.#alone(() => this.#round());
  }

  /**
   * Folds all of the log back and cuts it to nothing, after a round that is under way. False when a reader was in the
   * way; then it is to be tried again. Rejects with StoreUnavailable.
   */
  async truncate(): Promise<boolean> {
    while (this.#running !== undefined) await this.#running;
    return this.#alone(async () => {
      await this.#foldBulk();
      return (await this.#writer.call({ kind: 'truncate' })).done;
    });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = work();
    const running = result.then(
      () => {},
      () => {},
    );
    this.#running = running;
    try {
      return await result;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #round(): Promise<void> {
    try {
      const pages = await this.#foldBulk();
      if (pages > RESTART_PAGES) await this.#writer.call({ kind: 'checkpoint' });
    } catch (error) {
      // The log grows meanwhile; SQLite's own limit folds it back at last.
      this.#log.warn({ reason: errorText(error) }, 'the write-ahead log was not folded back');
    }
  }

  /**
   * Pages in the log. A reader that stays long, a backup, keeps the log from being folded back: once it is gone
   * there are so many that commits add thousands while the helper works.
   */
  async #foldBulk(): Promise<number> {
    let before = 0;
    for (let round = 1; ; round++) {
      const { pages } = await this.#helper.call({ kind: 'checkpoint' });
      if (pages - before <= WRITER_PAGES_MAX || round === HELPER_ROUNDS_MAX) return pages;
      before = pages;
    }
  }
}
