import type { Clock } from '../../kernel/clock.ts';
import type { RedisConnection } from '../redis/connection.ts';
import type { Store } from '../store.ts';
import { openMemory } from './memory.ts';
import type { Ephemeral } from './port.ts';
import { openRedisValues } from './redis.ts';
import { openSql } from './sql.ts';

/**
 * Where short-lived values are kept: in Redis when it is configured, else with PostgreSQL in the store that the
 * replicas share. SQLite has one process, whose memory will do.
 */
export function openEphemeral(options: {
  readonly redis: RedisConnection | undefined;
  readonly store: Store;
  readonly clock: Clock;
}): Ephemeral {
  const { redis, store, clock } = options;
  if (redis !== undefined) return openRedisValues(redis);
  return store.dialect === 'sqlite' ? openMemory(clock) : openSql(store, clock);
}
