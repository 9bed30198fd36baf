import type { Clock } from '../../kernel/clock.ts';
import { type EventId, idLowerBound, idMs } from '../../kernel/ids.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Write } from '../../storage/statement.ts';
import { type Store, StoreRefused } from '../../storage/store.ts';
import type { EventStore } from '../store.ts';
import { ftsText, searchNumber, tsVector } from './dialects.ts';
import { documentOf, type Searchable } from './document.ts';
import { OVERLAP_MS, type SearchIndex, VERIFY_AFTER_MS } from './index-store.ts';
import { searchStatements } from './statements.ts';

export interface IndexerOptions {
  readonly store: Pick<Store, 'dialect' | 'peers'>;
  readonly journal: Journal;
  readonly events: EventStore;
  readonly index: SearchIndex;
  readonly clock: Clock;
  readonly log: Logger;
  /** Names this process; another on every start. */
  readonly owner: string;
}

const EVERY_MS = 1_000;
/** Between two batches while there are more: others want the store as well. */
const BREATH_MS = 20;
/** As long as so many commits wait, the index does too. */
const BACKLOG_MAX = 32;
const BUSY_MS = 250;
/** Events read at once, and of those the ones that go into one commit. */
const BATCH = 50;
const COMMIT = 20;
/** Events looked at in one step of looking for gaps. */
const VERIFY_STEP = 2_000;
/** Of several processes one indexes; another takes over so long after its end. */
const LEASE_MS = 15_000;
const BEHIND_MS = 60_000;
const TELL_EVERY_MS = 300_000;
const BEGINNING = idLowerBound('evt', 0);

/**
 * Brings the words of events into the search index, a little after their commit and never in its way: it shares the
 * journal's commits and stands back while others wait for them. What is new comes first. Commits can be late, replicas'
 * clocks can differ, and a store can be older than its index: so everything is looked at once more when it is ten
 * minutes old, from the very first event on.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #leaseUntil = 0;
  #toldAt = 0;
  #completeAt: number | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  start(): void {
    // What it finds is told soon; until then nothing is known to be missing.
    this.#completeAt = this.#options.clock.now();
    this.#schedule(EVERY_MS);
  }

  /** When the index last held all that there was, Unix ms; undefined while another process sees to it. */
  get completeAt(): number | undefined {
    return this.#completeAt;
  }

  /** Resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  /** One batch of each; resolves with the time until the next, ms. */
  async step(): Promise<number> {
    if (this.#options.journal.backlog > BACKLOG_MAX) return BUSY_MS;
    if (!(await this.#isOurs())) return EVERY_MS;
    const fresh = await this.#indexFresh();
    const verified = await this.#verify();
    return fresh || verified ? BREATH_MS : EVERY_MS;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    let next = EVERY_MS;
    try {
      next = await this.step();
    } catch (error) {
      if (!this.#stopped)
        this.#options.log.warn({ reason: errorText(error) }, 'the search index waits for the store');
    }
    this.#schedule(next);
  }

  /** SQLite has one process. */
  async #isOurs(): Promise<boolean> {
    const { store, index, owner, clock } = this.#options;
    const now = clock.now();
    if (store.peers === undefined || this.#leaseUntil - now > LEASE_MS / 2) return true;
    const until = now + LEASE_MS;
    const isOurs = await index.lease(owner, now, until);
    this.#leaseUntil = isOurs ? until : 0;
    if (!isOurs) this.#completeAt = undefined;
    return isOurs;
  }

  /** True when there may be more. */
  async #indexFresh(): Promise<boolean> {
    const { events, index, clock } = this.#options;
    const now = clock.now();
    const newest = await index.newest();
    // An event of a clock that is ahead must not hide those that come after it.
    const from = newest === undefined ? now - VERIFY_AFTER_MS : Math.min(idMs(newest), now) - OVERLAP_MS;
    const after = idLowerBound('evt', from);
    const found = await events.listUnindexed({ filter: {}, limit: BATCH, after, oldestFirst: true });
    await this.#write(found);
    this.#tell(found[0], now);
    if (found.length < BATCH) this.#completeAt = now;
    return found.length === BATCH;
  }

  /** Looks at the next events that are old enough, and makes good what is missing. True when there may be more. */
  async #verify(): Promise<boolean> {
    const { events, index, journal, clock } = this.#options;
    const after = (await index.verified()) ?? BEGINNING;
    const before = idLowerBound('evt', clock.now() - VERIFY_AFTER_MS);
    const last = await events.idFurtherOn(after, before, VERIFY_STEP);
    if (last === undefined) return false;
    const step = { filter: {}, limit: BATCH, after, before: justPast(last), oldestFirst: true };
    const found = await events.listUnindexed(step);
    await this.#write(found);
    if (this.#stopped) return false;
    const verified = found.length === BATCH ? (found.at(-1)?.id ?? last) : last;
    await journal.submit([{ writes: [{ statement: searchStatements.verifyWords.name, row: [verified] }] }]);
    return true;
  }

  async #write(found: readonly Searchable[]): Promise<void> {
    for (let at = 0; at < found.length && !this.#stopped; at += COMMIT) {
      await Promise.all(found.slice(at, at + COMMIT).map((event) => this.#writeOne(event)));
    }
  }

  /** A submission each: one that the store refuses must not take the others down with it, today and for ever. */
  async #writeOne(event: Searchable): Promise<void> {
    const { journal, store, log } = this.#options;
    const words = documentOf(event);
    try {
      const text = store.dialect === 'sqlite' ? ftsText(words) : tsVector(words);
      await journal.submit([{ writes: [write(event.id, text)] }]);
    } catch (error) {
      if (!(error instanceof StoreRefused)) throw error;
      log.error({ 'tocsin.event.id': event.id, reason: errorText(error) }, 'an event cannot be searched for');
      await journal.submit([{ writes: [write(event.id, '')] }]);
    }
  }

  #tell(oldest: Searchable | undefined, now: number): void {
    if (oldest === undefined || now - oldest.receivedAt < BEHIND_MS || now - this.#toldAt < TELL_EVERY_MS)
      return;
    this.#toldAt = now;
    const seconds = Math.round((now - oldest.receivedAt) / 1_000);
    this.#options.log.info({ 'tocsin.search.behind_s': seconds }, 'the search index is behind');
  }
}

const write = (id: EventId, words: string): Write => ({
  statement: searchStatements.indexWords.name,
  row: [id, searchNumber(id), words],
});

/** Ids are equally long: between this and the id there is none. */
const justPast = (id: EventId): EventId => `${id}~`;
