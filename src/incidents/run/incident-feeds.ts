import type { Clock } from '../../kernel/clock.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import { type Leadership, StoreUnavailable } from '../../storage/store.ts';
import { ChangeWriter, type ChangeWriterOptions } from './change-writer.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import { FeedTeller, type FeedTellerOptions } from './feed-teller.ts';
import { delistOthers } from './delist-others.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import { Follower } from './follower.ts';
import { loadBook } from './load-book.ts';
import type { IncidentId } from '../incident.ts';
import type { Publication } from '../published.ts';
import { Publisher } from './publisher.ts';
import { PushExpiry } from './push-expiry.ts';
import { RefreshLoop } from './refresh-loop.ts';
import { type FeedReport, reportOf } from '../report.ts';
import type { IncidentReader } from '../store/port.ts';
import { reportRow } from '../store/row.ts';
import { incidentStatements } from '../store/statements.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import { IncidentThread } from '../thread/incident-thread.ts';
import type { PushResult, Results, ThreadOptions, Work } from '../thread/protocol.ts';

export interface IncidentFeedsOptions
  extends Omit<ChangeWriterOptions, 'thread' | 'reader' | 'metrics'>, Omit<FeedTellerOptions, 'ingest'> {
  readonly feeds: readonly AnyFeed[];
  readonly reader: IncidentReader;
  readonly ingest: ChangeWriterOptions['ingest'] & FeedTellerOptions['ingest'];
  readonly leadership: Leadership | undefined;
  readonly metrics: FeedMetrics;
  readonly openThread?: (options: ThreadOptions) => Pick<IncidentThread, 'call' | 'close' | 'ended'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const openIncidentThread = (options: ThreadOptions) => new IncidentThread(options);

/** After so long a thread that ended is started again: not at once, for what ended it may still be there. */
const RESTART_MS = 2_000;
/** Pushes of so long are published together. */
const PUBLISH_MS = 250;

/**
 * All incident feeds of this process: one thread asks, reads and attributes; here what changed is stored, told and
 * published. Whoever does not lead in a feed follows what the one who does has stored.
 */
export class IncidentFeeds {
  readonly #options: IncidentFeedsOptions;
  readonly #publisher: Publisher;
  readonly #writer: ChangeWriter;
  readonly #teller: FeedTeller;
  readonly #loops: readonly RefreshLoop[];
  readonly #follower: Follower;
  readonly #expiry: PushExpiry;
  /** Types whose first list is stored: `elevate/denial`. */
  readonly #filled = new Set<string>();
  readonly #cancels = new Set<() => void>();
  #thread: Pick<IncidentThread, 'call' | 'close' | 'ended'> | undefined;
  /** The thread knows what is stored: before that its document would be a part of what is listed. */
  #isLoaded = false;
  #loading: Promise<void> | undefined;
  #isRestarting = false;
  #collects = false;
  #isPublishing = false;
  #stopped = false;

  constructor(options: IncidentFeedsOptions) {
    this.#options = options;
    const { feeds, clock } = options;
    this.#publisher = new Publisher(feeds, clock);
    this.#writer = new ChangeWriter({ ...options, thread: () => this });
    this.#teller = new FeedTeller(options);
    this.#follower = new Follower({
      ...options,
      thread: () => this,
      publisher: this.#publisher,
      isLed: (feed) => this.leading.get(feed) === true,
    });
    this.#expiry = new PushExpiry({ ...options, drop: (feed, incidents) => this.#drop(feed, incidents) });
    this.#loops = feeds
      .filter((feed) => feed.kind !== 'push')
      .map(
        (feed) =>
          new RefreshLoop({
            ...options,
            feed,
            refresh: (leads) => this.#refresh(feed, leads),
            gained: () => this.#gain(feed),
            lost: () => this.#restart('another process leads now'),
          }),
      );
  }

  /** Undefined without any feed. */
  publication(): Publication | undefined {
    return this.#options.feeds.length === 0 ? undefined : this.#publisher.current;
  }

  /** Resolves when what is stored has been read, or after `ms` at the latest. */
  async loaded(ms: number): Promise<void> {
    if (this.#loading === undefined) return;
    const late = new Promise<void>((resolve) => this.#after(ms, resolve));
    await Promise.race([this.#loading, late]);
  }

  get reports(): readonly FeedReport[] {
    return this.#publisher.reports;
  }

  /** By feed, whether this process is the one that asks it; without those that are sent to. */
  get leading(): ReadonlyMap<string, boolean> {
    return new Map(this.#loops.map(({ feed, isLeading }) => [feed.id, isLeading]));
  }

  /** Starts the thread and reads what is stored; with `collects` feeds are asked too. Returns at once. */
  start(collects: boolean): void {
    if (this.#options.feeds.length === 0) return;
    this.#collects = collects;
    this.#open();
    if (collects) this.#expiry.start();
  }

  /** Whoever asks meanwhile is still answered from what is published. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#expiry.stop();
    this.#halt();
    await this.#ended(this.#thread);
  }

  /** Work for the thread of now. Rejects with ThreadEnded. */
  call<W extends Work>(work: W): Promise<Results[W['kind']]> {
    if (this.#thread !== undefined && this.#isLoaded) return this.#thread.call(work);
    return Promise.reject(new ThreadEnded('the incident feeds are starting'));
  }

  /** Durable when it resolves. Rejects with StoreUnavailable; then it may be sent again. */
  async push(id: string, body: Uint8Array): Promise<PushResult> {
    const feed = this.#options.feeds.find((one) => one.id === id);
    if (feed === undefined) throw new TypeError(`no feed ${id}`);
    await this.#loading;
    try {
      return await this.#push(feed, body);
    } catch (error) {
      if (!(error instanceof ThreadEnded)) throw error;
      throw new StoreUnavailable(error.message, { cause: error });
    }
  }

  async #push(feed: AnyFeed, body: Uint8Array): Promise<PushResult> {
    const now = this.#options.clock.now();
    const result = await this.call({ kind: 'push', feed: feed.id, body, now });
    if (result.kind !== 'taken') return result;
    await this.#write(feed, now);
    await this.#keep(await this.call({ kind: 'report', feed: feed.id }));
    this.#options.metrics.pushed(feed.id, result);
    this.#publishSoon();
    return result;
  }

  #open(): void {
    if (this.#stopped) return;
    this.#loading = this.#load().catch((error: unknown) => this.#restart(errorText(error)));
  }

  /** Nobody asks feeds or the store any more; what is under way ends by itself. */
  #halt(): void {
    for (const loop of this.#loops) loop.stop();
    this.#follower.stop();
  }

  /** Begins again with what is stored, once for all that calls for it: a thread that ends in the middle of loading does twice. */
  #restart(reason: string): void {
    if (this.#stopped || this.#isRestarting) return;
    this.#isRestarting = true;
    this.#options.log.warn({ reason }, 'the incident feeds start again');
    const thread = this.#thread;
    this.#thread = undefined;
    this.#isLoaded = false;
    this.#halt();
    void this.#ended(thread).then(() =>
      this.#after(RESTART_MS, () => {
        this.#isRestarting = false;
        this.#open();
      }),
    );
  }

  /** What is under way would go on with the next thread, which knows nothing of it. */
  async #ended(thread: Pick<IncidentThread, 'close'> | undefined): Promise<void> {
    await thread?.close();
    await Promise.all(this.#loops.map((loop) => loop.ended()));
    await this.#follower.ended();
    await this.#loading;
  }

  async #load(): Promise<void> {
    const { reader, feeds, openThread = openIncidentThread } = this.#options;
    const position = await this.#follower.position();
    const reports = await this.#readFeeds();
    this.#teller.load(await reader.conditions());
    if (this.#collects) await delistOthers(reader, this.#options.journal, feeds, this.#options.clock.now());
    if (this.#stopped) return;
    const thread = openThread({ feeds, reports });
    this.#thread = thread;
    void thread.ended.then(({ message }) => {
      if (this.#thread === thread) this.#restart(message);
    });
    await loadBook(reader, feeds, thread);
    await this.#publisher.take(thread);
    if (this.#stopped || this.#thread !== thread) return;
    this.#isLoaded = true;
    this.#follower.start(position);
    if (this.#collects) for (const loop of this.#loops) loop.start();
  }

  async #readFeeds(): Promise<readonly FeedReport[]> {
    const stored = await this.#options.reader.feeds();
    for (const { id, filled } of stored) for (const type of filled) this.#filled.add(`${id}/${type}`);
    const reports = stored.flatMap(({ report }) => reportOf(report) ?? []);
    for (const report of reports) this.#publisher.report(report);
    return reports;
  }

  /** Goes on where the process that led before ended, with what that one has stored, told and last had of the lists. */
  async #gain(feed: AnyFeed): Promise<void> {
    await this.#follower.catchUp();
    this.#teller.load(await this.#options.reader.conditions());
    const report = this.reports.find(({ id }) => id === feed.id);
    if (report !== undefined) await this.call({ kind: 'resume', feed: feed.id, report });
  }

  /** One refresh of a feed that this process leads in, with all that comes of it. */
  async #refresh(feed: AnyFeed, leads: () => Promise<boolean>): Promise<void> {
    const { log, clock } = this.#options;
    const before = this.reports.find(({ id }) => id === feed.id);
    const report = await this.call({ kind: 'refresh', feed: feed.id, now: clock.now() });
    this.#options.metrics.refreshed(report);
    await this.#publisher.take(this);
    this.#publisher.report(report);
    try {
      // What another process has stored meanwhile is newer than this.
      if (!(await leads())) return;
      await this.#store(feed, report, before?.refreshedAt ?? clock.now());
      await this.#teller.look(feed, report);
      await this.#keep(report);
    } catch (error) {
      // What was read is answered all the same; what could not be stored is found again at the next refresh.
      log.warn({ 'tocsin.feed.id': feed.id, reason: errorText(error) }, 'a refresh was not stored');
    }
  }

  /** `seenUntil`: Unix ms of the refresh before, which listed what is listed no more. */
  async #store(feed: AnyFeed, report: FeedReport, seenUntil: number): Promise<void> {
    const mayBeFilled = this.#options.leadership !== undefined && report.types.some(this.#isUnfilled(feed));
    // By the process that led before: what is new since then is to be told.
    if (mayBeFilled) await this.#readFeeds();
    await this.#write(feed, seenUntil);
    const first = report.types
      .filter(this.#isUnfilled(feed))
      .filter((list) => list.lastSuccessAt !== undefined);
    const types = first.map(({ name }) => name);
    await this.#teller.filled(feed, report, types);
    for (const type of types) this.#filled.add(`${feed.id}/${type}`);
    await this.#attributeOthers(feed);
  }

  #isUnfilled(feed: AnyFeed): (list: { readonly name: string }) => boolean {
    return ({ name }) => !this.#filled.has(`${feed.id}/${name}`);
  }

  /** What was sent to us nobody had before: it is told from the first. */
  #write(feed: AnyFeed, seenUntil: number): Promise<unknown> {
    const tellsAll = feed.kind === 'push' || feed.backlog === 'events';
    const isTold = (type: string): boolean => tellsAll || this.#filled.has(`${feed.id}/${type}`);
    return this.#writer.write(feed, isTold, seenUntil);
  }

  /** Feeds that look their addresses up in this one's identities. */
  async #attributeOthers(feed: AnyFeed): Promise<void> {
    for (const other of this.#options.feeds) {
      const isOther = other.id !== feed.id && other.identitiesOf === feed.id;
      if (isOther) await this.#write(other, this.#options.clock.now());
    }
  }

  async #keep(report: FeedReport): Promise<void> {
    this.#publisher.report(report);
    const text = JSON.stringify({ ...report, document: this.#publisher.stamp });
    const write = { statement: incidentStatements.putReport.name, row: reportRow(report.id, text) };
    await this.#options.journal.submit([{ writes: [write] }]);
  }

  #publishSoon(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    this.#after(PUBLISH_MS, () => {
      this.#isPublishing = false;
      this.#publisher.take(this).catch((error: unknown) => {
        this.#options.log.warn({ reason: errorText(error) }, 'pushed incidents are published later');
      });
    });
  }

  async #drop(feed: AnyFeed, incidents: readonly IncidentId[]): Promise<void> {
    await this.call({ kind: 'drop', feed: feed.id, incidents });
    await this.#write(feed, this.#options.clock.now());
    this.#publishSoon();
  }

  #after(delayMs: number, run: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}
