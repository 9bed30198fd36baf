import type { Clock } from '../../kernel/clock.ts';
import { amongFound, sql } from '../sql.ts';
import type { Kysely, Store } from '../store.ts';
import { checkEntry, type Ephemeral } from './port.ts';

type ShortLivedTables = { short_lived_values: { key: string; value: string; expires_at: number } };

/** The value that a write meets, when its time is not over. */
const LIVES = sql`short_lived_values.expires_at >`;
const SUM = sql<string>`CAST(CAST(short_lived_values.value AS BIGINT) + CAST(excluded.value AS BIGINT) AS TEXT)`;

/**
 * Short-lived values in the SQL store. Each call is one statement, and so a transaction of its own: of calls at
 * once on one key the database makes a queue. Times are this process's: replicas need clocks that agree.
 */
export function openSql(store: Store, clock: Clock): Ephemeral {
  const read = store.read.withTables<ShortLivedTables>();
  const write = store.write.withTables<ShortLivedTables>();
  const insert = (key: string, value: string, ttlMs: number) => {
    checkEntry(key, value, ttlMs);
    return write.insertInto('short_lived_values').values({ key, value, expires_at: clock.now() + ttlMs });
  };
  return {
    kind: 'sql',
    async put(key, value, ttlMs) {
      await insert(key, value, ttlMs)
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet((update) => ({
            value: update.ref('excluded.value'),
            expires_at: update.ref('excluded.expires_at'),
          })),
        )
        .execute();
    },
    async get(key) {
      const row = await read
        .selectFrom('short_lived_values')
        .select('value')
        .where('key', '=', key)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst();
      return row?.value;
    },
    async claim(key, value, ttlMs) {
      const rows = await insert(key, value, ttlMs)
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet((update) => ({
              value: update.ref('excluded.value'),
              expires_at: update.ref('excluded.expires_at'),
            }))
            .where('short_lived_values.expires_at', '<=', clock.now()),
        )
        .returning('key')
        .execute();
      return rows.length > 0;
    },
    async take(key) {
      const row = await write
        .deleteFrom('short_lived_values')
        .where('key', '=', key)
        .returning(['value', 'expires_at'])
        .executeTakeFirst();
      return row !== undefined && row.expires_at > clock.now() ? row.value : undefined;
    },
    async increment(key, by, ttlMs) {
      const now = clock.now();
      const row = await insert(key, String(by), ttlMs)
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({
            value: sql<string>`CASE WHEN ${LIVES} ${now} THEN ${SUM} ELSE excluded.value END`,
            expires_at: sql<number>`CASE WHEN ${LIVES} ${now} THEN short_lived_values.expires_at ELSE excluded.expires_at END`,
          }),
        )
        .returning('value')
        .executeTakeFirstOrThrow();
      return Number(row.value);
    },
    sweep: (limit) => sweep(write, store.dialect, clock.now(), limit),
    close: async () => {},
  };
}

/** Asked twice for the time, because a value can be written anew between its being found and its being deleted. */
async function sweep(
  write: Kysely<ShortLivedTables>,
  dialect: Store['dialect'],
  now: number,
  limit: number,
): Promise<number> {
  const over = write
    .selectFrom('short_lived_values')
    .select('key')
    .where('expires_at', '<=', now)
    .limit(limit);
  const result = await write
    .deleteFrom('short_lived_values')
    .where(amongFound(dialect, 'key', over))
    .where('expires_at', '<=', now)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
