import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { FILLED_KEY, fillTables } from '../../../tests/support/filled-tables.ts';
import { transferRules } from '../../app/transfer.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { Database } from '../../storage/sqlite/database.ts';
import { openSqlite } from '../../storage/sqlite/open.ts';
import { writeSqlite } from '../../storage/transfer/sqlite-session.ts';
import { transferTables } from '../../storage/transfer/table.ts';
import { cli, NOW } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const DATABASE = 'tocsin.db';
let cwd: string;
const at = (...names: string[]): string => join(cwd, ...names);
const run = (line: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  cli(line, { cwd, env: { TOCSIN_DATA_DIR: at('data'), TOCSIN_MASTER_KEY: FILLED_KEY, ...more } });
const files = (folder = ''): string[] => readdirSync(at(folder)).sort();

async function makeStore(directory: string): Promise<void> {
  const store = await openSqlite(directory, []);
  await migrate(store, migrations);
  await store.close();
  const session = writeSqlite(join(directory, DATABASE));
  await fillTables(session, transferTables(migrations, transferRules));
  await session.close();
}

function change(path: string, ...sql: string[]): void {
  const database = new Database(path, [], { readOnly: false });
  for (const one of sql) database.exec(one);
  database.close();
}

const countIn = (path: string, table: string): unknown => {
  const database = new Database(path, [], { readOnly: true });
  const { rows } = database.query(`SELECT count(*) AS n FROM ${table}`);
  database.close();
  return rows[0]?.['n'];
};

beforeEach(async () => {
  cwd = testDirectory();
  await makeStore(at('data'));
});

describe('backup', () => {
  test('makes one file that its owner alone can read, and says where the key is', async () => {
    const { code, out, err } = await run(['backup', 'copy.db', '--json']);
    expect(code).toBe(0);
    const bytes = statSync(at('copy.db')).size;
    expect(JSON.parse(out)).toEqual({ file: 'copy.db', bytes, schema: migrations.at(-1)?.number });
    expect(err).toContain('TOCSIN_MASTER_KEY) is not in it');
    const unset = await cli(['backup', 'other.db'], { cwd, env: { TOCSIN_DATA_DIR: at('data') } });
    expect(unset.err).toContain(`${at('data', 'master.key')}) is not in it`);
    expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600);
    expect(files()).toEqual(['copy.db', 'data', 'other.db']);
  });

  test('writes over a file only when told to', async () => {
    writeFileSync(at('copy.db'), 'precious');
    const { code, err } = await run(['backup', 'copy.db']);
    expect([code, err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(readFileSync(at('copy.db'), 'utf8')).toBe('precious');
    expect((await run(['backup', 'copy.db', '--force'])).code).toBe(0);
    expect(countIn(at('copy.db'), 'events')).toBe(6);
  });

  test('makes nothing where there is no store, no folder, or a damaged store', async () => {
    const none = await run(['backup', 'copy.db', '--data-dir', at('elsewhere')]);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('there is no store in')]);
    expect(existsSync(at('elsewhere'))).toBe(false);
    expect((await run(['backup', 'no/copy.db'])).err).toContain('the folder');
    const path = at('data', DATABASE);
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 8_192, 40_000);
    writeFileSync(path, bytes);
    const damaged = await run(['backup', 'copy.db']);
    expect([damaged.code, damaged.err]).toEqual([1, expect.stringContaining('may be damaged')]);
    expect(files()).toEqual(['data']);
  });

  test('of PostgreSQL names the command for it', async () => {
    const { code, out, err } = await run(['backup', "it's.dump"], {
      DATABASE_URL: 'postgres://u:secret@db/t',
    });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`pg_dump --format=custom --file='it'\\''s.dump' "$DATABASE_URL"`);
    expect(err).not.toContain('secret');
    expect((await run(['restore', 'x'], { DATABASE_URL: 'postgres://db/t' })).code).toBe(2);
  });
});

