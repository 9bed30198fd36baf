import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { Store } from '../store.ts';
import { openMemory } from './memory.ts';
import type { Ephemeral } from './port.ts';
import { openSql } from './sql.ts';

/**
 * Where short-lived values are kept: in Redis when it is configured, else with PostgreSQL in the store that the
 * replicas share. SQLite has one process, whose memory will do.
 */
export async function openEphemeral(options: {
  readonly redisUrl: Secret | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Ephemeral> {
  const { redisUrl, store, clock, log } = options;
  if (redisUrl === undefined) {
    return store.dialect === 'sqlite' ? openMemory(clock) : openSql(store, clock);
  }
  // Loaded only where it is used, as the driver of PostgreSQL is.
  const { openRedis } = await import('./redis.ts');
  return openRedis(redisUrl.reveal(), log);
}
