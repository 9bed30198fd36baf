import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTextFile } from './read-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'read-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, bytes: string | Buffer): string {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
}

test('reads a file up to the cap, without its byte order mark', () => {
  expect(readTextFile(file('full', '\uFEFFé'), 5)).toEqual({ kind: 'text', text: 'é' });
  expect(readTextFile(file('empty', ''), 5)).toEqual({ kind: 'text', text: '' });
});

test('tells why there is no text', () => {
  expect(readTextFile(file('large', 'x'.repeat(6)), 5)).toEqual({ kind: 'too_large' });
  expect(readTextFile(join(dir, 'nowhere'), 5)).toEqual({ kind: 'absent' });
  expect(readTextFile(join(dir, 'large', 'below'), 5)).toEqual({ kind: 'absent' });
  expect(readTextFile(dir, 5)).toEqual({ kind: 'is_directory' });
  expect(readTextFile(file('latin1', Buffer.from([0xe9])), 5)).toEqual({ kind: 'not_utf8' });
});

test('takes in no more than the cap of a file without end', () => {
  expect(readTextFile('/dev/zero', 1024)).toEqual({ kind: 'too_large' });
});
