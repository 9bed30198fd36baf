import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onFreshStores } from '../../../tests/contracts/fresh-store.ts';
import { fillTables } from '../../../tests/support/filled-tables.ts';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase } from '../../../tests/support/postgres.ts';
import { silentLogger } from '../../kernel/log.ts';
import { transferRules } from '../../app/transfer.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { openPostgres } from '../postgres/open.ts';
import { DATABASE_FILE } from '../sqlite/directory.ts';
import { openSqlite } from '../sqlite/open.ts';
import { exportStore } from './export-store.ts';
import { importIntoPostgres } from './import-into-postgres.ts';
import { importIntoSqlite } from './import-into-sqlite.ts';
import type { ImportOptions } from './import-store.ts';
import { readPostgres, writePostgres } from './postgres-session.ts';
import { openExport } from './read-export.ts';
import { readRows } from './read-rows.ts';
import type { TransferSession } from './session.ts';
import { readSqlite, writeSqlite } from './sqlite-session.ts';
import { transferTables } from './table.ts';

const schema = migrations.at(-1)?.number ?? 0;
const tables = transferTables(migrations, transferRules);
const about = { version: 'test', schema, at: '2026-01-31T12:00:00.000Z' };
const options: ImportOptions = { migrations, rules: transferRules, adapt: {}, onRows: () => {} };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-transfer-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const inDirectory = (name: string): string => join(directory, name);
const fileOf = (name: string): string => join(directory, name, DATABASE_FILE);

async function filledSqlite(name: string): Promise<string> {
  const store = await openSqlite(inDirectory(name), []);
  await migrate(store, migrations);
  await store.close();
  const session = writeSqlite(fileOf(name));
  await fillTables(session, tables);
  await session.close();
  await (await openSqlite(inDirectory(name), [])).close();
  return fileOf(name);
}

