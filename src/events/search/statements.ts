import { type Statement, unnest } from '../../storage/statement.ts';

/**
 * The words of an event, unless they are there already or the event is gone. SQLite: from its number on the first one
 * that is free (ids of two lives of a process could have the same one).
 */
const indexWords: Statement = {
  name: 'search.insert',
  columns: ['text', 'text', 'text'],
  sqlite: `INSERT INTO search (event_id, n, words)
    SELECT ?1, (
      WITH RECURSIVE free(n) AS (
        SELECT CAST(?2 AS INTEGER)
        UNION ALL
        SELECT n + 1 FROM free WHERE EXISTS (SELECT 1 FROM search_entries e WHERE e.n = free.n)
      )
      SELECT max(n) FROM free
    ), ?3
    WHERE EXISTS (SELECT 1 FROM events WHERE id = ?1)
      AND NOT EXISTS (SELECT 1 FROM search_entries WHERE event_id = ?1)`,
  postgres: `INSERT INTO search (event_id, words)
    SELECT event_id, words::tsvector FROM ${unnest({ event_id: 'text', n: 'text', words: 'text' }, 'r')}
    WHERE EXISTS (SELECT 1 FROM events WHERE id = r.event_id)
    ON CONFLICT DO NOTHING`,
};

/** The event up to which none is missing in the index. */
const verifyWords: Statement = {
  name: 'search.verified',
  columns: ['text'],
  sqlite: `INSERT INTO search_progress (id, verified, owner, until) VALUES (1, ?1, '', 0)
    ON CONFLICT (id) DO UPDATE SET verified = excluded.verified`,
  postgres: `INSERT INTO search_progress (id, verified, owner, until)
    SELECT 1, max(r.verified), '', 0 FROM ${unnest({ verified: 'text' }, 'r')}
    ON CONFLICT (id) DO UPDATE SET verified = excluded.verified`,
};

export const searchStatements = { indexWords, verifyWords } as const;
