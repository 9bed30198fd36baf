import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outageOf } from '../../../tests/contracts/outage.ts';
import { CREATE_THINGS, thingStatements } from '../../../tests/contracts/things.ts';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase, type TestDatabase } from '../../../tests/support/postgres.ts';
import { until } from '../../../tests/support/until.ts';
import { silentLogger } from '../../kernel/log.ts';
import type { Group } from '../statement.ts';
import { type Store, StoreRefused, StoreUnavailable } from '../store.ts';
import { openPostgres } from './open.ts';

const statements = Object.values(thingStatements);
const taking = (key: string): Group => ({
  guard: { statement: thingStatements.take.name, row: [key, 'v', 2, 1] },
  writes: [],
  otherwise: [{ statement: thingStatements.count.name, row: [key] }],
});

await describeWith('postgres', 'PostgreSQL', () => {
  let database: TestDatabase;
  let store: Store;
  let other: Store;
  beforeAll(async () => {
    database = await createDatabase();
    store = await openPostgres(database.url, statements, silentLogger);
    other = await openPostgres(database.url, statements, silentLogger);
    await store.transact(CREATE_THINGS.postgres.map((sql) => CompiledQuery.raw(sql)));
  });
  afterAll(async () => {
    await store.close();
    await other.close();
    await database.drop();
  });

  test('of two processes that take the same keys at once exactly one gets each', async () => {
    const keys = Array.from({ length: 50 }, (_, n) => `shared-${n}`);
    const orders = [keys, keys.toReversed()];
    const commits = Array.from({ length: 16 }, (_, n) =>
      (n % 2 === 0 ? store : other).commit([(orders[n % 3 === 0 ? 0 : 1] ?? []).map(taking)]),
    );
    const passed = (await Promise.all(commits)).flat(2);
    expect(passed.filter(Boolean)).toHaveLength(keys.length);
  });

  test('a connection that breaks in the middle of a transaction fails that one, not the process', async () => {
    const outage = outageOf(database.url);
    const stuck = store.transact([CompiledQuery.raw('SELECT 1 AS stuck, pg_sleep(20)')]);
    const failed = expect(stuck).rejects.toBeInstanceOf(StoreUnavailable);
    await until('the transaction is under way', () => isRunning(other, 'AS stuck'));
    await outage.begin();
    await failed;
    await outage.end();
    expect(await store.commit([[taking('after')]])).toEqual([[true]]);
  });

  test('a text that is too long for its index is refused rather than tried for ever', async () => {
    const long = Array.from({ length: 4_000 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
    ).join('');
    await expect(store.commit([[taking(long)]])).rejects.toBeInstanceOf(StoreRefused);
  });

  test('a server that no longer answers is unavailable, and the next connection serves again', async () => {
    const silent = await startMute(database.url);
    const through = await openPostgres(`${silent.url}?query_timeout=250`, statements, silentLogger);
    const ways = [
      () => through.read.executeQuery(CompiledQuery.raw('SELECT 1')),
      () => through.commit([[taking('mute')]]),
      () => through.probe(),
    ];
    // At once, so that each has a connection of its own, now and once nothing comes back on it.
    await Promise.all([...ways, ...ways].map((ask) => ask()));
    silent.mute();
    for (const answer of await Promise.allSettled(ways.map((ask) => ask()))) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    }
    silent.speak();
    expect(await through.commit([[taking('heard')]])).toEqual([[true]]);
    await through.close();
    await silent.close();
  });

  test('a server that cannot be reached is said to be so, without the password', async () => {
    const url = new URL(database.url);
    url.port = '1';
    url.password = 'hunter2';
    const opened = openPostgres(url.href, statements, silentLogger);
    await expect(opened).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(opened).rejects.toThrow(/DATABASE_URL/);
    await expect(opened).rejects.not.toThrow(/hunter2/);
  });
});

async function isRunning(store: Store, part: string): Promise<boolean> {
  const { rows } = await store.read.executeQuery(
    CompiledQuery.raw(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()`,
      [`%${part}%`],
    ),
  );
  return rows.length > 0;
}

/** A way to the server on which, while it is mute, nothing comes back. */
async function startMute(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let muted = false;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.on('data', (bytes) => void (muted || upstream.write(bytes)));
    upstream.on('data', (bytes) => void (muted || client.write(bytes)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    mute: () => void (muted = true),
    speak: () => void (muted = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
