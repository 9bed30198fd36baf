import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createDatabase } from '../../../tests/support/postgres.ts';
import { describeWith, redisUrl } from '../../../tests/support/needs.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { openTestStore } from '../../../tests/support/test-store.ts';
import { type Logger, silentLogger } from '../../kernel/log.ts';
import { migrate } from '../migrate.ts';
import { shortLivedValues } from '../migrations/0006-short-lived-values.ts';
import { openPostgres } from '../postgres/open.ts';
import { connectRedis } from '../redis/connection.ts';
import { StoreUnavailable } from '../store.ts';
import { ephemeralContract } from './contract.ts';
import { openMemory } from './memory.ts';
import { openRedisValues } from './redis.ts';
import { openSql } from './sql.ts';

ephemeralContract('memory', async () => {
  const clock = new ManualClock();
  return {
    values: openMemory(clock),
    other: undefined,
    pass: (ms) => clock.advance(ms),
    dispose: async () => {},
  };
});

ephemeralContract('SQLite', async () => {
  const clock = new ManualClock();
  const store = await openTestStore();
  return {
    values: openSql(store, clock),
    other: undefined,
    pass: (ms) => clock.advance(ms),
    dispose: () => store.close(),
  };
});

await describeWith('postgres', 'with a server', () =>
  ephemeralContract('PostgreSQL', async () => {
    const clock = new ManualClock();
    const database = await createDatabase();
    const store = await openPostgres(database.url, [], silentLogger);
    await migrate(store, [shortLivedValues]);
    const other = await openPostgres(database.url, [], silentLogger);
    return {
      values: openSql(store, clock),
      other: openSql(other, clock),
      pass: (ms) => clock.advance(ms),
      async dispose() {
        await store.close();
        await other.close();
        await database.drop();
      },
    };
  }),
);

await describeWith('redis', 'with a Redis', () => {
  ephemeralContract('Redis', async () => {
    const prefix = `tocsin-test-${randomUUID()}:`;
    const connection = await connectRedis(redisUrl, silentLogger, prefix);
    const another = await connectRedis(redisUrl, silentLogger, prefix);
    return {
      values: openRedisValues(connection),
      other: openRedisValues(another),
      // The server's own clock: it cannot be moved.
      pass: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
      async dispose() {
        connection.close();
        another.close();
      },
    };
  });
});

test('memory is bounded: what is over makes room, and what is not is not pushed out', async () => {
  const clock = new ManualClock();
  const values = openMemory(clock, 3);
  for (const key of ['a', 'b', 'c']) await values.put(key, 'v', 1_000);
  await expect(values.put('d', 'v', 1_000)).rejects.toBeInstanceOf(StoreUnavailable);
  await values.put('a', 'again', 5_000);
  await clock.advance(2_000);
  await values.put('d', 'v', 1_000);
  expect(await values.get('a')).toBe('again');
});

test('a Redis that is not there: calls are refused at once, and it is told once, without its password', async () => {
  const closed = createServer();
  await once(closed.listen(0, '127.0.0.1'), 'listening');
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : 0;
  closed.close();
  const told: string[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (fields, message) => told.push(JSON.stringify([fields, message])),
  };
  const connection = await connectRedis(`redis://:hunter2@127.0.0.1:${port}`, log);
  const values = openRedisValues(connection);
  for (let n = 0; n < 3; n++) {
    const refused = await values.increment('k', 1, 1_000).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(String(refused)).not.toContain('hunter2');
  }
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('ECONNREFUSED');
  expect(told[0]).not.toContain('hunter2');
  connection.close();
});
