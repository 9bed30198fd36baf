import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDirectory } from '../cli/test-directory.ts';
import { findMasterKeys, masterKeys, replacedAt, replaceMasterKey } from './master-key.ts';

const A = 'a-master-key-made-long-ago';
const B = 'a-master-key-made-just-now';
const C = 'a-master-key-of-the-settings';
const keyOf = (directory: string, name = 'master.key'): string =>
  readFileSync(join(directory, name), 'utf8').trim();

test('a key is made once, for its owner alone, and found again', () => {
  const directory = testDirectory();
  expect(findMasterKeys({}, directory)).toBeUndefined();
  const [key, ...previous] = masterKeys({}, directory);
  expect(previous).toEqual([]);
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(statSync(join(directory, 'master.key')).mode & 0o777).toBe(0o600);
  expect(masterKeys({}, directory)).toEqual([key]);
  expect(findMasterKeys({}, directory)).toEqual([key]);
});

test('the keys of the settings stand for those of the files', () => {
  const directory = testDirectory({ 'master.key': `${A}\n`, 'master.key.previous': `${B}\n` });
  expect(findMasterKeys({ masterKey: C }, directory)).toEqual([C]);
  expect(findMasterKeys({ masterKey: C, masterKeyPrevious: B }, directory)).toEqual([C, B]);
  expect(findMasterKeys({ masterKeyPrevious: C }, directory)).toEqual([A, B, C]);
  expect(findMasterKeys({ masterKey: C, masterKeyPrevious: C }, directory)).toEqual([C]);
});

test('a key that is replaced is kept beside the new one, both for their owner alone', () => {
  const directory = testDirectory({ 'master.key': `${A}\n` });
  expect(replacedAt(directory)).toBeUndefined();
  replaceMasterKey(directory);
  expect(findMasterKeys({}, directory)).toEqual([keyOf(directory), A]);
  expect(keyOf(directory)).toMatch(/^[\w-]{43}$/);
  for (const name of ['master.key', 'master.key.previous'])
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  const at = Date.UTC(2026, 0, 31);
  utimesSync(join(directory, 'master.key.previous'), at / 1_000, at / 1_000);
  expect(replacedAt(directory)).toBe(at);
});

test.each([
  ['the key before was being kept', { 'master.key': A, 'master.key.previous.new': 'half-a-key' }, [A]],
  ['it was kept, and no new one was made', { 'master.key': A, 'master.key.previous': A }, [A]],
  [
    'the new one had not its name yet',
    { 'master.key': A, 'master.key.previous': A, 'master.key.new': B.slice(0, 9) },
    [A],
  ],
  ['the new one was in place', { 'master.key': B, 'master.key.previous': A }, [B, A]],
])('killed while %s, the keys in use are there, and it can be done again', (_, files, keys) => {
  const directory = testDirectory(files);
  expect(findMasterKeys({}, directory)).toEqual(keys);
  replaceMasterKey(directory);
  expect(findMasterKeys({}, directory)).toEqual([keyOf(directory), keys[0]]);
  expect(existsSync(join(directory, 'master.key.new'))).toBe(false);
});

test('what is no key refuses the start, and a lost key is no reason to forget the one before', () => {
  const directory = testDirectory({ 'master.key': '', 'master.key.previous': A });
  expect(() => masterKeys({}, directory)).toThrow(/master\.key holds no key: restore it/);
  rmSync(join(directory, 'master.key'));
  expect(masterKeys({}, directory)).toEqual([keyOf(directory), A]);
  writeFileSync(join(directory, 'master.key.previous'), 'short');
  expect(() => masterKeys({}, directory)).toThrow(/master\.key\.previous holds no key/);
});
