import { Redis } from 'ioredis';
import { errorText, type Logger } from '../../kernel/log.ts';
import { StoreUnavailable } from '../store.ts';
import { checkEntry, type Ephemeral } from './port.ts';

const CONNECT_MS = 3_000;
/** A counter that takes longer holds up what it counts: its caller goes on without. */
const ANSWER_MS = 2_000;
const RECONNECT_MS_MAX = 2_000;
/** A start waits so long for it, not longer: without it everything but its use goes on. */
const START_MS = 1_000;
const PREFIX = 'tocsin:';

/** One script, so that a counter never lacks its end; `PEXPIRE … NX` is younger than the servers in use. */
const INCREMENT = `local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum`;
/** GETDEL, for servers before 6.2. */
const TAKE = `local value = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return value`;

/**
 * Short-lived values in Redis, by its URL (`redis://`, `rediss://`). It connects by itself, now and after every
 * break; meanwhile calls reject at once. `prefix` keeps several services apart on one server. Never rejects.
 */
export async function openRedis(url: string, log: Logger, prefix = PREFIX): Promise<Ephemeral> {
  const redis = connect(url, prefix, log);
  await connected(redis);
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new StoreUnavailable(`Redis (REDIS_URL) does not answer: ${nameOf(error)}`, { cause: error });
    }
  };
  return {
    kind: 'redis',
    async put(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      await ask(() => redis.set(key, value, 'PX', ttlMs));
    },
    get: async (key) => (await ask(() => redis.get(key))) ?? undefined,
    async claim(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      return (await ask(() => redis.set(key, value, 'PX', ttlMs, 'NX'))) === 'OK';
    },
    async take(key) {
      const value = await ask(() => redis.eval(TAKE, 1, key));
      return typeof value === 'string' ? value : undefined;
    },
    async increment(key, by, ttlMs) {
      checkEntry(key, '', ttlMs);
      return Number(await ask(() => redis.eval(INCREMENT, 1, key, by, ttlMs)));
    },
    sweep: async () => 0,
    // Not `quit`: a server that is away would be waited for.
    close: async () => redis.disconnect(),
  };
}

function connect(url: string, keyPrefix: string, log: Logger): Redis {
  const redis = new Redis(url, {
    keyPrefix,
    connectTimeout: CONNECT_MS,
    commandTimeout: ANSWER_MS,
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
