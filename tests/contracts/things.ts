import { insertStatement, type Statement, unnest } from '../../src/storage/statement.ts';
import type { Store } from '../../src/storage/store.ts';

/** The tables that the contract of stores works on: nobody's domain. */
export const CREATE_THINGS: Readonly<Record<Store['dialect'], readonly string[]>> = {
  sqlite: [
    'CREATE TABLE store_probe (at INTEGER NOT NULL)',
    'INSERT INTO store_probe (at) VALUES (0)',
    'CREATE TABLE things (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER, times INTEGER NOT NULL DEFAULT 0)',
    'CREATE TABLE notes (text TEXT NOT NULL)',
  ],
  postgres: [
    'CREATE TABLE store_probe (at BIGINT NOT NULL)',
    'INSERT INTO store_probe (at) VALUES (0)',
    'CREATE TABLE things (key TEXT COLLATE "C" NOT NULL PRIMARY KEY, value TEXT NOT NULL, expires_at BIGINT, times INTEGER NOT NULL DEFAULT 0)',
    'CREATE TABLE notes (text TEXT COLLATE "C" NOT NULL)',
  ],
};

/** A guard with an end, as the dedupe key's is. */
const take: Statement = {
  name: 'things.take',
  columns: ['text', 'text', 'bigint', 'bigint'],
  sqlite: `INSERT INTO things (key, value, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE things.expires_at <= ?4`,
  postgres: `INSERT INTO things (key, value, expires_at)
    SELECT key, value, expires_at
    FROM ${unnest({ key: 'text', value: 'text', expires_at: 'bigint', now: 'bigint' }, 'r')}
    ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE things.expires_at <= ($4::bigint[])[1]
    RETURNING key`,
};

const count: Statement = {
  name: 'things.count',
  columns: ['text'],
  sqlite: 'UPDATE things SET times = times + 1 WHERE key = ?1',
  postgres: `UPDATE things SET times = things.times + r.times
    FROM (SELECT key, count(*) AS times FROM ${unnest({ key: 'text' }, 'u')} GROUP BY key) r
    WHERE things.key = r.key`,
};

export const thingStatements = {
  take,
  count,
  put: insertStatement('things.put', 'things', { key: 'text', value: 'text', expires_at: 'bigint' }),
  note: insertStatement('things.note', 'notes', { text: 'text' }),
} as const;
