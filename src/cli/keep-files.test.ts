import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepFiles, prepareDirectory } from './keep-files.ts';
import { testDirectory } from './test-directory.ts';

const file = (name: string) => ({ name, type: 'text/plain', bytes: new Uint8Array([1]) });

test('says which files no directory took, and makes one private directory for all that none other did', () => {
  const cwd = testDirectory({ 'no-directory': '' });
  const nowhere = join(cwd, 'no-directory');
  expect(keepFiles([file('a')], nowhere, [nowhere, join(cwd, 'absent')])).toEqual([
    { file: file('a'), path: undefined },
  ]);
  const kept = keepFiles([file('a'), file('b')], nowhere, [nowhere, cwd]);
  const [made = ''] = readdirSync(cwd).filter((name) => name.startsWith('tocsin-'));
  expect(kept.map(({ path }) => path)).toEqual([join(cwd, made, 'a'), join(cwd, made, 'b')]);
});

test('makes a private directory where there is none, and refuses what is none', () => {
  const cwd = testDirectory({ 'no-directory': '' });
  expect(prepareDirectory(join(cwd, 'a/b'))).toEqual({ ok: true, value: join(cwd, 'a/b') });
  expect(prepareDirectory(join(cwd, 'no-directory'))).toMatchObject({
    ok: false,
    fault: expect.stringContaining('EEXIST'),
  });
});
