import { sql } from '../storage/sql.ts';
import type { Kysely, Tables } from '../storage/store.ts';

/** Beyond this it is only said that there are so many: a million rows are not counted to be looked at. */
export const BACKLOG_MAX = 10_000;

/** What waits for a target, and what was given up at it, in the store: of all processes. */
export interface TargetBacklog {
  readonly target: string;
  /** `BACKLOG_MAX` stands for that many or more. */
  readonly pending: number;
  /** When the oldest of those was made, Unix ms; undefined when nothing waits. */
  readonly oldestAt: number | undefined;
  /** Dead letters that were not replayed; `BACKLOG_MAX` as above. */
  readonly dead: number;
}

interface Row {
  readonly status: string;
  readonly target: string;
  readonly total: number | string;
  readonly oldest: number | string | null;
}

/**
 * How much waits, target by target: one query that leaps along the index from target to target and counts so far only.
 * Rejects with StoreUnavailable.
 */
export async function readBacklog(read: Kysely<Tables>): Promise<TargetBacklog[]> {
  const max = sql.lit(BACKLOG_MAX);
  // Either end of the queue: what failed often is due last, what was due first may not be the oldest.
  const { rows } = await sql<Row>`
    WITH RECURSIVE
    waiting(target) AS (
      SELECT min(target) FROM deliveries WHERE status = 'pending'
      UNION ALL
      SELECT (SELECT min(d.target) FROM deliveries d WHERE d.status = 'pending' AND d.target > waiting.target)
      FROM waiting WHERE waiting.target IS NOT NULL
    ),
    given_up(target) AS (
      SELECT min(target) FROM deliveries WHERE status = 'dead'
      UNION ALL
      SELECT (SELECT min(d.target) FROM deliveries d WHERE d.status = 'dead' AND d.target > given_up.target)
      FROM given_up WHERE given_up.target IS NOT NULL
    )
    SELECT 'pending' AS status, target, (
      SELECT count(*) FROM (
        SELECT 1 FROM deliveries d WHERE d.status = 'pending' AND d.target = waiting.target LIMIT ${max}
      ) AS counted
    ) AS total, (
      SELECT min(created_at) FROM (
        SELECT * FROM (
          SELECT created_at FROM deliveries d WHERE d.status = 'pending' AND d.target = waiting.target
          ORDER BY next_attempt_at LIMIT 1000
        ) AS first
        UNION ALL
        SELECT * FROM (
          SELECT created_at FROM deliveries d WHERE d.status = 'pending' AND d.target = waiting.target
          ORDER BY next_attempt_at DESC LIMIT 1000
        ) AS last
      ) AS ends
    ) AS oldest
    FROM waiting WHERE target IS NOT NULL
    UNION ALL
    SELECT 'dead' AS status, target, (
      SELECT count(*) FROM (
        SELECT 1 FROM deliveries d
        WHERE d.status = 'dead' AND d.target = given_up.target AND d.replayed_as IS NULL LIMIT ${max}
      ) AS counted
    ) AS total, NULL AS oldest
    FROM given_up WHERE target IS NOT NULL`.execute(read);
  return byTarget(rows);
}

function byTarget(rows: readonly Row[]): TargetBacklog[] {
  const found = new Map<string, TargetBacklog>();
  for (const { status, target, total, oldest } of rows) {
    const known = found.get(target) ?? { target, pending: 0, oldestAt: undefined, dead: 0 };
    const more =
      status === 'dead'
        ? { dead: Number(total) }
        : { pending: Number(total), oldestAt: oldest === null ? undefined : Number(oldest) };
    found.set(target, { ...known, ...more });
  }
  return [...found.values()];
}
