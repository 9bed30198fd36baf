import { type DeliveryId, type EventId, idLowerBound } from '../kernel/ids.ts';
import type { SqlValue } from '../storage/statement.ts';
import { among, amongFound, type Sql, sql } from '../storage/sql.ts';
import type { Kysely, Store } from '../storage/store.ts';
import type { Outcome, RejectReason, RetryReason } from '../targets/target.ts';
import type { Attempt, Delivery, DeliveryStatus } from './delivery.ts';

type DeliveryRow = {
  id: string;
  event_id: string;
  target: string;
  status: string;
  internal: number;
  replay_of: string | null;
  replayed_as: string | null;
  attempts: number;
  reason: string | null;
  created_at: number;
  next_attempt_at: number;
  settled_at: number | null;
  lease_owner: string | null;
  lease_until: number;
  fallback_of: string | null;
};
type AttemptRow = {
  delivery_id: string;
  number: number;
  started_at: number;
  duration_ms: number;
  outcome: string;
  reason: string | null;
  status: number | null;
  answer: string | null;
};
type DeliveryTables = { deliveries: DeliveryRow; attempts: AttemptRow };

export interface DeliveryFilter {
  readonly target?: string;
  readonly status?: DeliveryStatus;
  readonly event?: EventId;
  /** Unix ms of creation: from `since` on, before `until`. */
  readonly since?: number;
  readonly until?: number;
  /** Leaves out those that a later delivery repeats. */
  readonly notReplayed?: boolean;
}

/** A lease: for so long nobody else takes the delivery up. */
export interface Lease {
  readonly owner: string;
  /** Unix ms. */
  readonly until: number;
}

/** The row of a new delivery. Without a lease, whoever has room takes it up. */
export function deliveryRow(
  delivery: Pick<Delivery, 'id' | 'eventId' | 'target' | 'internal' | 'replayOf' | 'createdAt'>,
  lease: Lease | undefined,
): SqlValue[] {
  return [
    delivery.id,
    delivery.eventId,
    delivery.target,
    'pending',
    delivery.internal ? 1 : 0,
    delivery.replayOf ?? null,
    0,
    delivery.createdAt,
    delivery.createdAt,
    lease?.owner ?? null,
    lease?.until ?? 0,
  ];
}

/** The row of a delivery that is skipped from the start, or stands in for another. */
export function markedRow(
  delivery: Parameters<typeof deliveryRow>[0],
  lease: Lease | undefined,
  { status, reason, fallbackOf }: Pick<Delivery, 'reason' | 'fallbackOf'> & { status: 'pending' | 'skipped' },
): SqlValue[] {
  const row = deliveryRow(delivery, lease);
  row[3] = status;
  return [...row, reason ?? null, status === 'skipped' ? delivery.createdAt : null, fallbackOf ?? null];
}

export function attemptRow(attempt: Attempt): SqlValue[] {
  return [
    attempt.deliveryId,
    attempt.number,
    attempt.startedAt,
    attempt.durationMs,
    attempt.outcome,
    attempt.reason ?? null,
    attempt.status ?? null,
    attempt.answer ?? null,
  ];
}

const fromRow = (row: DeliveryRow): Delivery => ({
  id: row.id as DeliveryId,
  eventId: row.event_id as EventId,
  target: row.target,
  status: row.status as DeliveryStatus,
  internal: row.internal === 1,
  replayOf: (row.replay_of as DeliveryId | null) ?? undefined,
  replayedAs: (row.replayed_as as DeliveryId | null) ?? undefined,
  fallbackOf: (row.fallback_of as DeliveryId | null) ?? undefined,
  attempts: row.attempts,
  reason: (row.reason as Delivery['reason'] | null) ?? undefined,
  createdAt: row.created_at,
  nextAttemptAt: row.next_attempt_at,
  settledAt: row.settled_at ?? undefined,
});

const attemptFromRow = (row: AttemptRow): Attempt => ({
  deliveryId: row.delivery_id as DeliveryId,
  number: row.number,
  startedAt: row.started_at,
  durationMs: row.duration_ms,
  outcome: row.outcome as Outcome['kind'],
  reason: (row.reason as RetryReason | RejectReason | null) ?? undefined,
  status: row.status ?? undefined,
  answer: row.answer ?? undefined,
});

/** Written out, so that the index of pending rows fits the query whatever else it asks for. */
const PENDING = sql.lit('pending');
/** So many rows are sorted at once without a thought. */
const FEW = 2_000;

