import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import { type FeedReport, reportOf } from '../report.ts';
import type { Publisher } from './publisher.ts';
import type { IncidentReader } from '../store/port.ts';
import type { IncidentThread } from '../thread/incident-thread.ts';

export interface FollowerOptions {
  readonly feeds: readonly AnyFeed[];
  readonly reader: IncidentReader;
  readonly thread: () => Pick<IncidentThread, 'call'>;
  readonly publisher: Publisher;
  /** Whether this process asks the feed itself: then it knows better than the store. */
  readonly isLed: (feed: string) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 1_000;

/** Takes over what other processes have stored of feeds that this one does not ask. Of SQLite there are no others. */
export class Follower {
  readonly #options: FollowerOptions;
  #position: string | undefined;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;
  readonly #known: ReadonlySet<string>;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#known = new Set(options.feeds.map(({ id }) => id));
  }

  /** Where to begin: asked before the rest of the store is read, so that nothing falls between. */
  async position(): Promise<string | undefined> {
    return (await this.#options.reader.changedSince?.(undefined))?.position;
  }

  start(position: string | undefined): void {
    if (position === undefined) return;
    this.#position = position;
    this.#stopped = false;
    this.#later();
  }

  /** Takes over what there is now. Rejects with StoreUnavailable or ThreadEnded. */
  async catchUp(): Promise<void> {
    await this.ended();
    await this.#takeOver();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await this.#running;
  }

  #later(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(LOOK_EVERY_MS, () => {
      this.#running = this.#look().finally(() => this.#later());
    });
  }

  async #look(): Promise<void> {
    try {
      await this.#takeOver();
    } catch (error) {
      const { log } = this.#options;
      log.debug({ reason: errorText(error) }, 'what other processes read of feeds is taken over later');
    }
  }

  /**
   * Reports are read before what they are about and told after it is published: that something is listed must not be
   * known before it is there, or an empty document would be answered.
   */
  async #takeOver(): Promise<void> {
    const { publisher, thread, isLed } = this.#options;
    const reports = await this.#readReports();
    for (const { document } of reports) publisher.know(document);
    if (await this.#takeChanges()) await publisher.take(thread());
    // Who leads by now knows better.
    for (const report of reports) if (!isLed(report.id)) publisher.report(report);
  }

  /** Whether there were any. */
  async #takeChanges(): Promise<boolean> {
    const { reader, thread, isLed } = this.#options;
    let found = false;
    for (let more = true; more && !this.#stopped;) {
      const page = await reader.changedSince?.(this.#position);
      if (page === undefined) return false;
      for (const [feed, { incidents, gone, identities }] of page.feeds) {
        if (isLed(feed) || !this.#known.has(feed)) continue;
        found = true;
        await thread().call({ kind: 'adopt', feed, incidents, gone, identities });
      }
      // Only now: what was not taken over is asked for again.
      this.#position = page.position;
      more = page.more;
    }
    return found;
  }

  async #readReports(): Promise<readonly FeedReport[]> {
    const stored = await this.#options.reader.feeds();
    return stored.flatMap(({ report }) => reportOf(report) ?? []);
  }
}
