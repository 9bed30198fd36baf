import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase, type TestDatabase } from '../../../tests/support/postgres.ts';
import { silentLogger } from '../../kernel/log.ts';
import { type Leadership, type Store, StoreUnavailable } from '../store.ts';
import { openPostgres } from './open.ts';

await describeWith('postgres', 'who leads of the processes on one PostgreSQL', () => {
  let database: TestDatabase;
  const stores: Store[] = [];

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await database.drop();
  });

  async function join(): Promise<{ store: Store; leadership: Leadership }> {
    const store = await openPostgres(database.url, [], silentLogger);
    stores.push(store);
    const { leadership } = store;
    if (leadership === undefined) throw new TypeError('PostgreSQL knows who leads');
    return { store, leadership };
  }

  /** As a failover does, or an operator: all sessions that hold a lock. */
  const cut = (store: Store) =>
    store.write.executeQuery(
      CompiledQuery.raw(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    );

  test('is one, in each name, however many ask at once', async () => {
    const all = [await join(), await join(), await join()];
    for (const name of ['a', 'b']) {
      const asked = all.flatMap(({ leadership }) => [leadership, leadership, leadership]);
      const answers = await Promise.all(asked.map((leadership) => leadership.leads(name)));
      expect(answers.filter(Boolean)).toHaveLength(3);
      expect(await Promise.all(asked.map((leadership) => leadership.leads(name)))).toEqual(answers);
    }
  });

  test('is another once it resigns, or closes, however often it asked', async () => {
    const [one, two] = [await join(), await join()];
    for (let n = 0; n < 3; n++) expect(await one.leadership.leads('a')).toBe(true);
    expect(await two.leadership.leads('a')).toBe(false);
    await one.leadership.resign();
    expect(await two.leadership.leads('a')).toBe(true);
    expect(await one.leadership.leads('a')).toBe(false);
    await two.store.close();
    expect(await one.leadership.leads('a')).toBe(true);
    await expect(two.leadership.leads('a')).rejects.toThrow(StoreUnavailable);
  });

  test('has nothing more once its session is gone, in no name, until it takes it anew', async () => {
    const [one, two] = [await join(), await join()];
    for (const name of ['a', 'b']) expect(await one.leadership.leads(name)).toBe(true);
    expect(await two.leadership.leads('c')).toBe(true);
    await cut(two.store);
    // It learns of its loss by itself or by this question, which then fails.
    const failed = (error: unknown) => expect(error).toBeInstanceOf(StoreUnavailable);
    await two.leadership.leads('a').catch(failed);
    expect(await two.leadership.leads('a')).toBe(true);
    await one.leadership.leads('a').catch(failed);
    expect(await one.leadership.leads('a')).toBe(false);
    expect(await one.leadership.leads('b')).toBe(true);
    expect(await two.leadership.leads('b')).toBe(false);
  });

  test('cannot be told where there is no server, and is told again when there is', async () => {
    const { leadership, store } = await join();
    await leadership.leads('a');
    const name = new URL(database.url).pathname.slice(1);
    const elsewhere = await openPostgres(new URL('/postgres', database.url).href, [], silentLogger);
    stores.push(elsewhere);
    const allow = (allowed: boolean) =>
      elsewhere.write.executeQuery(CompiledQuery.raw(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`));
    await allow(false);
    await cut(store);
    await leadership.leads('a').catch(() => undefined);
    await expect(leadership.leads('a')).rejects.toThrow(StoreUnavailable);
    await allow(true);
    expect(await leadership.leads('a')).toBe(true);
  });
});
