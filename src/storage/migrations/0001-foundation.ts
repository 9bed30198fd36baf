import type { Migration } from '../migrate.ts';

/**
 * Ids are UUIDv7 with a prefix, so that their order is the order of receipt: lists page by id, and a range of
 * time is a range of ids. PostgreSQL compares them byte by byte (`COLLATE "C"`), as SQLite does.
 */
const tables = (text: string, bigint: string): readonly string[] => [
  `CREATE TABLE store_probe (at ${bigint} NOT NULL)`,
  `INSERT INTO store_probe (at) VALUES (0)`,

  `CREATE TABLE events (
    id ${text} NOT NULL PRIMARY KEY,
    source ${text} NOT NULL,
    type ${text} NOT NULL,
    severity INTEGER NOT NULL,
    subject ${text},
    fingerprint ${text} NOT NULL,
    received_at ${bigint} NOT NULL,
    internal INTEGER NOT NULL,
    unrouted INTEGER NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0,
    last_duplicate_at ${bigint},
    record TEXT NOT NULL,
    payload TEXT NOT NULL
  )`,
  `CREATE INDEX events_source ON events (source, id)`,
  `CREATE INDEX events_type ON events (type, id)`,
  `CREATE INDEX events_subject ON events (subject, id) WHERE subject IS NOT NULL`,
  `CREATE INDEX events_severe ON events (id) WHERE severity >= 4`,
  `CREATE INDEX events_internal ON events (id) WHERE internal = 1`,
  `CREATE INDEX events_unrouted ON events (id) WHERE unrouted = 1`,

  `CREATE TABLE deliveries (
    id ${text} NOT NULL PRIMARY KEY,
    event_id ${text} NOT NULL,
    target ${text} NOT NULL,
    status TEXT NOT NULL,
    internal INTEGER NOT NULL,
    replay_of ${text},
    replayed_as ${text},
    attempts INTEGER NOT NULL,
    reason TEXT,
    created_at ${bigint} NOT NULL,
    next_attempt_at ${bigint} NOT NULL,
    settled_at ${bigint},
    lease_owner TEXT,
    lease_until ${bigint} NOT NULL
  )`,
  `CREATE INDEX deliveries_event ON deliveries (event_id)`,
  `CREATE INDEX deliveries_target ON deliveries (target, id)`,
  `CREATE INDEX deliveries_pending ON deliveries (target, next_attempt_at) WHERE status = 'pending'`,
  `CREATE INDEX deliveries_dead ON deliveries (id) WHERE status = 'dead'`,
  `CREATE INDEX deliveries_dead_target ON deliveries (target, id) WHERE status = 'dead'`,

  `CREATE TABLE audit (
    id ${text} NOT NULL PRIMARY KEY,
    at ${bigint} NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT
  )`,

  `CREATE TABLE tokens (
    id ${text} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    created_at ${bigint} NOT NULL
  )`,

  `CREATE TABLE config_objects (
    kind TEXT NOT NULL,
    id ${text} NOT NULL,
    position INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    updated_at ${bigint} NOT NULL,
    PRIMARY KEY (kind, id)
  )`,
  `CREATE TABLE config_version (version ${bigint} NOT NULL)`,
  `INSERT INTO config_version (version) VALUES (0)`,
];

export const foundation: Migration = {
  number: 1,
  name: 'foundation',
  sqlite: [
    ...tables('TEXT', 'INTEGER'),
    // Without a rowid the key itself is the table: one tree to write instead of two.
    `CREATE TABLE event_keys (
      key TEXT NOT NULL PRIMARY KEY,
      event_id TEXT NOT NULL,
      expires_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `CREATE INDEX event_keys_expiry ON event_keys (expires_at)`,
    `CREATE TABLE attempts (
      delivery_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT,
      status INTEGER,
      answer TEXT,
      PRIMARY KEY (delivery_id, number, started_at)
    ) WITHOUT ROWID`,
  ],
  postgres: [
    ...tables('TEXT COLLATE "C"', 'BIGINT'),
    `CREATE TABLE event_keys (
      key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
      event_id TEXT COLLATE "C" NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    `CREATE INDEX event_keys_expiry ON event_keys (expires_at)`,
    // Who works on this database; a row whose advisory lock nobody holds is of a process that ended.
    `CREATE TABLE processes (name TEXT NOT NULL PRIMARY KEY, key INTEGER GENERATED ALWAYS AS IDENTITY)`,
    `CREATE TABLE attempts (
      delivery_id TEXT COLLATE "C" NOT NULL,
      number INTEGER NOT NULL,
      started_at BIGINT NOT NULL,
      duration_ms INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT,
      status INTEGER,
      answer TEXT,
      PRIMARY KEY (delivery_id, number, started_at)
    )`,
  ],
};
