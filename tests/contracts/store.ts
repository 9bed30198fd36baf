import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Group, SqlValue, Submission, Write } from '../../src/storage/statement.ts';
import { type Store, StoreRefused, StoreUnavailable } from '../../src/storage/store.ts';
import { CREATE_THINGS, thingStatements as things } from './things.ts';

/** A store to be tested, with the statements and the tables of `things.ts`. */
export interface Subject {
  readonly store: Store;
  /** Makes every write fail for a reason that goes away, as a full disk or a server that is away does. */
  breakIt(): Promise<void>;
  mendIt(): Promise<void>;
  dispose(): Promise<void>;
}

/** What every store promises to the journal and the domains above it. */
export function storeContract(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    const subject = opened(open);
    describe('commit', () => commitContract(subject));
    describe('guards', () => guardContract(subject));
    describe('values', () => valueContract(subject));
    describe('transact', () => transactContract(subject));
    describe('failures', () => failureContract(subject));
    describe('close', () => closeContract(open));
  });
}

function opened(open: () => Promise<Subject>): () => Subject {
  let subject: Subject | undefined;
  const current = (): Subject => {
    if (subject === undefined) throw new TypeError('open inside tests only');
    return subject;
  };
  beforeAll(async () => {
    subject = await open();
    await subject.store.transact(CREATE_THINGS[subject.store.dialect].map((sql) => CompiledQuery.raw(sql)));
  });
  beforeEach(async () => {
    await current().store.transact([
      CompiledQuery.raw('DELETE FROM things'),
      CompiledQuery.raw('DELETE FROM notes'),
    ]);
  });
  afterAll(async () => {
    await subject?.store.close();
    await subject?.dispose();
  });
  return current;
}

const NOW = Date.UTC(2026, 0, 1);
const put = (key: string | null, value: SqlValue = 'v'): Write => ({
  statement: things.put.name,
  row: [key, value, NOW],
});
const note = (text: string): Write => ({ statement: things.note.name, row: [text] });

/** Takes `key`, for a minute from `now`: with it goes a note `then`, else one `otherwise` and a count. */
function taking(key: string, now = NOW): Group {
  return {
    guard: { statement: things.take.name, row: [key, 'taken', now + 60_000, now] },
    writes: [note(`took ${key}`)],
    otherwise: [note(`missed ${key}`), { statement: things.count.name, row: [key] }],
  };
}

async function rows(store: Store, sql: string): Promise<readonly Record<string, unknown>[]> {
  const result = await store.read.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql));
  return result.rows;
}
async function notes(store: Store): Promise<unknown[]> {
  return (await rows(store, 'SELECT text FROM notes ORDER BY text')).map((row) => row['text']);
}
async function keys(store: Store): Promise<unknown[]> {
  return (await rows(store, 'SELECT key FROM things ORDER BY key')).map((row) => row['key']);
}

function commitContract(subject: () => Subject): void {
  test('writes every submission of a batch, and a read finds it as soon as the commit resolves', async () => {
    const { store } = subject();
    const passed = await store.commit([
      [{ writes: [put('a'), note('n')] }, { writes: [put('b')] }],
      [],
      [{ writes: [] }],
    ]);
    expect(passed).toEqual([[true, true], [], [true]]);
    expect(await keys(store)).toEqual(['a', 'b']);
    expect(await notes(store)).toEqual(['n']);
  });

  test('one row that cannot be written leaves nothing of the whole batch', async () => {
    const { store } = subject();
    const batch = [[{ writes: [put('a')] }, taking('k')], [{ writes: [put('b'), put('c', null)] }]];
    await expect(store.commit(batch)).rejects.toBeInstanceOf(StoreRefused);
    expect(await keys(store)).toEqual([]);
    expect(await notes(store)).toEqual([]);
    // The key was not taken either.
    expect(await store.commit([[taking('k')]])).toEqual([[true]]);
  });

  test('many commits at once lose nothing', async () => {
    const { store } = subject();
    const one = async (n: number): Promise<void> => {
      await store.commit([[{ writes: [put(`key-${n}`)] }, taking(`taken-${n}`)]]);
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => one(n)));
    expect(await keys(store)).toHaveLength(400);
    expect(await notes(store)).toHaveLength(200);
  });

  test('a statement that nobody declared is a fault of the program', async () => {
    await expect(subject().store.commit([[{ writes: [{ statement: 'no.such', row: [] }] }]])).rejects.toThrow(
      /no\.such/,
    );
  });

  test('takes a batch of more than a thousand rows', async () => {
    const { store } = subject();
    const batch: Submission[] = Array.from({ length: 512 }, (_, n) => [
      taking(`k-${n}`),
      { writes: [put(`p-${n}`), note('x')] },
    ]);
    await store.commit(batch);
    expect(await keys(store)).toHaveLength(1_024);
  });
}

