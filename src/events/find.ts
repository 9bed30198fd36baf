import type { Clock } from '../kernel/clock.ts';
import { type EventId, idLowerBound, idMs } from '../kernel/ids.ts';
import type { NoteStore } from './notes/store.ts';
import { documentOf } from './search/document.ts';
import { OVERLAP_MS, type SearchIndex, VERIFY_AFTER_MS } from './search/index-store.ts';
import { holds, type SearchQuery } from './search/query.ts';
import type { EventFilter, EventStore, ListedEvent } from './store.ts';

/** What is looked for: events that fit the filter and hold the words. */
export interface Wanted {
  readonly filter: EventFilter;
  readonly search?: SearchQuery | undefined;
  readonly limit: number;
  /** The last id of the page before. */
  readonly after?: EventId | undefined;
}

/** How far a search has seen. */
export interface Coverage {
  /** Unix ms: the newest event of the index was received then. */
  readonly indexedUntil: number | undefined;
  /** Nothing that is stored was left out: what the index does not have was looked through. */
  readonly isComplete: boolean;
}

export interface Found {
  /** Newest first. */
  readonly items: readonly ListedEvent[];
  /**
   * Null when these are the last. A page can be short and yet have a next one: it ends where enough events were looked
   * at that do not fit.
   */
  readonly nextCursor: EventId | null;
  readonly coverage?: Coverage;
}

/** Ids in the order of the list, older than `before`. */
type Candidates = (before: EventId | undefined, limit: number) => Promise<readonly EventId[]>;

const CANDIDATES = 500;
/** So many are looked at for one page: others want to read as well. */
const ROUNDS_MAX = 40;
/** Events not yet indexed that a search looks through, some at a time: each is taken apart on the main thread. */
const TAIL_MAX = 2_000;
const TAIL_ROWS = 40;

/** Finds events for lists, in the way that reads the least. */
export class EventFinder {
  readonly #events: EventStore;
  readonly #notes: NoteStore;
  readonly #index: SearchIndex;
  readonly #clock: Clock;

  constructor(events: EventStore, notes: NoteStore, index: SearchIndex, clock: Clock) {
    this.#events = events;
    this.#notes = notes;
    this.#index = index;
    this.#clock = clock;
  }

  async find(wanted: Wanted): Promise<Found> {
    if (wanted.search !== undefined) return this.#search(wanted, wanted.search);
    // Seldom are they many: better to go along them than to ask of every event whether it is one.
    if (wanted.filter.acknowledged === true)
      return this.#among(wanted, (before, limit) => this.#notes.acknowledged(before, limit));
    const { filter, limit, after } = wanted;
    return cut(await this.#events.list(filter, limit + 1, after), limit, null);
  }

  async #search(wanted: Wanted, query: SearchQuery): Promise<Found> {
    const { since, until } = wanted.filter;
    // First what is not indexed: what is indexed meanwhile is found twice rather than never.
    const tail = await this.#tail(wanted, query);
    const indexed = await this.#among(wanted, (before, limit) =>
      this.#index.find(query, { before, since, until }, limit),
    );
    const end = indexed.nextCursor;
    const fresh = tail.items.filter(({ id }) => end === null || id > end);
    const byId = new Map([...fresh, ...indexed.items].map((event) => [event.id, event]));
    const items = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    return { ...cut(items, wanted.limit, end), coverage: tail.coverage };
  }

  /** Those of the candidates that fit. */
  async #among({ filter, limit, after }: Wanted, candidates: Candidates): Promise<Found> {
    const items: ListedEvent[] = [];
    let at = after;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const ids = await candidates(at, CANDIDATES);
      items.push(...(await this.#events.listAmong(ids, filter, limit + 1 - items.length)));
      if (items.length > limit || ids.length < CANDIDATES) return cut(items, limit, null);
      at = ids.at(-1);
    }
    return cut(items, limit, at ?? null);
  }

  /** What the index has not got yet, looked through one by one; and the newest of it only, when it is much. */
  async #tail(
    { filter, after }: Wanted,
    query: SearchQuery,
  ): Promise<{ readonly items: readonly ListedEvent[]; readonly coverage: Coverage }> {
    const newest = await this.#index.newest();
    const from = newest && idLowerBound('evt', Math.min(idMs(newest), this.#clock.now()) - OVERLAP_MS);
    const items: ListedEvent[] = [];
    let before = after;
    let isSeen = false;
    for (let looked = 0; looked < TAIL_MAX && !isSeen; looked += TAIL_ROWS) {
      const rows = await this.#events.listUnindexed({ filter, limit: TAIL_ROWS, before, after: from });
      items.push(...rows.filter((event) => holds(documentOf(event), query)));
      before = rows.at(-1)?.id;
      isSeen = rows.length < TAIL_ROWS;
    }
    const isComplete = isSeen && !(await this.#isBeingFilled());
    return { items, coverage: { indexedUntil: newest && idMs(newest), isComplete } };
  }

  /** Whether there are old events that the index may not have: after an update to it, or without a process to fill it. */
  async #isBeingFilled(): Promise<boolean> {
    const verified = (await this.#index.verified()) ?? idLowerBound('evt', 0);
    const before = idLowerBound('evt', this.#clock.now() - 3 * VERIFY_AFTER_MS);
    return (await this.#events.idsBetween(verified, before, 1)).length > 0;
  }
}

/** A page out of what may be more than one; `end` is where the looking ended, null at the very end. */
function cut(items: readonly ListedEvent[], limit: number, end: EventId | null): Found {
  const shown = items.slice(0, limit);
  return { items: shown, nextCursor: items.length > limit ? (shown.at(-1)?.id ?? null) : end };
}
