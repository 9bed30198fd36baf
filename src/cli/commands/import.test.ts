import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FILLED_KEY, fillTables } from '../../../tests/support/filled-tables.ts';
import { transferRules } from '../../app/transfer.ts';
import { Sealer } from '../../kernel/seal.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { openSqlite } from '../../storage/sqlite/open.ts';
import { writeSqlite } from '../../storage/transfer/sqlite-session.ts';
import { transferTables } from '../../storage/transfer/table.ts';
import { cli, type Surrounded } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const env = { TOCSIN_MASTER_KEY: FILLED_KEY };

/** Where the filled store is, made once; the tests only read it. */
let full: string;
/** Its export. */
let exported: string;
/** A new directory for each test. */
let cwd: string;
const at = (...names: string[]): string => join(cwd, ...names);
const run = (line: readonly string[], surrounded: Surrounded = {}) =>
  cli([...line, '--data-dir', at('data')], { cwd, env, ...surrounded });
const exportOf = async (data: string): Promise<string> =>
  (await cli(['export', '-', '--data-dir', at(data)], { cwd, env })).out;
/** Without the header and the end, which name the time and a sum over it. */
const rowsOf = (text: string): string[] => text.trim().split('\n').slice(1, -1);

beforeAll(async () => {
  full = join(testDirectory(), 'data');
  const store = await openSqlite(full, []);
  await migrate(store, migrations);
  await store.close();
  const session = writeSqlite(join(full, 'tocsin.db'));
  await fillTables(session, transferTables(migrations, transferRules));
  await session.close();
  exported = `${(await cli(['export', '-', '--data-dir', full], { env })).out.trimEnd()}\n`;
});
beforeEach(() => {
  cwd = testDirectory();
});

