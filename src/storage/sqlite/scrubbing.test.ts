import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { until } from '../../../tests/support/until.ts';
import { silentLogger } from '../../kernel/log.ts';
import { readSqlite } from '../transfer/sqlite-session.ts';
import { DATABASE_FILE, openSqlite } from './open.ts';
import { Scrubbing } from './scrubbing.ts';

function counted(answers: boolean[] = []) {
  const clock = new ManualClock();
  const startedAt = clock.now();
  const cuts: number[] = [];
  const cut = async (): Promise<boolean> => {
    cuts.push(clock.now() - startedAt);
    return answers.shift() ?? true;
  };
  return { clock, cuts, scrubbing: new Scrubbing(cut, clock, silentLogger) };
}

test('the log is cut soon after the first that asks, and once for many', async () => {
  const { clock, cuts, scrubbing } = counted();
  for (let n = 0; n < 100; n++) scrubbing.ask();
  await clock.advance(60_000);
  expect(cuts).toEqual([200]);
});

test('while they go on asking it is cut once in a few seconds, and once more after the last', async () => {
  const { clock, cuts, scrubbing } = counted();
  for (let n = 0; n < 100; n++) {
    scrubbing.ask();
    await clock.advance(100);
  }
  await clock.advance(60_000);
  expect(cuts).toEqual([200, 3_200, 6_200, 9_200, 12_200]);
});

test('with something in the way it is tried again, until it is done', async () => {
  const { clock, cuts, scrubbing } = counted([false, false]);
  scrubbing.ask();
  await clock.advance(60_000);
  expect(cuts).toEqual([200, 3_200, 6_200]);
});

test('nothing is cut after the end, and nothing is left waiting', async () => {
  const { clock, cuts, scrubbing } = counted();
  scrubbing.ask();
  scrubbing.stop();
  scrubbing.ask();
  await clock.advance(60_000);
  expect(cuts).toEqual([]);
});

test('a reader that stays holds up no commit; once it is gone what was deleted is in no file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-scrub-'));
  const file = join(directory, DATABASE_FILE);
  const store = await openSqlite(directory, []);
  const run = (sql: string) => store.transact([CompiledQuery.raw(sql)]);
  try {
    await run('CREATE TABLE notes (text TEXT NOT NULL)');
    await run("INSERT INTO notes VALUES ('what must not be found')");
    const reader = await readSqlite(file);
    await reader.query('SELECT count(*) AS n FROM notes');
    await run('DELETE FROM notes');
    store.scrub?.();
    const isInLog = () => readFileSync(`${file}-wal`, 'latin1').includes('what must not be found');
    for (let n = 0; n < 20; n++) await run(`INSERT INTO notes VALUES ('${n}')`);
    expect(isInLog()).toBe(true);
    await reader.close();
    await until('the log is cut', () => statSync(`${file}-wal`).size === 0);
    expect(readFileSync(file, 'latin1')).not.toContain('what must not be found');
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
