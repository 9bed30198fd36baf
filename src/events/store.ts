import { type EventId, idLowerBound } from '../kernel/ids.ts';
import { among, amongFound, sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import { severities, severityRank, type Severity, type TocsinEvent } from './event.ts';
import type { SqlValue } from '../storage/statement.ts';

/** Which rules took the event, as stored with it. */
export type Matched = readonly { readonly rule: string; readonly targets: readonly string[] }[];

/** An event with what became of it. */
export interface StoredEvent extends TocsinEvent {
  readonly matched: Matched;
  readonly unrouted: boolean;
  /** Repeats by the sender that were absorbed. */
  readonly duplicates: number;
  readonly lastDuplicateAt: number | undefined;
}

/** As lists have it: a page of whole payloads could be gigabytes. */
export type ListedEvent = Omit<StoredEvent, 'payload'>;

type EventRow = {
  id: string;
  source: string;
  type: string;
  severity: number;
  subject: string | null;
  fingerprint: string;
  received_at: number;
  internal: number;
  unrouted: number;
  record: string;
  payload: string;
  duplicates: number;
  last_duplicate_at: number | null;
};
export type EventTables = {
  events: EventRow;
  event_keys: { key: string; event_id: string; expires_at: number };
};

/** What has no column of its own: read back whole, never searched. */
type EventRecord = Pick<
  TocsinEvent,
  'title' | 'occurredAt' | 'subject' | 'labels' | 'observables' | 'link' | 'internalAlert' | 'payloadSha256'
> & { readonly matched: Matched };

export interface EventFilter {
  readonly source?: string;
  readonly type?: string;
  readonly severityMin?: Severity;
  /** The subject's id. */
  readonly subject?: string;
  readonly internal?: boolean;
  readonly unrouted?: boolean;
  /** Unix ms of receipt: from `since` on, before `until`. */
  readonly since?: number;
  readonly until?: number;
}

export function eventRow(event: TocsinEvent, matched: Matched): SqlValue[] {
  const record: EventRecord = {
    title: event.title,
    occurredAt: event.occurredAt,
    subject: event.subject,
    labels: event.labels,
    observables: event.observables,
    link: event.link,
    internalAlert: event.internalAlert,
    payloadSha256: event.payloadSha256,
    matched,
  };
  return [
    event.id,
    event.source,
    event.type,
    severityRank(event.severity),
    event.subject?.id ?? null,
    event.fingerprint,
    event.receivedAt,
    event.internalAlert === undefined ? 0 : 1,
    matched.length === 0 ? 1 : 0,
    JSON.stringify(record),
    event.payload,
  ];
}

const LISTED = [
  'id',
  'source',
  'type',
  'severity',
  'fingerprint',
  'received_at',
  'unrouted',
  'record',
  'duplicates',
  'last_duplicate_at',
] as const;

const fromRow = (row: EventRow): StoredEvent => ({ ...listedFromRow(row), payload: row.payload });

function listedFromRow(row: Pick<EventRow, (typeof LISTED)[number]>): ListedEvent {
  // Written by `eventRow` of this or an earlier version; migrations change what they mean.
  const record = JSON.parse(row.record) as EventRecord;
  return {
    ...record,
    occurredAt: record.occurredAt,
    subject: record.subject,
    link: record.link,
    internalAlert: record.internalAlert,
    id: row.id as EventId,
    source: row.source,
    type: row.type,
    severity: severities[row.severity] ?? 'unknown',
    fingerprint: row.fingerprint,
    receivedAt: row.received_at,
    unrouted: row.unrouted === 1,
    duplicates: row.duplicates,
    lastDuplicateAt: row.last_duplicate_at ?? undefined,
  };
}

/** The severities from `high` on have an index: the rarer they are, the further apart they stand. */
const SEVERE = 4;

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

  async getMany(ids: readonly EventId[]): Promise<Map<EventId, StoredEvent>> {
    const rows = ids.length === 0 ? [] : await this.#byIds(ids);
    return new Map(rows.map((row) => [row.id as EventId, fromRow(row)]));
  }

  /** Newest first; `after` is the last id of the page before. */
  async list(filter: EventFilter, limit: number, after?: EventId): Promise<ListedEvent[]> {
    const rows = await this.#filtered(filter, after)
      .select(LISTED)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(listedFromRow);
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
    return query;
  }
}
