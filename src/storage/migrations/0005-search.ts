import type { Migration } from '../migrate.ts';

/**
 * The words of events, written by the indexer a little after their commit. They come normalised: neither database
 * takes them apart or folds them its own way, so that both find the same. `verified` is the event up to which none
 * is missing; `owner` the process that indexes, alone until `until` (Unix ms). One row, or none yet.
 */
const progress = (text: string, bigint: string): string => `CREATE TABLE search_progress (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    verified ${text} NOT NULL,
    owner TEXT NOT NULL,
    until ${bigint} NOT NULL
  )`;

export const search: Migration = {
  number: 5,
  name: 'search',
  sqlite: [
    // `n` is made of the event's id and keeps its order: FTS5 walks along numbers only.
    `CREATE TABLE search_entries (n INTEGER NOT NULL PRIMARY KEY, event_id TEXT NOT NULL UNIQUE)`,
    `CREATE VIRTUAL TABLE search_words USING fts5(words, content = '', contentless_delete = 1, tokenize = 'ascii')`,
    // It merges what it wrote by so many pages at a time: with small ones no commit waits long behind it.
    `INSERT INTO search_words (search_words, rank) VALUES ('pgsz', 1000)`,
    // Together they look like the one table of PostgreSQL.
    `CREATE VIEW search AS SELECT event_id, n, NULL AS words FROM search_entries`,
    `CREATE TRIGGER search_inserted INSTEAD OF INSERT ON search BEGIN
      INSERT INTO search_entries (n, event_id) VALUES (new.n, new.event_id);
      INSERT INTO search_words (rowid, words) VALUES (new.n, new.words);
    END`,
    `CREATE TRIGGER search_deleted INSTEAD OF DELETE ON search BEGIN
      DELETE FROM search_words WHERE rowid = old.n;
      DELETE FROM search_entries WHERE n = old.n;
    END`,
    progress('TEXT', 'INTEGER'),
  ],
  postgres: [
    `CREATE TABLE search (event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)`,
    `CREATE INDEX search_words ON search USING gin (words)`,
    progress('TEXT COLLATE "C"', 'BIGINT'),
  ],
};
