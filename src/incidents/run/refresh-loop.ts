import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { Leadership } from '../../storage/store.ts';
import type { FileFeed, PolledFeed } from '../feeds/feed.ts';

export interface RefreshLoopOptions {
  readonly feed: PolledFeed | FileFeed;
  /**
   * Rejects only for what the next one may not have. `leads` asks once more whether this process still does, and rejects
   * with StoreUnavailable while nobody can say: a refresh takes long.
   */
  readonly refresh: (leads: () => Promise<boolean>) => Promise<void>;
  /** This process leads now, and asks for the first time when that resolves. */
  readonly gained: () => Promise<void>;
  /** Another one does: what is known here may be behind. */
  readonly lost: () => void;
  /** Undefined where one process has the database to itself. */
  readonly leadership: Leadership | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** However long a refresh took, the process gets its breath. */
const PAUSE_MS_MIN = 50;

/** Refreshes one feed again and again, the first time at once, never two at once: in one process of all. */
export class RefreshLoop {
  readonly #options: RefreshLoopOptions;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;
  #isLeading = false;
  /** Another with each start and stop: whatever is of an earlier one goes on with nothing. */
  #turn = 0;

  constructor(options: RefreshLoopOptions) {
    this.#options = options;
  }

  get feed(): PolledFeed | FileFeed {
    return this.#options.feed;
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    const turn = ++this.#turn;
    // One that was stopped in the middle of a refresh ends it first.
    void this.ended().then(() => this.#run(turn));
  }

  stop(): void {
    this.#stopped = true;
    this.#turn += 1;
    this.#isLeading = false;
    this.#cancel?.();
  }

  /** Resolves when no refresh is under way. */
  async ended(): Promise<void> {
    await this.#running;
  }

  #run(turn: number): void {
    if (turn !== this.#turn) return;
    const startedAt = performance.now();
    this.#running = this.#once(turn).finally(() => {
      if (turn !== this.#turn) return;
      const { clock, feed } = this.#options;
      // Of the monotonic clock: a time set back must not keep a feed from being asked.
      const delayMs = Math.max(PAUSE_MS_MIN, feed.everyMs - (performance.now() - startedAt));
      this.#cancel = clock.after(delayMs, () => this.#run(turn));
    });
  }

  async #once(turn: number): Promise<void> {
    const { refresh, feed, log } = this.#options;
    try {
      await this.#lead(turn);
      if (this.#isLeading) await refresh(() => this.#leads(turn));
    } catch (error) {
      log.warn({ 'tocsin.feed.id': feed.id, reason: errorText(error) }, 'a refresh came to nothing');
    }
  }

  /** Who led before the database went away goes on asking: its own clients are still answered. */
  async #lead(turn: number): Promise<void> {
    const { feed, log } = this.#options;
    try {
      await this.#leads(turn);
    } catch (error) {
      log.debug({ 'tocsin.feed.id': feed.id, reason: errorText(error) }, 'who leads is not known now');
    }
  }

  async #leads(turn: number): Promise<boolean> {
    const { leadership, feed } = this.#options;
    const leads = leadership === undefined || (await leadership.leads(`feed/${feed.id}`));
    const led = this.#isLeading;
    if (leads && !led && leadership !== undefined) await this.#options.gained();
    // Stopped meanwhile: it leads in nothing.
    if (turn !== this.#turn) return false;
    this.#isLeading = leads;
    if (led && !leads) this.#options.lost();
    return leads;
  }
}
