import { insertStatement, type Statement, unnest } from '../storage/statement.ts';
import { matterStatements } from './matters/statements.ts';
import { noteStatements } from './notes/statements.ts';
import { searchStatements } from './search/statements.ts';

/**
 * The guard of an event: takes its dedupe key, or finds it taken by an event within the window. A key whose
 * window is over is taken anew. The batch's first `now` stands for all: they are milliseconds apart.
 */
const claimKey: Statement = {
  name: 'events.claimKey',
  columns: ['text', 'text', 'bigint', 'bigint'],
  sqlite: `INSERT INTO event_keys (key, event_id, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET event_id = excluded.event_id, expires_at = excluded.expires_at
    WHERE event_keys.expires_at <= ?4`,
  postgres: `INSERT INTO event_keys (key, event_id, expires_at)
    SELECT key, event_id, expires_at
    FROM ${unnest({ key: 'text', event_id: 'text', expires_at: 'bigint', now: 'bigint' }, 'r')}
    ON CONFLICT (key) DO UPDATE SET event_id = excluded.event_id, expires_at = excluded.expires_at
    WHERE event_keys.expires_at <= ($4::bigint[])[1]
    RETURNING key`,
};

const recurringColumns = {
  key: 'text',
  event_id: 'text',
  expires_at: 'bigint',
  now: 'bigint',
  fingerprint: 'text',
  state: 'text',
  severity: 'integer',
} as const;

/**
 * `claimKey` for senders whose news can be equal to what they told before: a key is taken anew as well once its matter
 * was told to stand otherwise. In PostgreSQL what is found so is asked for by the event too, so that of two processes
 * one takes it.
 */
const claimRecurringKey: Statement = {
  name: 'events.claimRecurringKey',
  columns: Object.values(recurringColumns),
  sqlite: `INSERT INTO event_keys (key, event_id, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET event_id = excluded.event_id, expires_at = excluded.expires_at
    WHERE event_keys.expires_at <= ?4 OR EXISTS (
      SELECT 1 FROM matters m WHERE m.fingerprint = ?5 AND m.state_event > event_keys.event_id
        AND (m.state <> ?6 OR m.severity <> ?7))`,
  postgres: `INSERT INTO event_keys (key, event_id, expires_at)
    SELECT key, event_id, expires_at
    FROM ${unnest(recurringColumns, 'r')}
    ON CONFLICT (key) DO UPDATE SET event_id = excluded.event_id, expires_at = excluded.expires_at
    WHERE event_keys.expires_at <= ($4::bigint[])[1] OR (event_keys.key, event_keys.event_id) IN (
      SELECT k.key, k.event_id
      FROM ${unnest(recurringColumns, 'r')}
      JOIN event_keys k ON k.key = r.key JOIN matters m ON m.fingerprint = r.fingerprint
      WHERE m.state_event > k.event_id AND (m.state <> r.state OR m.severity <> r.severity))
    RETURNING key`,
};

const insert = insertStatement('events.insert', 'events', {
  id: 'text',
  source: 'text',
  type: 'text',
  severity: 'integer',
  subject: 'text',
  fingerprint: 'text',
  received_at: 'bigint',
  internal: 'integer',
  unrouted: 'integer',
  state: 'text',
  geo_source: 'text',
  geo_destination: 'text',
  geo_allowed: 'integer',
  record: 'text',
  payload: 'text',
});

/** A sender's repeat leaves its mark on the event it repeats. */
const countDuplicate: Statement = {
  name: 'events.countDuplicate',
  columns: ['text', 'bigint'],
  sqlite: `UPDATE events SET duplicates = duplicates + 1, last_duplicate_at = ?2
    WHERE id = (SELECT event_id FROM event_keys WHERE key = ?1)`,
  postgres: `UPDATE events SET duplicates = duplicates + d.times, last_duplicate_at = d.at
    FROM (
      SELECT k.event_id, count(*) AS times, max(r.at) AS at
      FROM ${unnest({ key: 'text', at: 'bigint' }, 'r')} JOIN event_keys k ON k.key = r.key
      GROUP BY k.event_id
    ) d WHERE events.id = d.event_id`,
};

export const eventStatements = {
  claimKey,
  claimRecurringKey,
  insert,
  countDuplicate,
  tellMatter: matterStatements.tell,
  ...noteStatements,
  ...searchStatements,
} as const;
