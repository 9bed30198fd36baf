import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectOf } from '../../src/cli/test-api.ts';
import { dispose, newDirectory, type Service, startService, TOKEN } from '../support/service.ts';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

let service: Service;
let cwd: string;
beforeAll(async () => {
  service = await startService();
  cwd = newDirectory();
  writeFileSync(join(cwd, 'password'), 'Zürich\n');
  writeFileSync(join(cwd, 'other'), 'Bern\n');
});
afterAll(dispose);

/** The command line as a process of its own, without a token. */
function tocsin(line: readonly string[], input: string | Buffer = '', env: Record<string, string> = {}) {
  const ended = spawnSync(process.execPath, [MAIN, ...line], {
    cwd,
    input,
    env: { PATH: process.env['PATH'] ?? '', TOCSIN_URL: service.url, ...env },
  });
  return { code: ended.status, out: ended.stdout.toString(), err: ended.stderr.toString() };
}

test('what one command shares another reads, once, byte for byte', () => {
  const text = 'ü 🏔 \u0000\u001b[31m\r\n\ttabs\n\n';
  const made = tocsin(['share', '--expires-in', '1h'], text);
  expect(made.code, made.err).toBe(0);
  expect(tocsin(['reveal', '-'], made.out)).toMatchObject({ code: 0, out: text });
  expect(tocsin(['reveal', '-'], made.out)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('There is no such message'),
  });
});

test('files and a password: a wrong one uses nothing up', () => {
  const bytes = randomBytes(100_000);
  writeFileSync(join(cwd, 'blob.bin'), bytes);
  const made = tocsin(['share', 'see file', '--password-file', 'password', '--file', 'blob.bin']);
  expect(made.code, made.err).toBe(0);
  const wrong = tocsin(['reveal', made.out, '--password-file', 'other', '--output', 'in']);
  expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('still there') });
  const right = tocsin(['reveal', made.out, '--password-file', 'password', '--output', 'in']);
  expect(right).toMatchObject({ code: 0, out: 'see file' });
  expect(readFileSync(join(cwd, 'in/blob.bin')).equals(bytes)).toBe(true);
});

test('neither text nor key is anywhere that the service writes', () => {
  const made = tocsin(['share'], 'a-text-of-its-own-kind');
  tocsin(['reveal', made.out]);
  const [, key = ''] = /#1\.([\w-]{43})/.exec(made.out) ?? [];
  expect(key).toHaveLength(43);
  const logged = service.stdout() + service.stderr();
  for (const hidden of [key, 'a-text-of-its-own-kind']) expect(logged).not.toContain(hidden);
});

test('a plain message, read any number of times', () => {
  const made = tocsin(['share', '--plain', '--max-reads', 'unlimited'], 'for all');
  expect(made.out).not.toContain('#');
  for (const _ of [1, 2]) expect(tocsin(['reveal', made.out])).toMatchObject({ code: 0, out: 'for all' });
});

test('unshare deletes it: with its own token, or as an operator', () => {
  for (const by of ['maker', 'operator']) {
    const made = objectOf(tocsin(['share', '--json'], 'x').out);
    const id = String(made['message_id']);
    writeFileSync(join(cwd, 'delete.token'), String(made['delete_token']));
    writeFileSync(join(cwd, 'wrong.token'), 'wrong');
    const wrong = tocsin(['unshare', id, '--token-file', 'wrong.token']);
    expect(wrong.code, wrong.err).toBe(1);
    const done =
      by === 'maker'
        ? tocsin(['unshare', String(made['link']), '--token-file', 'delete.token'])
        : tocsin(['unshare', id], '', { TOCSIN_TOKEN: TOKEN });
    expect(done).toEqual({ code: 0, out: '', err: '' });
    expect(tocsin(['reveal', String(made['link'])]).code).toBe(1);
  }
});

test('what the service does not take is said before it is sent', () => {
  const { code, out, err } = tocsin(['share'], Buffer.alloc(2_000_000, 'x'));
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^It is too large: \d+ bytes when sealed, of 1048576 that the service takes\./);
});

test.runIf(existsSync('/dev/full'))('a disk that is full loses nothing that was read', () => {
  const made = tocsin(['share'], 'the only copy');
  const line = `"${process.execPath}" "${MAIN}" reveal - > /dev/full`;
  const env = { PATH: process.env['PATH'] ?? '', TMPDIR: cwd };
  const { status, stderr } = spawnSync('sh', ['-c', line], { input: made.out, encoding: 'utf8', env, cwd });
  expect(status).toBe(1);
  const [, path = ''] = /\(ENOSPC\): it is in (\S+)\.\n/.exec(stderr) ?? [];
  expect(readFileSync(path, 'utf8')).toBe('the only copy');
});
