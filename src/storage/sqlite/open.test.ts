import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '../store.ts';
import { DATABASE_FILE, openSqlite } from './open.ts';

const HOLDER = fileURLToPath(new URL('test-holder.js', import.meta.url));

let directory: string;
let children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tocsin-open-'));
});
afterEach(async () => {
  for (const child of children) await kill(child);
  children = [];
  rmSync(directory, { recursive: true, force: true });
});

/** Another process on the directory, and the first line that it says. */
async function startHolder(): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [HOLDER, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, line };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const rowsIn = async (path: string): Promise<number> => {
  const store = await openSqlite(path, []);
  const { rows } = await store.read.executeQuery(CompiledQuery.raw('SELECT n FROM marks'));
  await store.close();
  return rows.length;
};

test('a second process on the same data directory is refused in words that say why', async () => {
  expect((await startHolder()).line).toBe('holding\n');
  const { line } = await startHolder();
  expect(line).toMatch(/StoreUnavailable: the data directory .* is in use by another Tocsin process/);
});

test('a second opening in the same process is refused as well', async () => {
  const store = await openSqlite(directory, []);
  await expect(openSqlite(directory, [])).rejects.toThrow(/in use by another Tocsin process/);
  await store.close();
});

test('after a kill -9 of the first the second starts, and finds what was committed', async () => {
  const { child } = await startHolder();
  await expect(openSqlite(directory, [])).rejects.toBeInstanceOf(StoreUnavailable);
  await kill(child);
  expect(await rowsIn(directory)).toBe(1);
});

test('a closed store leaves the directory to the next one', async () => {
  await (await openSqlite(directory, [])).close();
  expect((await startHolder()).line).toBe('holding\n');
});

test('a file that is no database is said to be so, is left as it was, and holds nothing up once it is gone', async () => {
  const path = join(directory, DATABASE_FILE);
  const garbage = 'no database at all '.repeat(1_000);
  writeFileSync(path, garbage);
  const opened = openSqlite(directory, []);
  await expect(opened).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(opened).rejects.toThrow(/tocsin\.db.*not a database/);
  expect(readFileSync(path, 'utf8')).toBe(garbage);
  rmSync(path);
  await (await openSqlite(directory, [])).close();
});

test('a data directory that cannot be one is named', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(openSqlite(file, [])).rejects.toThrow(/data directory .*file/);
  await expect(openSqlite(file, [])).rejects.toBeInstanceOf(StoreUnavailable);
  const taken = join(directory, 'taken');
  mkdirSync(join(taken, 'tocsin.lock'), { recursive: true });
  await expect(openSqlite(taken, [])).rejects.toThrow(/cannot be locked/);
  await expect(openSqlite(taken, [])).rejects.toBeInstanceOf(StoreUnavailable);
});
