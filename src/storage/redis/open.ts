import type { Logger } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { RedisConnection } from './connection.ts';

/** Undefined where none is configured. Never rejects. */
export async function openRedis(url: Secret | undefined, log: Logger): Promise<RedisConnection | undefined> {
  if (url === undefined) return undefined;
  // Loaded only where it is used, as the driver of PostgreSQL is.
  const { connectRedis } = await import('./connection.ts');
  return connectRedis(url.reveal(), log);
}
