import type { Clock } from '../../kernel/clock.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import type { Publication, PublishedDocument } from '../published.ts';
import { type FeedReport, listsOf } from '../report.ts';
import { isStale } from '../telling/conditions.ts';
import type { IncidentThread } from '../thread/incident-thread.ts';
import type { MadeDocument } from '../thread/protocol.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** For so long a list may count as fresh though it is stale. */
const MOMENT_MS = 100;

/** Holds what `GET /incidents` answers from: the last good document, whatever happens to feeds, thread and store. */
export class Publisher {
  readonly #feeds: readonly AnyFeed[];
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #reports = new Map<string, FeedReport>();
  #document: PublishedDocument | undefined;
  #made: Publication | undefined;
  #madeAt = 0;
  #changedAt = 0;
  #taking: Promise<void> = Promise.resolve();
  /** As a process before this one, or beside it, published it last. */
  #known: FeedReport['document'];

  constructor(feeds: readonly AnyFeed[], clock: Clock) {
    this.#feeds = feeds;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** How a feed stands, from here or from the process that asks it. */
  report(report: FeedReport): void {
    this.#reports.set(report.id, report);
    this.#made = undefined;
    this.know(report.document);
  }

  /** Since when the document is what it is, where another process has published it: told before it is made here. */
  know(document: FeedReport['document']): void {
    if ((document?.changedAt ?? 0) > (this.#known?.changedAt ?? 0)) this.#known = document;
  }

  /** Of feeds that were ever looked at, in the order of the config. */
  get reports(): readonly FeedReport[] {
    return this.#feeds.flatMap(({ id }) => this.#reports.get(id) ?? []);
  }

  /** Takes the thread's document, if it has another one: one after the other, so that the newest is what stays. */
  take(thread: Pick<IncidentThread, 'call'>): Promise<void> {
    // What became of the one before its caller hears.
    this.#taking = this.#taking.catch(() => undefined).then(() => this.#takeNow(thread));
    return this.#taking;
  }

  async #takeNow(thread: Pick<IncidentThread, 'call'>): Promise<void> {
    const made = await thread.call({ kind: 'document' });
    if (made === undefined) return;
    if (made.hash !== this.#document?.hash) {
      this.#changedAt = made.hash === this.#known?.hash ? this.#known.changedAt : this.#clock.now();
    }
    this.#document = documentOf(made);
    this.#made = undefined;
  }

  /** For the report that is stored. */
  get stamp(): FeedReport['document'] {
    return this.#document && { hash: this.#document.hash, changedAt: this.#changedAt };
  }

  /** Made once for all who ask within a moment: it is the same object, and answers can be kept beside it. */
  get current(): Publication {
    const now = this.#clock.now();
    const isRecent = now >= this.#madeAt && now - this.#madeAt < MOMENT_MS;
    if (this.#made !== undefined && isRecent) return this.#made;
    this.#madeAt = now;
    this.#made = {
      document: this.#hasListed ? this.#document : undefined,
      changedAt: this.#changedAt,
      refreshedAt: this.#refreshedAt,
      stale: this.#stale,
    };
    return this.#made;
  }

  /** Until something was ever listed there is nothing to publish: an empty answer would be a lie. */
  get #hasListed(): boolean {
    if (this.#feeds.every(({ kind }) => kind === 'push')) return true;
    return this.reports.some(({ types }) => types.some((list) => list.lastSuccessAt !== undefined));
  }

  get #refreshedAt(): number {
    // Nobody asks a pushed feed: it is as new as what it sends.
    const asked = this.reports.filter(({ kind }) => kind !== 'push');
    const good = asked.flatMap(({ types }) => types.flatMap((list) => list.lastSuccessAt ?? []));
    return good.length === 0 ? this.#clock.now() : Math.min(...good);
  }

  get #stale(): readonly string[] {
    const now = this.#clock.now();
    return this.#feeds.flatMap(({ id, kind, staleAfterMs, types }) => {
      if (kind === 'push') return [];
      const report = this.#reports.get(id);
      if (report === undefined) return types.map(({ type }) => `${id}/${type}`);
      const stale = listsOf(report).filter((list) =>
        isStale(list, { now, startedAt: this.#startedAt, staleAfterMs }),
      );
      return stale.map(({ name }) => `${id}/${name}`);
    });
  }
}

const documentOf = ({ plain, gzip, brotli, ...rest }: MadeDocument): PublishedDocument => ({
  ...rest,
  plain: bytesOf(plain),
  gzip: bytesOf(gzip),
  brotli: bytesOf(brotli),
});
