import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FreshStore, onFreshStores } from '../../tests/contracts/fresh-store.ts';
import { migrate, type Migration, SchemaMismatch } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import type { Store } from './store.ts';

const step = (number: number, name: string, ...sql: string[]): Migration => ({
  number,
  name,
  sqlite: sql,
  postgres: sql,
});
const first = step(
  1,
  'first',
  'CREATE TABLE a (n INTEGER)',
  'CREATE TABLE b (n INTEGER)',
  'INSERT INTO a VALUES (1)',
);
const second = step(2, 'second', 'ALTER TABLE b ADD COLUMN m INTEGER', 'CREATE TABLE c (n INTEGER)');

const query = async (store: Store, sql: string): Promise<readonly Record<string, unknown>[]> =>
  (await store.write.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql))).rows;
const exists = (store: Store, table: string): Promise<boolean> =>
  query(store, `SELECT 1 FROM ${table}`).then(
    () => true,
    () => false,
  );
const applied = (store: Store) => query(store, 'SELECT number, name FROM schema_migrations ORDER BY number');

/** A store whose transactions of a migration end at their nth statement, as a kill there would end them. */
function dyingAt(store: Store, position: number): Store {
  return {
    ...store,
    transact: (queries) =>
      queries.some(({ sql }) => sql.includes('INSERT INTO schema_migrations'))
        ? store.transact(queries.toSpliced(position, 0, CompiledQuery.raw('SELECT * FROM here_it_ends')))
        : store.transact(queries),
  };
}

await onFreshStores('migrations', (fresh) => {
  let subject: FreshStore;
  beforeEach(async () => {
    subject = await fresh();
  });
  afterEach(() => subject.dispose());

  test('a new database gets the whole schema, and a second start changes nothing', async () => {
    const { store } = subject;
    expect(await migrate(store, migrations)).toEqual(migrations.map(({ name }) => name));
    const before = await applied(store);
    expect(await migrate(store, migrations)).toEqual([]);
    expect(await applied(store)).toEqual(before);
    for (const table of [
      'events',
      'event_keys',
      'matters',
      'acknowledgements',
      'notes',
      'search',
      'search_progress',
      'deliveries',
      'attempts',
      'audit',
      'tokens',
      'config_objects',
    ]) {
      expect(await exists(store, table), table).toBe(true);
    }
    await store.probe();
  });

  test('a database of an earlier version is brought up to date, with its rows', async () => {
    const { store } = subject;
    await migrate(store, [first]);
    expect(await migrate(store, [first, second])).toEqual(['second']);
    expect(await query(store, 'SELECT n FROM a')).toEqual([{ n: 1 }]);
    expect(await query(store, 'SELECT n, m FROM b')).toEqual([]);
  });

  test('two processes that start at once run each step once, and both come up', async () => {
    const { store } = subject;
    const ran = await Promise.all(Array.from({ length: 3 }, () => migrate(store, [first, second])));
    expect(ran.flat().sort()).toEqual(['first', 'second']);
    expect(await query(store, 'SELECT n FROM a')).toHaveLength(1);
  });

  test.each([0, 2, 4])(
    'cut short at statement %i it leaves nothing, and the next start goes on',
    async (position) => {
      const { store } = subject;
      const three = step(
        3,
        'third',
        'CREATE TABLE d (n INTEGER)',
        'CREATE TABLE e (n INTEGER)',
        'DROP TABLE a',
      );
      const all = [first, second, three];
      await migrate(store, [first, second]);
      await expect(migrate(dyingAt(store, position), all)).rejects.toThrow(/here_it_ends/);
      expect(await applied(store)).toHaveLength(2);
      expect(await exists(store, 'd')).toBe(false);
      expect(await exists(store, 'a')).toBe(true);
      expect(await migrate(store, all)).toEqual(['third']);
    },
  );

  test('cut short at the very first step it leaves a database that the next start takes for new', async () => {
    const { store } = subject;
    await expect(migrate(dyingAt(store, 3), [first])).rejects.toThrow();
    expect(await migrate(store, [first])).toEqual(['first']);
    expect(await query(store, 'SELECT n FROM a')).toEqual([{ n: 1 }]);
  });

  test('a database of a newer version is refused, in words that say what to do', async () => {
    const { store } = subject;
    await migrate(store, [first, second]);
    const older = migrate(store, [first]);
    await expect(older).rejects.toBeInstanceOf(SchemaMismatch);
    await expect(older).rejects.toThrow(/schema 2.*knows up to 1.*newer Tocsin/);
  });

  test('a step that is not the one this database ran is refused', async () => {
    const { store } = subject;
    await migrate(store, [first]);
    const changed = migrate(store, [{ ...first, sqlite: ['SELECT 1'], postgres: ['SELECT 1'] }, second]);
    await expect(changed).rejects.toBeInstanceOf(SchemaMismatch);
    await expect(changed).rejects.toThrow(/migration 1 \(first\)/);
    expect(await applied(store)).toHaveLength(1);
  });
});
