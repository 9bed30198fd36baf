import { Redis } from 'ioredis';
import { errorText, type Logger } from '../../kernel/log.ts';
import { StoreUnavailable } from '../store.ts';
import { REDIS_ANSWER_MS, type RedisScripts } from './scripts.ts';

const CONNECT_MS = 3_000;
const RECONNECT_MS_MAX = 2_000;
/** A start waits so long for it, not longer: without it everything but its use goes on. */
const START_MS = 1_000;
const PREFIX = 'tocsin:';

/** The one connection of this process, for all that it keeps in Redis. Who opened it closes it. */
export interface RedisConnection extends RedisScripts {
  /** Rejects with StoreUnavailable when `work` does. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Redis by its URL (`redis://`, `rediss://`). It connects by itself, now and after every break; meanwhile calls reject
 * at once. `prefix` keeps several services apart on one server. Never rejects.
 */
export async function connectRedis(url: string, log: Logger, prefix = PREFIX): Promise<RedisConnection> {
  const redis = connect(url, prefix, log);
  await connected(redis);
  const ask: RedisConnection['ask'] = async (work) => {
    try {
      return await work(redis);
    } catch (error) {
      throw new StoreUnavailable(`Redis (REDIS_URL) does not answer: ${nameOf(error)}`, { cause: error });
    }
  };
  return {
    ask,
    run: (script, keys, args) => ask(() => redis.eval(script, keys.length, ...keys, ...args)),
    // Not `quit`: a server that is away would be waited for.
    close: () => redis.disconnect(),
  };
}

function connect(url: string, keyPrefix: string, log: Logger): Redis {
  const redis = new Redis(url, {
    keyPrefix,
    connectTimeout: CONNECT_MS,
    // A counter that takes longer holds up what it counts: its caller goes on without.
    commandTimeout: REDIS_ANSWER_MS,
    // What waited through an outage would come too late.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 200, RECONNECT_MS_MAX),
  });
  let isAway = false;
  // Unheard, the event would end the process. Once an outage: it is told at every attempt to connect.
  redis.on('error', (error: unknown) => {
    if (isAway) return;
    isAway = true;
    log.warn({ reason: nameOf(error) }, 'Redis (REDIS_URL) cannot be reached; it is tried again and again');
  });
  redis.on('ready', () => {
    if (isAway) log.info({}, 'Redis (REDIS_URL) is there again');
    isAway = false;
  });
  return redis;
}

/** Resolves when it is there, cannot be reached, or takes too long. */
function connected(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, START_MS);
    for (const event of ['ready', 'error'] as const) {
      redis.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

/** The system's code where there is one: a message may quote what was sent, and with it the password. */
function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : errorText(error);
}
