import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { rotateDaily } from './daily-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-daily-'));
  file = join(folder, 'tocsin.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;
/** Noon in local time, wherever the test runs. */
const NOON = new Date(2026, 10, 21, 12).getTime();
const noonClock = (): ManualClock => new ManualClock(undefined, NOON);
const write = (text: string, at: number): void => {
  writeFileSync(file, text);
  utimesSync(file, at / 1_000, at / 1_000);
};

test('puts the file aside at local midnight, named after the day it holds', async () => {
  const clock = noonClock();
  write('of the 21st', NOON);
  let reopened = 0;
  const stop = rotateDaily({ file, keepDays: 7, clock, reopen: () => (reopened += 1) });
  await clock.advance(11 * HOUR_MS);
  expect(readdirSync(folder)).toEqual(['tocsin.log']);
  await clock.advance(2 * HOUR_MS);
  expect(readdirSync(folder)).toEqual(['tocsin.log.261121']);
  expect(readFileSync(`${file}.261121`, 'utf8')).toBe('of the 21st');
  expect(reopened).toBe(1);
  write('of the 22nd', clock.now());
  await clock.advance(24 * HOUR_MS);
  expect(readdirSync(folder)).toEqual(['tocsin.log.261121', 'tocsin.log.261122']);
  stop();
});

test('puts aside at once what a process left that was not there at midnight', () => {
  write('of the 19th', new Date(2026, 10, 19, 9).getTime());
  let reopened = 0;
  rotateDaily({ file, keepDays: 7, clock: noonClock(), reopen: () => (reopened += 1) })();
  expect(readdirSync(folder)).toEqual(['tocsin.log.261119']);
  expect(reopened).toBe(1);
});

test('keeps the set number of days and deletes nothing that is not its own', () => {
  const others = ['other.log.200101', 'tocsin.log.notes', 'tocsin.log.20', 'tocsin.log.261114'];
  for (const name of [...others, 'tocsin.log.261113', 'tocsin.log.251231-2'])
    writeFileSync(join(folder, name), '');
  rotateDaily({ file, keepDays: 7, clock: noonClock(), reopen: () => {} })();
  expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
});

test('never writes over the file of a day', () => {
  writeFileSync(`${file}.261119`, 'first');
  write('second', new Date(2026, 10, 19, 9).getTime());
  rotateDaily({ file, keepDays: 7, clock: noonClock(), reopen: () => {} })();
  expect(readFileSync(`${file}.261119`, 'utf8')).toBe('first');
  expect(readFileSync(`${file}.261119-1`, 'utf8')).toBe('second');
});

test('does nothing more once it is ended', async () => {
  const clock = noonClock();
  write('of the 21st', NOON);
  rotateDaily({ file, keepDays: 7, clock, reopen: () => {} })();
  await clock.advance(48 * HOUR_MS);
  expect(existsSync(file)).toBe(true);
});