describe('export', () => {
  test('makes a file that its owner alone can read, packed when its name says so', async () => {
    for (const name of ['a.ndjson.gz', 'a.ndjson']) {
      const { code, out, err } = await cli(['export', name, '--data-dir', full], { cwd, env });
      expect([code, out]).toEqual([0, '']);
      expect(err).toMatch(/^\d+ rows of schema \d+ exported\.$/);
      expect(statSync(at(name)).mode & 0o777).toBe(0o600);
      const bytes = readFileSync(at(name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      expect(rowsOf(text)).toEqual(rowsOf(exported));
    }
    expect(readdirSync(cwd).sort()).toEqual(['a.ndjson', 'a.ndjson.gz']);
  });

  test('writes over a file only when told to', async () => {
    writeFileSync(at('a.ndjson'), 'precious');
    expect((await cli(['export', 'a.ndjson', '--data-dir', full], { cwd, env })).code).toBe(1);
    expect(readFileSync(at('a.ndjson'), 'utf8')).toBe('precious');
    expect((await cli(['export', 'a.ndjson', '--data-dir', full, '--force'], { cwd, env })).code).toBe(0);
  });

  test('holds no secret in the clear, no lease and no index', () => {
    expect(exported.includes('secret')).toBe(false);
    expect(exported.includes(' lease_owner"')).toBe(false);
    expect(exported.includes('search_')).toBe(false);
  });

  test('of no store makes none', async () => {
    const { code, err } = await run(['export', 'a.ndjson']);
    expect([code, err]).toEqual([1, expect.stringContaining('there is no store in')]);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('import', () => {
  test('fills a new store from a file, packed or not, and from standard input', async () => {
    writeFileSync(at('a'), exported);
    writeFileSync(at('b'), gzipSync(exported));
    for (const file of ['a', 'b', '-']) {
      const data = `data-${file}`;
      const stdin = gzipSync(exported);
      const { code, out, err } = await cli(['import', file, '--data-dir', at(data)], { cwd, env, stdin });
      expect([code, out, err]).toEqual([0, '', expect.stringMatching(/^\d+ rows of schema \d+ imported\.$/)]);
      expect(readdirSync(at(data)).sort()).toEqual(['tocsin.db', 'tocsin.lock']);
      expect(statSync(at(data, 'tocsin.db')).mode & 0o777).toBe(0o600);
      expect(rowsOf(await exportOf(data))).toEqual(rowsOf(exported));
    }
  });

  test('fills a store that was only migrated, and none that has rows', async () => {
    await run(['migrate']);
    expect((await run(['import', '-'], { stdin: exported })).code).toBe(0);
    const again = await run(['import', '-'], { stdin: exported });
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('the store is not empty')]);
    expect(rowsOf(await exportOf('data'))).toEqual(rowsOf(exported));
  });

  test('waits for nobody: a store in use is refused', async () => {
    const store = await openSqlite(at('data'), []);
    const { code, err } = await run(['import', '-'], { stdin: exported });
    await store.close();
    expect([code, err]).toEqual([1, expect.stringContaining('in use by another Tocsin process')]);
  });

  test('seals stored objects anew under another master key, when it is given the old one', async () => {
    const other = { TOCSIN_MASTER_KEY: 'another-master-key' };
    const without = await run(['import', '-'], { stdin: exported, env: other });
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--source-key-file')]);
    expect(existsSync(at('data', 'tocsin.db'))).toBe(false);
    writeFileSync(at('wrong.key'), 'neither-this-nor-that\n');
    const wrong = await run(['import', '-', '--source-key-file', 'wrong.key'], {
      stdin: exported,
      env: other,
    });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('opens neither with')]);
    writeFileSync(at('old.key'), `${FILLED_KEY}\n`);
    const line = ['import', '-', '--source-key-file', 'old.key'];
    expect((await run(line, { stdin: exported, env: other })).code).toBe(0);
    // Now it is the other key that is needed.
    const anew = await exportOf('data');
    expect(messagesIn(anew, other.TOCSIN_MASTER_KEY)).toEqual(messagesIn(exported, FILLED_KEY));
    const again = ['import', '-', '--data-dir', at('back')];
    const back = await cli(again, { cwd, env, stdin: `${anew}\n` });
    expect([back.code, back.err]).toEqual([1, expect.stringContaining('sealed under another master key')]);
    expect((await cli(again, { cwd, env: other, stdin: `${anew}\n` })).code).toBe(0);
  });

  test('makes no master key where the file has nothing sealed under one', async () => {
    const { code } = await run(['import', '-'], { stdin: withoutSealed(), env: {} });
    expect(code).toBe(0);
    expect(readdirSync(at('data')).sort()).toEqual(['tocsin.db', 'tocsin.lock']);
  });

  type Spoil = (lines: string[]) => void;
  const wrong: readonly (readonly [string, Spoil | string | Buffer, RegExp])[] = [
    ['is empty', '', /the file is empty/],
    ['is something else', 'hello\n', /does not begin as an export/],
    ['is a database', Buffer.from('SQLite format 3\0\n'), /does not begin as an export/],
    ['is JSON of another kind', '{"tocsin":"export"}\n', /does not begin as an export/],
    ['begins with brackets in brackets', `${'['.repeat(100_000)}\n`, /does not begin as an export/],
    ['has a newer format', (lines) => header(lines, (head) => ({ ...head, format: 2 })), /export format 2/],
    ['has a newer schema', (lines) => header(lines, (head) => ({ ...head, schema: 9999 })), /schema 9999/],
    ['was cut short after a line', (lines) => lines.splice(9), /no last line/],
    ['lacks a row', (lines) => lines.splice(5, 1), /should have 6 rows/],
    ['has a row twice', (lines) => lines.splice(5, 0, lines[5] ?? ''), /more rows of \w+ than the header/],
    [
      'has an unknown table',
      (lines) => lines.splice(3, 0, '["sqlite_schema",1]'),
      /no table "sqlite_schema"/,
    ],
    [
      'has SQL for a table',
      (lines) => lines.splice(3, 0, '["events; DROP TABLE events",1]'),
      /line 4: the header names no table/,
    ],
    ['has a table that stays behind', (lines) => declare(lines, 'search_progress'), /a table that schema/],
    ['has a key of prototypes for a table', (lines) => declare(lines, '__proto__'), /a table that schema/],
    ['has another column', (lines) => rename(lines, 'x; DROP TABLE events'), /the columns of audit/],
    ['has too few values', (lines) => replace(lines, 'audit', '["audit","x"]'), /has 7 values, not 1/],
    [
      'has a number for a text',
      (lines) => replace(lines, 'audit', '["audit",1,2,"a","b","c",null,null]'),
      /audit\.id is text/,
    ],
    [
      'has a text for a number',
      (lines) => replace(lines, 'audit', '["audit","x","2","a","b","c",null,null]'),
      /audit\.at is integer/,
    ],
    [
      'has an object for a value',
      (lines) => replace(lines, 'audit', '["audit",{"toString":1},2,"a","b","c",null,null]'),
      /audit\.id is text/,
    ],
    [
      'has a number that no number holds',
      (lines) => replace(lines, 'audit', '["audit","x",1e300,"a","b","c",null,null]'),
      /audit\.at is integer/,
    ],
    [
      'has NUL in a text',
      (lines) => replace(lines, 'audit', '["audit","x\\u0000",2,"a","b","c",null,null]'),
      /audit\.id is text/,
    ],
    [
      'has nothing where there must be something',
      (lines) => replace(lines, 'audit', '["audit","x",2,null,"b","c",null,null]'),
      /does not take a row of audit.*NOT NULL/,
    ],
    [
      'has one key twice',
      (lines) => replace(lines, 'audit', lines.filter((line) => line.startsWith('["audit"'))[1] ?? ''),
      /does not take a row of audit.*UNIQUE/,
    ],
    [
      'has brackets in brackets',
      (lines) => replace(lines, 'audit', `["audit",${'['.repeat(90_000)}`),
      /line \d+/,
    ],
    [
      'has a line that is no JSON',
      (lines) => replace(lines, 'audit', '["audit",'),
      /neither a row nor the end/,
    ],
    ['goes on after its end', (lines) => lines.push('["audit"]'), /something stands behind/],
  ];
  test.each(wrong)('takes nothing in when the file %s', async (_what, spoil, words) => {
    const stdin = typeof spoil === 'function' ? spoiled(spoil) : spoil;
    const { code, out, err } = await run(['import', '-'], { stdin });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Nothing was imported: /);
    expect(err).toMatch(words);
    expect(existsSync(at('data', 'tocsin.db'))).toBe(false);
    expect(existsSync(at('data', 'importing'))).toBe(false);
  });

  test('takes nothing in of a file that was changed without its sum', async () => {
    const { code, err } = await run(['import', '-'], {
      stdin: exported.replace('"test"', '"rest"').replace('DROP', 'DRIP'),
    });
    expect([code, err]).toEqual([1, expect.stringContaining('its SHA-256 is another')]);
  });

  test('takes nothing in of a packed file that was cut short', async () => {
    const { code, err } = await run(['import', '-'], { stdin: gzipSync(exported).subarray(0, -20) });
    expect([code, err]).toEqual([1, expect.stringContaining('cut short')]);
  });
});

/** The export, changed, with a last line that fits it: so that what is told is not only that the sum is wrong. */
function spoiled(spoil: (lines: string[]) => void): string {
  const all = exported.trimEnd().split('\n');
  const trailer = JSON.parse(all.pop() ?? '') as Record<string, unknown>;
  const isCut = (lines: readonly string[]): boolean => lines.length <= 9;
  const lines = [...all];
  spoil(lines);
  // What stands behind the end.
  const behind = lines.at(-1) === '["audit"]' ? [lines.pop()] : [];
  const text = lines.map((line) => `${line}\n`).join('');
  if (isCut(lines)) return text;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const head = JSON.parse(lines[0] ?? '') as { tables: Record<string, { rows: number }> };
  const rows = Object.fromEntries(Object.entries(head.tables).map(([name, table]) => [name, table.rows]));
  return [`${text}${JSON.stringify({ ...trailer, rows, sha256 })}`, ...behind, ''].join('\n');
}

/** What the messages of an export say, under a key. */
function messagesIn(text: string, key: string): (string | undefined)[] {
  const sealer = new Sealer(key, 'messages');
  const rows = text.split('\n').filter((line) => line.startsWith('["messages"'));
  expect(rows).toHaveLength(6);
  return rows.map((line) => {
    const [, id, ...rest] = JSON.parse(line) as string[];
    return sealer.open(rest.at(-1) ?? '', id ?? '');
  });
}

function withoutSealed(): string {
  return spoiled((lines) => {
    header(lines, (head) => {
      const {
        config_objects: gone,
        messages: goneToo,
        ...tables
      } = head['tables'] as Record<string, unknown>;
      expect([gone, goneToo]).not.toContain(undefined);
      return { ...head, tables };
    });
    const kept = lines.filter((line) => !/^\["(config_objects|messages)"/.test(line));
    lines.splice(0, lines.length, ...kept);
  });
}

function header(lines: string[], change: (head: Record<string, unknown>) => object): void {
  lines[0] = JSON.stringify(change(JSON.parse(lines[0] ?? '') as Record<string, unknown>));
}

/** As text: a key `__proto__` in an object of JavaScript would be no key. */
function declare(lines: string[], table: string): void {
  lines[0] = (lines[0] ?? '').replace(
    '"tables":{',
    `"tables":{"${table}":{"columns":{"key":"text"},"rows":1},`,
  );
}

function rename(lines: string[], column: string): void {
  lines[0] = (lines[0] ?? '').replace('"audit":{"columns":{"id"', `"audit":{"columns":{"${column}"`);
}

/** Puts a line in the place of the first row of a table. */
function replace(lines: string[], table: string, line: string): void {
  lines[lines.findIndex((one) => one.startsWith(`["${table}"`))] = line;
}
