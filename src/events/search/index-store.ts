import { type EventId, idLowerBound } from '../../kernel/ids.ts';
import { among, sql } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import { ftsQuery, searchNumber, tsQuery } from './dialects.ts';
import type { SearchQuery } from './query.ts';

type SearchTables = {
  search: { event_id: string };
  search_progress: { id: number; verified: string; owner: string; until: number };
};

/** Where to look: ids before the one, received from `since` on and before `until` (Unix ms). */
export interface SearchRange {
  readonly before?: EventId | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Commits overtake each other, and replicas' clocks differ: so far back from its newest event the index has gaps. */
export const OVERLAP_MS = 10_000;
/** The index is looked through for gaps once more when its events are so old. */
export const VERIFY_AFTER_MS = 600_000;

/** FTS5 tidies up behind every delete, the more the larger it was, and commits wait meanwhile. */
const DELETED_AT_ONCE = 50;

/** An id past all that will ever be. */
const LAST = 'evt_ffffffff-ffff-7fff-bfff-ffffffffffff' as const;

/** Reads the index of the events' words; `Indexer` writes it, a little after the events. */
export class SearchIndex {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<SearchTables>;
  readonly #write: Kysely<SearchTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<SearchTables>();
    this.#write = store.write.withTables<SearchTables>();
  }

  /** Ids of events that hold the words, newest first. Some of the events may be gone. */
  async find(query: SearchQuery, range: SearchRange, limit: number): Promise<EventId[]> {
    const { before, since, until } = range;
    const first = idLowerBound('evt', since ?? 0);
    const end = earlier(before, until === undefined ? undefined : idLowerBound('evt', until));
    const { rows } = await (
      this.#dialect === 'sqlite'
        ? this.#findByFts(query, first, end, limit)
        : this.#findByVector(query, first, end, limit)
    ).execute(this.#read);
    return rows.map((row) => row.event_id as EventId);
  }

  /** The newest event in it; undefined while it is empty. */
  async newest(): Promise<EventId | undefined> {
    const { rows } = await sql<{ event_id: string | null }>`
      select max(event_id) as event_id from ${sql.table(this.#entries)}`.execute(this.#read);
    return (rows[0]?.event_id as EventId | null | undefined) ?? undefined;
  }

  /** The event up to which none is missing. */
  async verified(): Promise<EventId | undefined> {
    const row = await this.#read.selectFrom('search_progress').select('verified').executeTakeFirst();
    return row === undefined || row.verified === '' ? undefined : (row.verified as EventId);
  }

  /** Takes the indexing on until `until`, unless another process has it; renews it for who has it. */
  async lease(owner: string, now: number, until: number): Promise<boolean> {
    const result = await this.#write
      .insertInto('search_progress')
      .values({ id: 1, verified: '', owner, until })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ owner, until })
          .where((term) =>
            term.or([term('search_progress.owner', '=', owner), term('search_progress.until', '<=', now)]),
          ),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async deleteOf(events: readonly EventId[]): Promise<void> {
    for (let at = 0; at < events.length; at += DELETED_AT_ONCE) {
      await this.#write
        .deleteFrom('search')
        .where(among(this.#dialect, 'event_id', events.slice(at, at + DELETED_AT_ONCE)))
        .execute();
    }
  }

  /** Through the view SQLite would not know the end of the table's own index. */
  get #entries(): string {
    return this.#dialect === 'sqlite' ? 'search_entries' : 'search';
  }

  /** From the newest match back, no further than asked for: a word that is everywhere costs no more than a rare one. */
  #findByFts(query: SearchQuery, first: EventId, end: EventId, limit: number) {
    return sql<{ event_id: string }>`
      select e.event_id from search_words cross join search_entries e on e.n = search_words.rowid
      where search_words match ${ftsQuery(query)}
        and search_words.rowid >= cast(${searchNumber(first)} as integer)
        and search_words.rowid < coalesce(
          (select n from search_entries where event_id = ${end}), cast(${searchNumber(end)} as integer))
      order by search_words.rowid desc limit ${limit}`;
  }

  #findByVector(query: SearchQuery, first: EventId, end: EventId, limit: number) {
    return sql<{ event_id: string }>`
      select event_id from search
      where words @@ ${tsQuery(query)}::tsquery and event_id >= ${first} and event_id < ${end}
      order by event_id desc limit ${limit}`;
  }
}

const earlier = (one: EventId | undefined, other: EventId | undefined): EventId => {
  const [a, b] = [one ?? LAST, other ?? LAST];
  return a < b ? a : b;
};
