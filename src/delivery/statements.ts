import { type ColumnType, insertStatement, type Statement, unnest } from '../storage/statement.ts';

const insert = insertStatement('deliveries.insert', 'deliveries', {
  id: 'text',
  event_id: 'text',
  target: 'text',
  status: 'text',
  internal: 'integer',
  replay_of: 'text',
  attempts: 'integer',
  created_at: 'bigint',
  next_attempt_at: 'bigint',
  lease_owner: 'text',
  lease_until: 'bigint',
});

const markedColumns: Readonly<Record<string, ColumnType>> = {
  id: 'text',
  event_id: 'text',
  target: 'text',
  status: 'text',
  internal: 'integer',
  replay_of: 'text',
  attempts: 'integer',
  created_at: 'bigint',
  next_attempt_at: 'bigint',
  lease_owner: 'text',
  lease_until: 'bigint',
  reason: 'text',
  settled_at: 'bigint',
  fallback_of: 'text',
};

/** A delivery that is skipped, or stands in for another: rare, so that the others' rows stay short. */
const insertMarked = insertStatement('deliveries.insertMarked', 'deliveries', markedColumns);

const markedNames = Object.keys(markedColumns).join(', ');
const alreadyTold = (event: string, target: string, status: string): string =>
  `SELECT 1 FROM deliveries d WHERE d.event_id = ${event} AND d.target = ${target}
      AND d.status IN ('pending', 'delivered', ${status})`;

/** A delivery in another's stead, unless its target has the event already, or gets it. */
const insertFallback: Statement = {
  name: 'deliveries.insertFallback',
  columns: Object.values(markedColumns),
  sqlite: `INSERT INTO deliveries (${markedNames})
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
    WHERE NOT EXISTS (${alreadyTold('?2', '?3', '?4')})`,
  postgres: `INSERT INTO deliveries (${markedNames})
    SELECT DISTINCT ON (r.event_id, r.target) r.* FROM ${unnest(markedColumns, 'r')}
    WHERE NOT EXISTS (${alreadyTold('r.event_id', 'r.target', 'r.status')})
    ORDER BY r.event_id, r.target, r.id`,
};

const plainInsertAttempt = insertStatement('attempts.insert', 'attempts', {
  delivery_id: 'text',
  number: 'integer',
  started_at: 'bigint',
  duration_ms: 'integer',
  outcome: 'text',
  reason: 'text',
  status: 'integer',
  answer: 'text',
});

/** Written again when the connection broke in the middle of the commit, which may have gone through. */
const insertAttempt: Statement = {
  ...plainInsertAttempt,
  sqlite: `${plainInsertAttempt.sqlite} ON CONFLICT DO NOTHING`,
  postgres: `${plainInsertAttempt.postgres} ON CONFLICT DO NOTHING`,
};

const settleColumns: Readonly<Record<string, ColumnType>> = {
  id: 'text',
  status: 'text',
  attempts: 'integer',
  reason: 'text',
  next_attempt_at: 'bigint',
  settled_at: 'bigint',
};

/**
 * The end of an attempt. Only while pending: when a lease ran out and another process delivered meanwhile,
 * its word stands and a late "try again" does not bring the delivery back to life.
 */
const settle: Statement = {
  name: 'deliveries.settle',
  columns: Object.values(settleColumns),
  sqlite: `UPDATE deliveries SET status = ?2, attempts = ?3, reason = ?4, next_attempt_at = ?5,
      settled_at = ?6, lease_owner = NULL, lease_until = 0
    WHERE id = ?1 AND status = 'pending'`,
  postgres: `UPDATE deliveries SET status = r.status, attempts = r.attempts, reason = r.reason,
      next_attempt_at = r.next_attempt_at, settled_at = r.settled_at, lease_owner = NULL, lease_until = 0
    FROM ${unnest(settleColumns, 'r')}
    WHERE deliveries.id = r.id AND deliveries.status = 'pending'`,
};

/** The same as a guard: for what may be written once only, however often the end of the attempt is. */
const settleOnce: Statement = {
  ...settle,
  name: 'deliveries.settleOnce',
  postgres: `${settle.postgres} RETURNING deliveries.id AS key`,
};

/**
 * The guard of a bulk replay: a dead delivery is marked with the delivery that repeats it, once. A bulk
 * replay that was killed half-way and is asked for again goes on where it ended, and repeats nothing twice.
 */
const markReplayed: Statement = {
  name: 'deliveries.markReplayed',
  columns: ['text', 'text'],
  sqlite: `UPDATE deliveries SET replayed_as = ?2 WHERE id = ?1 AND replayed_as IS NULL`,
  postgres: `UPDATE deliveries SET replayed_as = r.replayed_as
    FROM ${unnest({ id: 'text', replayed_as: 'text' }, 'r')}
    WHERE deliveries.id = r.id AND deliveries.replayed_as IS NULL
    RETURNING deliveries.id AS key`,
};

/** One delivery repeated at an operator's express wish, however often. */
const replaceReplayed: Statement = {
  name: 'deliveries.replaceReplayed',
  columns: ['text', 'text'],
  sqlite: `UPDATE deliveries SET replayed_as = ?2 WHERE id = ?1`,
  postgres: `UPDATE deliveries SET replayed_as = r.replayed_as
    FROM ${unnest({ id: 'text', replayed_as: 'text' }, 'r')}
    WHERE deliveries.id = r.id`,
};

export const deliveryStatements = {
  insert,
  insertMarked,
  insertFallback,
  insertAttempt,
  settle,
  settleOnce,
  markReplayed,
  replaceReplayed,
} as const;
