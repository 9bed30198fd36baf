import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase, type TestDatabase } from '../../../tests/support/postgres.ts';
import { silentLogger } from '../../kernel/log.ts';
import { CompiledQuery } from 'kysely';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { type Peers, type Store, StoreUnavailable } from '../store.ts';
import { openPostgres } from './open.ts';

const SECOND = 1_000;

await describeWith('postgres', 'the processes on one PostgreSQL', () => {
  let database: TestDatabase;
  const stores: Store[] = [];

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await database.drop();
  });

  async function join(name: string): Promise<{ store: Store; peers: Peers }> {
    const store = await openPostgres(database.url, [], silentLogger);
    stores.push(store);
    await migrate(store, migrations);
    const { peers } = store;
    if (peers === undefined) throw new TypeError('PostgreSQL has peers');
    await peers.ended(name, 0);
    return { store, peers };
  }

  /** As the end of its process does: the session is gone, and nobody said farewell. */
  const cut = (store: Store, name: string) =>
    store.write.executeQuery(
      CompiledQuery.raw(
        `SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN processes p ON p.key::oid = l.objid
         WHERE l.locktype = 'advisory' AND p.name = $1`,
        [name],
      ),
    );

  test('one that ended is named a little later, until it is seen to', async () => {
    await join('one');
    const { store, peers } = await join('two');
    await cut(store, 'one');
    expect(await peers.ended('two', 10 * SECOND)).toEqual([]);
    expect(await peers.ended('two', 12 * SECOND)).toEqual(['one']);
    expect(await peers.ended('two', 13 * SECOND)).toEqual(['one']);
    await peers.forget('one');
    expect(await peers.ended('two', 14 * SECOND)).toEqual([]);
  });

  test('are counted while they live, each by all', async () => {
    const { store, peers: one } = await join('one');
    const { peers: two } = await join('two');
    await one.ended('one', SECOND);
    expect([one.living, two.living]).toEqual([2, 2]);
    await cut(store, 'two');
    await one.ended('one', 2 * SECOND);
    expect(one.living).toBe(1);
  });

  test('one that ended before this one began is named as well', async () => {
    const { store } = await join('one');
    await cut(store, 'one');
    const { peers } = await join('two');
    expect(await peers.ended('two', 2 * SECOND)).toEqual(['one']);
  });

  test('one that lives, or that took its leave, is not named', async () => {
    await join('one');
    const { store } = await join('leaves');
    const { peers } = await join('two');
    await store.close();
    for (let at = 1; at < 5; at++) expect(await peers.ended('two', at * SECOND)).toEqual([]);
  });

  test('one that lost its connection and not its life is back before it is taken for dead', async () => {
    const one = await join('one');
    const two = await join('two');
    await cut(two.store, 'one');
    expect(await two.peers.ended('two', 10 * SECOND)).toEqual([]);
    // It learns of its loss by itself or by this question, which then fails.
    await one.peers
      .ended('one', 10 * SECOND)
      .catch((error: unknown) => expect(error).toBeInstanceOf(StoreUnavailable));
    expect(await one.peers.ended('one', 11 * SECOND)).toEqual([]);
    expect(await two.peers.ended('two', 12 * SECOND)).toEqual([]);
    expect(await two.peers.ended('two', 14 * SECOND)).toEqual([]);
  });

  test('one that was forgotten by mistake makes itself known again', async () => {
    const one = await join('one');
    const two = await join('two');
    await two.peers.forget('one');
    await one.peers.ended('one', SECOND);
    await cut(two.store, 'one');
    expect(await two.peers.ended('two', 10 * SECOND)).toEqual([]);
    expect(await two.peers.ended('two', 12 * SECOND)).toEqual(['one']);
  });
});