async function textOf(session: TransferSession): Promise<string> {
  let text = '';
  for await (const piece of exportStore(session, { tables, about, onRows: () => {} })) text += piece;
  await session.close();
  return text;
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('an export of SQLite', () => {
  test('imported and exported again is the same, byte for byte', async () => {
    const first = await textOf(await readSqlite(await filledSqlite('one')));
    expect(first.split('\n').length).toBeGreaterThan(tables.length * 5);
    await importIntoSqlite(inDirectory('two'), await openExport(bytesOf(first)), options);
    expect(await textOf(await readSqlite(fileOf('two')))).toBe(first);
  });

  test('is of one moment, whatever is written meanwhile', async () => {
    const path = await filledSqlite('one');
    const session = await readSqlite(path);
    const store = await openSqlite(inDirectory('one'), []);
    await store.transact([CompiledQuery.raw('DELETE FROM events'), CompiledQuery.raw('DELETE FROM audit')]);
    const text = await textOf(session);
    await store.close();
    expect(text).toContain('["events",');
    expect(text).toContain('["audit",');
  });

  test('holds few rows in memory at once, however large they are', async () => {
    const path = await filledSqlite('one');
    const notes = tables.find(({ name }) => name === 'notes');
    if (notes === undefined) throw new TypeError('there are notes');
    const session = writeSqlite(path);
    const large = 'x'.repeat(3_000_000);
    const rows = Array.from({ length: 7 }, (_, n) => [`note ${n}`, 'evt', n, 'actor', 'name', large]);
    await session.insert(notes, rows);
    await session.commit();
    await session.close();
    const reading = await readSqlite(path);
    const portions: number[] = [];
    for await (const portion of readRows(reading, notes)) portions.push(portion.length);
    await reading.close();
    expect(portions.reduce((sum, count) => sum + count, 0)).toBe(7 + 6);
    expect(portions.filter((count) => count > 7)).toEqual([]);
    expect(portions.length).toBeGreaterThanOrEqual(7);
  });
});

await describeWith('postgres', 'an export', () => {
  test('goes from SQLite to PostgreSQL and back with every byte', async () => {
    const first = await textOf(await readSqlite(await filledSqlite('one')));
    const database = await createDatabase();
    try {
      await importIntoPostgres(database.url, await openExport(bytesOf(first)), options);
      const second = await textOf(await readPostgres(database.url));
      expect(second).toBe(first);
      await importIntoSqlite(inDirectory('two'), await openExport(bytesOf(second)), options);
      expect(await textOf(await readSqlite(fileOf('two')))).toBe(first);
    } finally {
      await database.drop();
    }
  });

  test('is not taken in by a database that has rows, nor by one that a process runs on', async () => {
    const text = await textOf(await readSqlite(await filledSqlite('one')));
    const database = await createDatabase();
    const store = await openPostgres(database.url, [], silentLogger);
    try {
      await migrate(store, migrations);
      await store.peers?.ended('somebody', 0);
      const runs = importIntoPostgres(database.url, await openExport(bytesOf(text)), options);
      await expect(runs).rejects.toThrow(/a Tocsin process runs on this database/);
      await store.close();
      const session = await writePostgres(database.url, tables);
      await fillTables(session, tables);
      await session.close();
      const before = await textOf(await readPostgres(database.url));
      const full = importIntoPostgres(database.url, await openExport(bytesOf(text)), options);
      await expect(full).rejects.toThrow(/not empty/);
      expect(await textOf(await readPostgres(database.url))).toBe(before);
    } finally {
      await store.close();
      await database.drop();
    }
  });

  test('that is cut short leaves an empty database', async () => {
    const text = await textOf(await readSqlite(await filledSqlite('one')));
    const database = await createDatabase();
    try {
      const cut = await openExport(bytesOf(text.slice(0, text.lastIndexOf('{"end"'))));
      await expect(importIntoPostgres(database.url, cut, options)).rejects.toThrow(/cut short/);
      await importIntoPostgres(database.url, await openExport(bytesOf(text)), options);
      expect(await textOf(await readPostgres(database.url))).toBe(text);
    } finally {
      await database.drop();
    }
  });
});

test('an export of every earlier schema goes into the newest', async () => {
  for (const [index, { number }] of migrations.entries()) {
    const ran = migrations.slice(0, index + 1);
    const name = `schema-${number}`;
    mkdirSync(inDirectory(name));
    const store = await openSqlite(inDirectory(name), []);
    await migrate(store, ran);
    await store.close();
    const old = transferTables(ran, transferRules);
    const filling = writeSqlite(fileOf(name));
    await fillTables(filling, old);
    await filling.close();
    let text = '';
    const session = await readSqlite(fileOf(name));
    const texts = exportStore(session, {
      tables: old,
      about: { ...about, schema: number },
      onRows: () => {},
    });
    for await (const piece of texts) text += piece;
    await session.close();
    await importIntoSqlite(inDirectory(`${name}-new`), await openExport(bytesOf(text)), options);
    const events = await readSqlite(fileOf(`${name}-new`));
    expect(await events.query('SELECT count(*) AS n FROM events')).toEqual([{ n: 6 }]);
    await events.close();
  }
});

/** Tables that are SQLite's or PostgreSQL's alone, or hold what `migrate` notes. */
const OWN = ['processes', 'schema_migrations', 'search'];

await onFreshStores('the tables of an export', (fresh) => {
  test('are all there are but those left out by name, with the columns that the store has', async () => {
    const { store, dispose } = await fresh();
    await migrate(store, migrations);
    const { rows } = await store.read.executeQuery<{ table: string; column: string }>(
      CompiledQuery.raw(
        store.dialect === 'postgres'
          ? `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
             WHERE table_schema = 'public' ORDER BY ordinal_position`
          : `SELECT t.name AS "table", c.name AS "column" FROM pragma_table_list t, pragma_table_info(t.name) c
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY c.cid`,
      ),
    );
    await dispose();
    const columns = new Map<string, string[]>();
    for (const { table, column } of rows) {
      if (transferRules.leftOut.has(table) || OWN.includes(table)) continue;
      columns.set(table, [...(columns.get(table) ?? []), column]);
    }
    const exported = tables.map(({ name, columns: own }) => [name, own.map((column) => column.name)]);
    expect(Object.fromEntries(exported)).toEqual(Object.fromEntries(columns));
  });
});
