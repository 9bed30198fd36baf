import { type EventId, idLowerBound } from '../kernel/ids.ts';
import { among, amongFound, sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import { type MatterState, severityRank, type Severity } from './event.ts';
import type { Place } from './geo.ts';
import { type Searchable, TEXT_MAX } from './search/document.ts';
import {
  type EventRow,
  type EventTables,
  fromRow,
  LISTED,
  listedFromRow,
  type ListedEvent,
  type StoredEvent,
} from './row.ts';

export { eventRow, type EventTables, type ListedEvent, type Matched, type StoredEvent } from './row.ts';

export interface EventFilter {
  readonly source?: string;
  readonly type?: string;
  readonly severityMin?: Severity;
  /** The subject's id. */
  readonly subject?: string;
  readonly internal?: boolean;
  readonly unrouted?: boolean;
  /** What the event made of its matter. */
  readonly state?: MatterState;
  /** Of the matter; finds events that have a state, no others. */
  readonly fingerprint?: string;
  readonly acknowledged?: boolean;
  readonly 'geo.source'?: Place;
  readonly 'geo.destination'?: Place;
  readonly 'geo.allowed'?: boolean;
  /** Unix ms of receipt: from `since` on, before `until`. */
  readonly since?: number;
  readonly until?: number;
}

/** Which rows of a list. */
interface Wanted {
  readonly filter: EventFilter;
  readonly limit: number;
  readonly before?: EventId | undefined;
  readonly after?: EventId | undefined;
  readonly ids?: readonly EventId[];
  readonly oldestFirst?: boolean;
}

/** The severities from `high` on have an index: the rarer they are, the further apart they stand. */
const SEVERE = 4;

/** One or none: looked up by its key for a row that is read anyway. */
const ACKNOWLEDGEMENTS = sql<number>`(select count(*) from acknowledgements a where a.event_id = events.id)`;

/** Reads events; they are written by `ingest` through the journal. */
export class EventStore {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<EventTables>;
  readonly #write: Kysely<EventTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<EventTables>();
    this.#write = store.write.withTables<EventTables>();
  }

  async get(id: EventId): Promise<StoredEvent | undefined> {
    const row = await this.#read.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  async has(id: EventId): Promise<boolean> {
    const row = await this.#read.selectFrom('events').select('id').where('id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  async getMany(ids: readonly EventId[]): Promise<Map<EventId, StoredEvent>> {
    const rows = ids.length === 0 ? [] : await this.#byIds(ids);
    return new Map(rows.map((row) => [row.id as EventId, fromRow(row)]));
  }

  /** Newest first; `after` is the last id of the page before. */
  async list(filter: EventFilter, limit: number, after?: EventId): Promise<ListedEvent[]> {
    return this.#listed({ filter, limit, before: after });
  }

  /** Those of `ids` that fit the filter, newest first. */
  async listAmong(ids: readonly EventId[], filter: EventFilter, limit: number): Promise<ListedEvent[]> {
    return ids.length === 0 ? [] : this.#listed({ filter, limit, ids });
  }

  /** Oldest first, from past `after`. */
  async listAfter(filter: EventFilter, limit: number, after: EventId): Promise<ListedEvent[]> {
    return this.#listed({ filter, limit, after, oldestFirst: true });
  }

  /** How many there are past `after`, counted up to `limit`. */
  async countAfter(filter: EventFilter, limit: number, after: EventId): Promise<number> {
    const found = this.#filtered(filter, undefined).select('id').where('id', '>', after).limit(limit);
    const row = await this.#read
      .selectFrom(found.as('found'))
      .select((query) => query.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(row.total);
  }

  /** Those that are not in the search index, with the beginning of their payloads. */
  async listUnindexed(wanted: Omit<Wanted, 'ids'>): Promise<Searchable[]> {
    const rows = await this.#rows(wanted)
      .select(sql<string>`substr(payload, 1, ${sql.lit(TEXT_MAX)})`.as('payloadStart'))
      .where(sql<boolean>`not exists (select 1 from search s where s.event_id = events.id)`)
      .execute();
    return rows.map((row) => ({ ...listedFromRow(row), payloadStart: row.payloadStart }));
  }

  /**
   * Those that a rule took, newest first, among the `looked` newest before `before`. `end` is where the looking ended
   * when there is more to look at.
   */
  async listTakenBy(
    rule: string,
    limit: number,
    looked: number,
    before?: EventId,
  ): Promise<{ readonly items: readonly ListedEvent[]; readonly end: EventId | undefined }> {
    const ids = this.#filtered({}, before).select('id').orderBy('id', 'desc');
    const end = await ids
      .limit(1)
      .offset(looked - 1)
      .executeTakeFirst();
    const find = sql.raw(this.#dialect === 'sqlite' ? 'instr' : 'strpos');
    const rows = await this.#rows({ filter: {}, limit, before })
      .where(sql<boolean>`${find}(record, ${`"rule":"${rule}","targets":[`}) > 0`)
      .where('id', '>=', end?.id ?? '')
      .execute();
    // An event may hold such a text of its own.
    const items = rows.map(listedFromRow).filter((event) => event.matched.some((one) => one.rule === rule));
    return { items, end: end?.id as EventId | undefined };
  }

  /** The newest event's id; undefined while there is none. */
  async newest(): Promise<EventId | undefined> {
    const row = await this.#read
      .selectFrom('events')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id as EventId | undefined;
  }

  /** The id `steps` further on than `after`, or the last one before `before`; undefined when there is none. */
  async idFurtherOn(after: EventId, before: EventId, steps: number): Promise<EventId | undefined> {
    const between = this.#read
      .selectFrom('events')
      .select('id')
      .where('id', '>', after)
      .where('id', '<', before);
    const row =
      (await between
        .orderBy('id')
        .limit(1)
        .offset(steps - 1)
        .executeTakeFirst()) ?? (await between.orderBy('id', 'desc').limit(1).executeTakeFirst());
    return row?.id as EventId | undefined;
  }

  /** Ids past `after` up to and with `last`, the newest first. */
  async idsBetween(after: EventId, last: EventId, limit: number): Promise<EventId[]> {
    const rows = await this.#read
      .selectFrom('events')
      .select('id')
      .where('id', '>', after)
      .where('id', '<=', last)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => row.id as EventId);
  }

  /** Up to `limit` events received before `before` (Unix ms), oldest first, from past `after`. */
  async expired(before: number, limit: number, after: EventId | undefined): Promise<EventId[]> {
    const rows = await this.#read
      .selectFrom('events')
      .select('id')
      .where('id', '<', idLowerBound('evt', before))
      .where('id', '>', after ?? '')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.id as EventId);
  }

  async delete(ids: readonly EventId[]): Promise<void> {
    if (ids.length > 0)
      await this.#write
        .deleteFrom('events')
        .where(among(this.#dialect, 'id', ids))
        .execute();
  }

  /**
   * Forgets up to `limit` dedupe keys whose window is over; returns how many. Asked twice, because a key can be
   * taken anew between its being found and its being deleted.
   */
  async forgetKeys(now: number, limit: number): Promise<number> {
    const over = this.#write
      .selectFrom('event_keys')
      .select('key')
      .where('expires_at', '<=', now)
      .limit(limit);
    const result = await this.#write
      .deleteFrom('event_keys')
      .where(amongFound(this.#dialect, 'key', over))
      .where('expires_at', '<=', now)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  #byIds(ids: readonly EventId[]): Promise<EventRow[]> {
    return this.#read
      .selectFrom('events')
      .selectAll()
      .where(among(this.#dialect, 'id', ids))
      .execute();
  }

  #filtered(filter: EventFilter, after: EventId | undefined) {
    let query = this.#read.selectFrom('events');
    if (after !== undefined) query = query.where('id', '<', after);
    if (filter.since !== undefined) query = query.where('id', '>=', idLowerBound('evt', filter.since));
    if (filter.until !== undefined) query = query.where('id', '<', idLowerBound('evt', filter.until));
    if (filter.source !== undefined) query = query.where('source', '=', filter.source);
    if (filter.type !== undefined) query = query.where('type', '=', filter.type);
    if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
    if (filter.internal !== undefined) query = query.where('internal', '=', filter.internal ? 1 : 0);
    if (filter.unrouted !== undefined) query = query.where('unrouted', '=', filter.unrouted ? 1 : 0);
    if (filter.severityMin !== undefined) {
      const rank = severityRank(filter.severityMin);
      query = query.where('severity', '>=', rank);
      if (rank >= SEVERE) query = query.where('severity', '>=', sql.lit(SEVERE));
    }
    if (filter.state !== undefined) query = query.where('state', '=', sql.lit(filter.state));
    if (filter.fingerprint !== undefined)
      query = query.where('fingerprint', '=', filter.fingerprint).where('state', 'is not', null);
    if (filter['geo.source'] !== undefined) query = query.where('geo_source', '=', filter['geo.source']);
    if (filter['geo.destination'] !== undefined)
      query = query.where('geo_destination', '=', filter['geo.destination']);
    if (filter['geo.allowed'] !== undefined)
      query = query.where('geo_allowed', '=', sql.lit(filter['geo.allowed'] ? 1 : 0));
    if (filter.acknowledged === true) query = query.where(ACKNOWLEDGEMENTS, '>', 0);
    if (filter.acknowledged === false) query = query.where(ACKNOWLEDGEMENTS, '=', 0);
    return query;
  }

  async #listed(wanted: Wanted): Promise<ListedEvent[]> {
    const rows = await this.#rows(wanted).execute();
    return rows.map(listedFromRow);
  }

  #rows({ filter, limit, before, after, ids, oldestFirst = false }: Wanted) {
    let query = this.#filtered(filter, before).select(LISTED).select(ACKNOWLEDGEMENTS.as('acknowledged'));
    if (after !== undefined) query = query.where('id', '>', after);
    if (ids !== undefined) query = query.where(among(this.#dialect, 'id', ids));
    return query.orderBy('id', oldestFirst ? 'asc' : 'desc').limit(limit);
  }
}