function guardContract(subject: () => Subject): void {
  test('of equal keys in one batch the first passes, and the others get their `otherwise`', async () => {
    const { store } = subject();
    const passed = await store.commit([
      [taking('k'), taking('k')],
      [taking('other'), taking('k')],
    ]);
    expect(passed).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(await notes(store)).toEqual(['missed k', 'missed k', 'took k', 'took other']);
    expect(await rows(store, "SELECT times FROM things WHERE key = 'k'")).toEqual([{ times: 2 }]);
  });

  test('`otherwise` finds what the same batch writes, wherever in the batch it stands', async () => {
    const { store } = subject();
    await store.commit([[taking('old')]]);
    // A repeat of `old` comes first, so that counting is the first statement that the batch needs.
    await store.commit([[taking('old')], [taking('new')], [taking('new')]]);
    expect(await rows(store, 'SELECT key, times FROM things ORDER BY key')).toEqual([
      { key: 'new', times: 1 },
      { key: 'old', times: 1 },
    ]);
  });

  test('of commits at once with the same key exactly one passes', async () => {
    const { store } = subject();
    const passed = await Promise.all(Array.from({ length: 30 }, () => store.commit([[taking('k')]])));
    expect(passed.filter(([first]) => first?.[0] === true)).toHaveLength(1);
    expect((await notes(store)).filter((text) => text === 'took k')).toHaveLength(1);
    expect(await rows(store, 'SELECT times FROM things')).toEqual([{ times: 29 }]);
  });

  test('commits at once that take the same keys in other orders all come through', async () => {
    const { store } = subject();
    const all = Array.from({ length: 40 }, (_, n) => `k-${n}`);
    const orders = [all, all.toReversed(), [...all.slice(20), ...all.slice(0, 20)]];
    const passed = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.commit([(orders[n % 3] ?? []).map((key) => taking(key))])),
    );
    expect(passed.flat(2).filter(Boolean)).toHaveLength(all.length);
    expect(await rows(store, 'SELECT sum(times) AS times FROM things')).toEqual([{ times: 11 * all.length }]);
  });

  test('a key whose time is over is taken anew, once', async () => {
    const { store } = subject();
    await store.commit([[taking('k', NOW)]]);
    expect(await store.commit([[taking('k', NOW + 59_999)]])).toEqual([[false]]);
    expect(await store.commit([[taking('k', NOW + 60_000), taking('k', NOW + 60_000)]])).toEqual([
      [true, false],
    ]);
    expect(await store.commit([[taking('k', NOW + 60_001)]])).toEqual([[false]]);
  });

  test('a key with characters that no store keeps passes all the same, and once', async () => {
    const { store } = subject();
    for (const key of ['nul\0nul', 'lone\uD800lone']) {
      expect(await store.commit([[taking(key), taking(key)], [taking(key)]])).toEqual([
        [true, false],
        [false],
      ]);
      expect(await store.commit([[taking(key)]])).toEqual([[false]]);
    }
  });
}

/** Characters that are special to a wire format, an encoding or a parser on the way. */
const AWKWARD: string[] = [
  '',
  'NULL',
  '{a,"b"}',
  '\\',
  '"',
  "'",
  ',',
  '\n\r\t',
  '?1 $1',
  '🚀',
  '\u2028',
  '\uFEFFx',
  '%_',
];

function valueContract(subject: () => Subject): void {
  const roundTrip = async (value: string): Promise<unknown> => {
    const { store } = subject();
    await store.commit([[{ writes: [put('k', value)] }]]);
    const [row] = await rows(store, 'SELECT value FROM things');
    await store.transact([CompiledQuery.raw('DELETE FROM things')]);
    return row?.['value'];
  };

  test('texts come back as they were, whatever they hold', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 100 }), { minLength: 30, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const { store } = subject();
        await store.transact([CompiledQuery.raw('DELETE FROM things')]);
        await store.commit(values.map((value, n) => [{ writes: [put(`${n}`.padStart(3, '0'), value)] }]));
        const found = await rows(store, 'SELECT value FROM things ORDER BY key');
        expect(found.map((row) => row['value'])).toEqual(
          values.map((value) => value.replaceAll('\0', '\uFFFD')),
        );
      }),
      { numRuns: 10, examples: [[AWKWARD]] },
    );
  });

  test('what no text of a database holds, NUL and lone surrogates, becomes U+FFFD and cuts nothing off', async () => {
    expect(await roundTrip('a\0b\0')).toBe('a\uFFFDb\uFFFD');
    expect(await roundTrip('a\uD800b\uDC00c')).toBe('a\uFFFDb\uFFFDc');
  });

  test('the same text is found by the query that asks for it', async () => {
    const { store } = subject();
    const insert = store.write.withTables<ThingTables>().insertInto('things');
    for (const key of ['a\0b', 'c\uD800d', '{"e"}']) {
      await insert.values({ key, value: key, expires_at: 0 }).execute();
      const found = store.read
        .withTables<ThingTables>()
        .selectFrom('things')
        .select('value')
        .where('key', '=', key);
      expect(await found.execute()).toHaveLength(1);
    }
  });

  test('a text of megabytes survives', async () => {
    const value = 'ü'.repeat(700_000) + 'end';
    expect(await roundTrip(value)).toBe(value);
  });

  test('whole numbers come back as numbers, up to the largest that is safe', async () => {
    const { store } = subject();
    const numbers = [0, -1, 2 ** 31, 1_789_000_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    await store.commit([
      numbers.map((n, i) => ({ writes: [{ statement: things.put.name, row: [`${i}`, 'v', n] }] })),
    ]);
    expect(await rows(store, 'SELECT expires_at AS n FROM things ORDER BY key')).toEqual(
      numbers.map((n) => ({ n })),
    );
  });

  test('null stays null', async () => {
    const { store } = subject();
    await store.commit([[{ writes: [{ statement: things.put.name, row: ['k', 'v', null] }] }]]);
    expect(await rows(store, 'SELECT expires_at FROM things')).toEqual([{ expires_at: null }]);
  });
}