/** Deliveries and their attempts; what the engine writes after an attempt goes through the journal. */
export class DeliveryStore {
  readonly #dialect: Store['dialect'];
  readonly #peers: Store['peers'];
  readonly #read: Kysely<DeliveryTables>;
  readonly #write: Kysely<DeliveryTables>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#peers = store.peers;
    this.#read = store.read.withTables<DeliveryTables>();
    this.#write = store.write.withTables<DeliveryTables>();
  }

  async get(id: DeliveryId): Promise<Delivery | undefined> {
    const row = await this.#read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** Newest first; `after` is the last id of the page before. */
  async list(filter: DeliveryFilter, limit: number, after?: DeliveryId): Promise<Delivery[]> {
    const id = await this.#idFor(filter);
    const all = this.#filtered(filter, id);
    const query = after === undefined ? all : all.where(id, '<', after);
    const rows = await query.selectAll().orderBy(id, 'desc').limit(limit).execute();
    return rows.map(fromRow);
  }

  async count(filter: DeliveryFilter): Promise<number> {
    const row = await this.#filtered(filter, sql.ref('id'))
      .select((query) => query.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(row.total);
  }

  async attempts(deliveries: readonly DeliveryId[]): Promise<Attempt[]> {
    if (deliveries.length === 0) return [];
    const rows = await this.#read
      .selectFrom('attempts')
      .selectAll()
      .where(among(this.#dialect, 'delivery_id', deliveries))
      .orderBy('delivery_id')
      .orderBy('number')
      .orderBy('started_at')
      .execute();
    return rows.map(attemptFromRow);
  }

  /**
   * The targets that have something due: asked before claiming, so that an idle store is only read. It leaps from
   * target to target along the index, because it is asked all the time and a million may be waiting.
   */
  async dueTargets(now: number): Promise<string[]> {
    const { rows } = await sql<{ target: string }>`
      WITH RECURSIVE waiting(target) AS (
        SELECT min(target) FROM deliveries WHERE status = 'pending'
        UNION ALL
        SELECT (SELECT min(d.target) FROM deliveries d WHERE d.status = 'pending' AND d.target > waiting.target)
        FROM waiting WHERE waiting.target IS NOT NULL
      )
      SELECT target FROM waiting WHERE EXISTS (
        SELECT 1 FROM deliveries d
        WHERE d.status = 'pending' AND d.target = waiting.target
          AND d.next_attempt_at <= ${now} AND d.lease_until <= ${now}
      )`.execute(this.#read);
    return rows.map((row) => row.target);
  }

  /** Takes up to `limit` due deliveries of a target under a lease: no other process takes them meanwhile. */
  async claim(target: string, limit: number, now: number, lease: Lease): Promise<Delivery[]> {
    const due = this.#write
      .selectFrom('deliveries')
      .select('id')
      .where('target', '=', target)
      .where('status', '=', PENDING)
      .where('next_attempt_at', '<=', now)
      .where('lease_until', '<=', now)
      .orderBy('next_attempt_at')
      .limit(limit);
    const rows = await this.#write
      .updateTable('deliveries')
      .set({ lease_owner: lease.owner, lease_until: lease.until })
      .where(
        amongFound(this.#dialect, 'id', this.#dialect === 'postgres' ? due.forUpdate().skipLocked() : due),
      )
      .returningAll()
      .execute();
    return rows.map(fromRow).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Gives leases back: of one owner at its stop, or all when this process is the only one there can be. */
  async release(owner: string | 'everyone'): Promise<void> {
    const query = this.#write
      .updateTable('deliveries')
      .set({ lease_owner: null, lease_until: 0 })
      .where('status', '=', PENDING)
      .where('lease_until', '>', 0);
    await (owner === 'everyone' ? query : query.where('lease_owner', '=', owner)).execute();
  }

  /** Gives back one owner's leases on these deliveries: they are due for whoever comes first. */
  async giveBack(owner: string, ids: readonly DeliveryId[]): Promise<void> {
    await this.#write
      .updateTable('deliveries')
      .set({ lease_owner: null, lease_until: 0 })
      .where(among(this.#dialect, 'id', ids))
      .where('lease_owner', '=', owner)
      .where('status', '=', PENDING)
      .execute();
  }

  /**
   * Gives back the leases of other processes that ended without doing so, a few seconds after their end;
   * returns their owners. `self` is the owner who asks, and is known to the others from then on.
   */
  async releaseEnded(self: string, now: number): Promise<readonly string[]> {
    const owners = (await this.#peers?.ended(self, now)) ?? [];
    for (const owner of owners) {
      await this.release(owner);
      await this.#peers?.forget(owner);
    }
    return owners;
  }

  /** Which of these events still have a delivery on its way. */
  async pendingAmong(events: readonly EventId[]): Promise<Set<EventId>> {
    if (events.length === 0) return new Set();
    const rows = await this.#read
      .selectFrom('deliveries')
      .select('event_id')
      .distinct()
      .where(among(this.#dialect, 'event_id', events))
      .where('status', '=', PENDING)
      .execute();
    return new Set(rows.map((row) => row.event_id as EventId));
  }

  /** Deletes the deliveries and attempts of these events. */
  async deleteOf(events: readonly EventId[]): Promise<void> {
    if (events.length === 0) return;
    await this.#write
      .deleteFrom('attempts')
      .where('delivery_id', 'in', (from) =>
        from
          .selectFrom('deliveries')
          .select('id')
          .where(among(this.#dialect, 'event_id', events)),
      )
      .execute();
    await this.#write
      .deleteFrom('deliveries')
      .where(among(this.#dialect, 'event_id', events))
      .execute();
  }

  /**
   * The id to list by. Without statistics SQLite would look for a handful of pending deliveries through every id
   * there is; `+id` is one it cannot go along, so that it sorts what their own index holds. Many it soon meets.
   */
  async #idFor(filter: DeliveryFilter): Promise<Sql<string>> {
    const id = sql.ref<string>('id');
    if (this.#dialect !== 'sqlite' || filter.status !== 'pending') return id;
    const pending = this.#read.selectFrom('deliveries').select('id').where('status', '=', PENDING);
    const [oneMore] = await pending.limit(1).offset(FEW).execute();
    return oneMore === undefined ? sql<string>`+id` : id;
  }

  #filtered(filter: DeliveryFilter, id: Sql<string>) {
    let query = this.#read.selectFrom('deliveries');
    if (filter.target !== undefined) query = query.where('target', '=', filter.target);
    if (filter.status !== undefined) query = query.where('status', '=', sql.lit(filter.status));
    if (filter.event !== undefined) query = query.where('event_id', '=', filter.event);
    if (filter.since !== undefined) query = query.where(id, '>=', idLowerBound('dlv', filter.since));
    if (filter.until !== undefined) query = query.where(id, '<', idLowerBound('dlv', filter.until));
    if (filter.notReplayed === true) query = query.where('replayed_as', 'is', null);
    return query;
  }
}
