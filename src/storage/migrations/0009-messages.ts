import type { Migration } from '../migrate.ts';

/**
 * Messages by link. The content comes last, so that what asks for the rest does not read it; in SQLite the table has a
 * rowid for the sake of what `ownPages` promises. By the index on the ends the sums are made without the table.
 */
const tables = (text: string, bigint: string): readonly string[] => [
  `CREATE TABLE messages (
    id ${text} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    reads_max INTEGER,
    reads_left INTEGER,
    created_at ${bigint} NOT NULL,
    expires_at ${bigint} NOT NULL,
    bytes INTEGER NOT NULL,
    maker_id TEXT,
    maker_name TEXT,
    claim_hash TEXT,
    delete_hash TEXT,
    content TEXT NOT NULL
  )`,
  'CREATE INDEX messages_end ON messages (expires_at, bytes)',
];

export const messages: Migration = {
  number: 9,
  name: 'messages',
  sqlite: tables('TEXT', 'INTEGER'),
  postgres: tables('TEXT COLLATE "C"', 'BIGINT'),
};
