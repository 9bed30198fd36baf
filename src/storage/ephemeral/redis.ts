import type { RedisConnection } from '../redis/connection.ts';
import { checkEntry, type Ephemeral } from './port.ts';

/** One script, so that a counter never lacks its end; `PEXPIRE … NX` is younger than the servers in use. */
const INCREMENT = `local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum`;
/** GETDEL, for servers before 6.2. */
const TAKE = `local value = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return value`;

/** Short-lived values in Redis. The connection stays with who opened it. */
export function openRedisValues({ ask, run }: RedisConnection): Ephemeral {
  return {
    kind: 'redis',
    async put(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      await ask((redis) => redis.set(key, value, 'PX', ttlMs));
    },
    get: async (key) => (await ask((redis) => redis.get(key))) ?? undefined,
    async claim(key, value, ttlMs) {
      checkEntry(key, value, ttlMs);
      return (await ask((redis) => redis.set(key, value, 'PX', ttlMs, 'NX'))) === 'OK';
    },
    async take(key) {
      const value = await run(TAKE, [key], []);
      return typeof value === 'string' ? value : undefined;
    },
    async increment(key, by, ttlMs) {
      checkEntry(key, '', ttlMs);
      return Number(await run(INCREMENT, [key], [by, ttlMs]));
    },
    sweep: async () => 0,
    close: async () => {},
  };
}
