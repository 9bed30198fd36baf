import type { Migration } from '../migrate.ts';

/**
 * What feeds list and listed; ids are in the order of the incidents' own time. The record comes last, so that what asks for the rest does not read it. `revision` is the
 * transaction that wrote the row last, by which another process finds what has changed: PostgreSQL alone has it and
 * its index. What few rows have pays only for those rows.
 */
const tables = (text: string, bigint: string, double: string): readonly string[] => [
  `CREATE TABLE incidents (
    id ${text} NOT NULL PRIMARY KEY,
    feed ${text} NOT NULL,
    type ${text} NOT NULL,
    priority INTEGER,
    timestamp ${double} NOT NULL,
    employee ${text},
    address ${text},
    source_address ${text},
    identities_of ${text} NOT NULL,
    stated ${text},
    first_seen_at ${bigint} NOT NULL,
    last_seen_at ${bigint},
    listed INTEGER NOT NULL,
    listed_at ${bigint} NOT NULL,
    attributed_at ${bigint},
    fault TEXT,
    event_id TEXT,
    revision ${bigint} NOT NULL DEFAULT 0,
    record TEXT NOT NULL
  )`,
  `CREATE TABLE incident_identities (
    feed ${text} NOT NULL,
    address ${text} NOT NULL,
    employee ${text} NOT NULL,
    first_seen_at ${bigint} NOT NULL,
    forgotten_at ${bigint},
    revision ${bigint} NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, address)
  )`,
  `CREATE TABLE incident_feeds (id ${text} NOT NULL PRIMARY KEY, report TEXT NOT NULL)`,
  `CREATE TABLE incident_filled (
    key ${text} NOT NULL PRIMARY KEY,
    feed ${text} NOT NULL,
    type ${text} NOT NULL,
    filled_at ${bigint} NOT NULL
  )`,
  `CREATE TABLE incident_conditions (
    key ${text} NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    since ${bigint} NOT NULL,
    event_id TEXT
  )`,
  'CREATE INDEX incidents_type ON incidents (type, id)',
  // With what comes last (SQLite wants the fault too) the sums over employees are made without the table.
  `CREATE INDEX incidents_employee ON incidents (employee, id, priority, timestamp, feed, fault)
    WHERE employee IS NOT NULL AND fault IS NULL`,
  `CREATE INDEX incidents_address ON incidents (address, id) WHERE address IS NOT NULL`,
  `CREATE INDEX incidents_source ON incidents (source_address, id) WHERE source_address IS NOT NULL`,
  `CREATE INDEX incidents_unresolved ON incidents (id) WHERE employee IS NULL AND fault IS NULL`,
  'CREATE INDEX incidents_invalid ON incidents (id) WHERE fault IS NOT NULL',
  'CREATE INDEX incidents_listed ON incidents (feed, id) WHERE listed = 1',
  'CREATE INDEX incidents_listed_at ON incidents (feed, listed_at) WHERE listed = 1',
  'CREATE INDEX incidents_gone ON incidents (last_seen_at) WHERE listed = 0',
  'CREATE INDEX incident_identities_employee ON incident_identities (employee)',
];

export const incidents: Migration = {
  number: 11,
  name: 'incidents',
  sqlite: tables('TEXT', 'INTEGER', 'REAL'),
  postgres: [
    ...tables('TEXT COLLATE "C"', 'BIGINT', 'DOUBLE PRECISION'),
    'CREATE INDEX incidents_revision ON incidents (revision, id)',
    'CREATE INDEX incident_identities_revision ON incident_identities (revision, feed, address)',
  ],
};