type ThingTables = { things: { key: string; value: string; expires_at: number } };

const insertThing = (key: string): CompiledQuery =>
  CompiledQuery.raw(`INSERT INTO things (key, value) VALUES ('${key}', 'v')`);

function transactContract(subject: () => Subject): void {
  test('runs its queries in order and tells what each gave and changed', async () => {
    const { store } = subject();
    const results = await store.transact([
      insertThing('a'),
      insertThing('b'),
      CompiledQuery.raw("UPDATE things SET value = 'w'"),
      CompiledQuery.raw("UPDATE things SET value = 'x' WHERE key = 'a' RETURNING key"),
      CompiledQuery.raw('SELECT key, value FROM things ORDER BY key'),
    ]);
    expect(results.map(({ changes }) => changes)).toEqual([1, 1, 2, 1, 2]);
    expect(results[3]?.rows).toEqual([{ key: 'a' }]);
    expect(results[4]?.rows).toMatchObject([{ value: 'x' }, { value: 'w' }]);
  });

  test('leaves nothing when one of them fails', async () => {
    const { store } = subject();
    await expect(
      store.transact([insertThing('a'), insertThing('b'), insertThing('a')]),
    ).rejects.toBeInstanceOf(StoreRefused);
    expect(await keys(store)).toEqual([]);
    // And nothing stays open: the next transaction is its own.
    await store.transact([insertThing('a')]);
    expect(await keys(store)).toEqual(['a']);
  });
}

/** Every way to write. */
const writes: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['a commit', (store) => store.commit([[{ writes: [put('k')] }]])],
  ['a transaction', (store) => store.transact([insertThing('k')])],
  ['a single write', (store) => store.write.executeQuery(insertThing('k'))],
  [
    'a write that gives rows back',
    (store) => store.write.executeQuery(CompiledQuery.raw(`${insertThing('k').sql} RETURNING key`)),
  ],
];

function failureContract(subject: () => Subject): void {
  test.each(writes)(
    '%s that breaks a constraint is refused: trying again would not help',
    async (_, write) => {
      const { store } = subject();
      await write(store);
      await expect(write(store)).rejects.toBeInstanceOf(StoreRefused);
    },
  );

  test('a query for what does not exist is refused', async () => {
    const { store } = subject();
    await expect(rows(store, 'SELECT * FROM no_such_table')).rejects.toBeInstanceOf(StoreRefused);
  });

  test('the probe resolves while the store can write', async () => {
    await expect(subject().store.probe()).resolves.toBeUndefined();
  });

  test.each([...writes, ['the probe', (store: Store) => store.probe()] as const])(
    '%s is told to try later while the store cannot write, and goes through once it can',
    async (_, write) => {
      const { store, breakIt, mendIt } = subject();
      await breakIt();
      await expect(write(store)).rejects.toBeInstanceOf(StoreUnavailable);
      await mendIt();
      await write(store);
    },
  );
}

function closeContract(open: () => Promise<Subject>): void {
  test('answers what was asked before, refuses what is asked after as unavailable, and can be asked twice', async () => {
    const { store, dispose } = await open();
    await store.transact(CREATE_THINGS[store.dialect].map((sql) => CompiledQuery.raw(sql)));
    const before = store.commit([[{ writes: [put('k')] }]]);
    await before;
    const closing = store.close();
    const calls: readonly (() => Promise<unknown>)[] = [
      ...writes.map(
        ([, write]) =>
          () =>
            write(store),
      ),
      () => store.probe(),
      () => store.read.executeQuery(CompiledQuery.raw('SELECT 1')),
    ];
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
    await closing;
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.close()).resolves.toBeUndefined();
    await dispose();
  });
}