describe('restore', () => {
  beforeEach(async () => {
    expect((await run(['backup', 'copy.db'])).code).toBe(0);
    change(at('data', DATABASE), 'DELETE FROM events');
  });

  test('puts the backup in place and the store of before beside it', async () => {
    const { code, out, err } = await run(['restore', 'copy.db', '--json']);
    expect([code, err]).toEqual([0, '']);
    const aside = at('data', `${DATABASE}.before-restore-20260131T120000Z`);
    expect(JSON.parse(out)).toEqual({ schema: migrations.at(-1)?.number, aside, unopened: [] });
    expect(NOW).toBe(Date.UTC(2026, 0, 31, 12));
    expect(countIn(at('data', DATABASE), 'events')).toBe(6);
    expect(countIn(aside, 'events')).toBe(0);
    expect(statSync(at('data', DATABASE)).mode & 0o777).toBe(0o600);
    expect(statSync(aside).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('data')).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('says which stored objects the key of here does not open', async () => {
    const { code, err } = await run(['restore', 'copy.db'], { TOCSIN_MASTER_KEY: 'another-master-key' });
    expect([code, err]).toEqual([0, expect.stringMatching(/will not start yet: .* stored objects \(6: /)]);
    expect(err).toContain('TOCSIN_MASTER_KEY');
  });

  test('lets a sound backup in where the store is damaged, and keeps the damaged one', async () => {
    writeFileSync(at('data', DATABASE), 'no database at all '.repeat(1_000));
    expect((await run(['restore', 'copy.db'])).code).toBe(0);
    expect(countIn(at('data', DATABASE), 'events')).toBe(6);
    const aside = files('data').find((name) => name.includes('before-restore')) ?? '';
    expect(readFileSync(at('data', aside), 'utf8')).toContain('no database at all');
  });

  test('takes a store with its log as well, as a copy of both files by hand leaves them', async () => {
    change(at('copy.db'), 'PRAGMA journal_mode = WAL');
    const holder = new Database(at('copy.db'), [], { readOnly: false });
    holder.exec("INSERT INTO notes VALUES ('late', 'evt', 1, 'a', 'b', 'in the log only')");
    for (const suffix of ['', '-wal']) copyFileSync(at(`copy.db${suffix}`), at(`hand.db${suffix}`));
    holder.close();
    expect((await run(['restore', 'hand.db'])).code).toBe(0);
    expect(countIn(at('data', DATABASE), 'notes')).toBe(7);
  });

  const bytesOf = (): Buffer => readFileSync(at('copy.db'));
  const middle = (bytes: Buffer): Buffer => Buffer.from(bytes.fill(0x5a, 8_192, 40_000));
  const wrong: readonly (readonly [string, () => void, RegExp])[] = [
    ['is cut short', () => writeFileSync(at('copy.db'), bytesOf().subarray(0, -70_000)), /damaged|malformed/],
    ['is damaged in the middle', () => writeFileSync(at('copy.db'), middle(bytesOf())), /damaged|malformed/],
    ['is empty', () => writeFileSync(at('copy.db'), ''), /no store of Tocsin/],
    ['is no database', () => writeFileSync(at('copy.db'), 'hello'.repeat(999)), /not a database/],
    ['is packed', () => writeFileSync(at('copy.db'), gzipSync(bytesOf())), /not a database/],
    ['is somebody else’s', () => change(at('copy.db'), 'DROP TABLE schema_migrations'), /no store of Tocsin/],
    [
      'is of a newer version',
      () => change(at('copy.db'), "INSERT INTO schema_migrations VALUES (9999, 'x', 'y', 0)"),
      /schema 9999.*use the newer Tocsin/,
    ],
    [
      'ran other migrations',
      () => change(at('copy.db'), "UPDATE schema_migrations SET checksum = 'x' WHERE number = 1"),
      /migration 1 \(foundation\) is not the one/,
    ],
    [
      'has a trigger of its own',
      () =>
        change(
          at('copy.db'),
          'CREATE TRIGGER bad AFTER INSERT ON events BEGIN UPDATE tokens SET scope = 1; END',
        ),
      /trigger bad/,
    ],
    ['has a view in a table’s place', () => change(at('copy.db'), 'CREATE VIEW v AS SELECT 1'), /view v/],
    ['lacks a table', () => change(at('copy.db'), 'DROP TABLE audit'), /table audit/],
  ];
  test.each(wrong)('changes nothing when the file %s', async (_what, spoil, words) => {
    spoil();
    const before = files('data');
    const { code, out, err } = await run(['restore', 'copy.db']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Nothing was restored: /);
    expect(err).toMatch(words);
    expect(files('data')).toEqual(before);
    expect(countIn(at('data', DATABASE), 'events')).toBe(0);
    expect(countIn(at('data', DATABASE), 'notes')).toBe(6);
  });

  test('changes nothing when the file is not there, or the store is in use', async () => {
    expect((await run(['restore', 'none.db'])).err).toContain('none.db does not exist');
    expect((await run(['restore', 'data'])).err).toContain('is no file');
    const store = await openSqlite(at('data'), []);
    const { code, err } = await run(['restore', 'copy.db']);
    await store.close();
    expect([code, err]).toEqual([1, expect.stringContaining('in use by another Tocsin process')]);
    expect(countIn(at('data', DATABASE), 'events')).toBe(0);
  });
});
