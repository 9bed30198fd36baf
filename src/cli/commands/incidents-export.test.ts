import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { TEST_TOKEN } from '../test-api.ts';
import { cli, type Surrounded } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

let service: HttpReceiver;
let cwd: string;
beforeAll(async () => (service = await HttpReceiver.start()));
afterAll(() => service.close());
beforeEach(() => {
  cwd = testDirectory();
});

const NDJSON = 'application/x-ndjson';
const file =
  (text: string, type = NDJSON): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': type }).end(text);
/** Cuts the connection behind some of it, as the service does when it cannot go on. */
const cut =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': NDJSON });
    response.write(text, () => response.destroy());
  };

const run = (line: string, surrounded: Surrounded = {}) =>
  cli(['incidents', 'export', ...line.split(' ').filter((word) => word !== '')], {
    env: { TOCSIN_URL: service.url(''), TOCSIN_TOKEN: TEST_TOKEN },
    cwd,
    ...surrounded,
  });
const LINES = `{"id":"inc_1","record":{"n":12345678901234567890}}\n{"id":"inc_2"}\n`;

test('the file is what the service answers, byte for byte, for its owner alone', async () => {
  service.answer = file(LINES);
  const { code, out, err } = await run('--all --priority high --output all.ndjson');
  expect([code, out, err]).toEqual([0, '', '0.0 MB exported.']);
  expect(readFileSync(join(cwd, 'all.ndjson'), 'utf8')).toBe(LINES);
  expect(statSync(join(cwd, 'all.ndjson')).mode & 0o777).toBe(0o600);
  expect(service.requests.at(-1)?.path).toBe('/api/v1/incidents/export?priority=high&format=ndjson');
});

test('an answer that breaks off leaves no file that looks whole', async () => {
  service.answer = cut(LINES);
  const { code, err } = await run('--output all.ndjson');
  expect([code, err]).toEqual([
    1,
    `Not exported: the answer of ${service.url('')} broke off before its end.`,
  ]);
  expect(readdirSync(cwd)).toEqual([]);
});

test('an answer that breaks off leaves a file of before as it was', async () => {
  service.answer = cut(LINES);
  writeFileSync(join(cwd, 'all.ndjson'), 'of yesterday');
  expect((await run('--output all.ndjson --force')).code).toBe(1);
  expect(readFileSync(join(cwd, 'all.ndjson'), 'utf8')).toBe('of yesterday');
  expect(readdirSync(cwd)).toEqual(['all.ndjson']);
});

test('a file that is there, or of a store, is not written over; nothing is asked then', async () => {
  const asked = service.requests.length;
  writeFileSync(join(cwd, 'all.ndjson'), 'of yesterday');
  expect((await run('--output all.ndjson')).err).toContain(
    'is there already: name another file, or add --force',
  );
  writeFileSync(join(cwd, 'tocsin.db'), 'the store');
  expect((await run('--output tocsin.db --force')).err).toContain('is a file of the store itself');
  expect((await run('--output nowhere/all.ndjson')).err).toContain('does not exist');
  expect(service.requests).toHaveLength(asked);
});

test('standard output has it byte for byte, and a part is told by the exit code', async () => {
  service.answer = file('id\r\n=1+1\u009b\r\n', 'text/csv; charset=utf-8; header=present');
  expect(await run('--format csv')).toMatchObject({ code: 0, out: 'id\r\n=1+1\u009b\r', err: '' });
  service.answer = cut(LINES);
  const broken = await run('');
  expect(broken.code).toBe(1);
  expect(broken.err).toContain('broke off before its end');
});

test('a terminal gets it without what it would obey', async () => {
  service.answer = file('id,record\r\n1,\u001b[2J\u009b2J\r\n', 'text/csv');
  const { out } = await run('--format csv', { columns: 80 });
  expect(out).toBe('id,record\n1,\\u001b[2J\\u009b2J');
});

test.each([
  [401, { code: 'unauthorized', detail: 'x' }, 'The service does not accept this token.'],
  [503, { code: 'store_unavailable', detail: 'The store is away.' }, 'The store is away.'],
  [200, '<html>', 'but not as Tocsin does'],
])('a %i that is no export makes no file', async (code, body, told) => {
  service.answer = (response) =>
    void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const { code: ended, err } = await run('--output all.ndjson');
  expect(ended).toBe(1);
  expect(err).toContain(told);
  expect(readdirSync(cwd)).toEqual([]);
});
