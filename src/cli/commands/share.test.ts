import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bodyOf, objectOf, refused, TEST_TOKEN } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';
import { DELETE_TOKEN, testMessages } from '../test-messages.ts';

const TEXT = 'the code of the door is 4711\n';
const LINK = /^http:\/\/127\.0\.0\.1:\d+\/m\/[0-9a-f-]{36}#1\.[\w-]{43}$/;

const keyOf = (link: string): string => link.slice(link.indexOf('.', link.indexOf('#')) + 1);

test('what is piped in is a message that its link alone reads, once', async () => {
  const service = await testMessages();
  const { code, out, err } = await cli(['share'], { env: service.env, stdin: TEXT });
  expect([code, out]).toEqual([0, expect.stringMatching(LINK)]);
  expect(err).toContain('It can be read once, until 2026-01-31T13:00:00.000Z.');
  expect(err).toContain(DELETE_TOKEN);
  const first = await cli(['reveal', out]);
  expect([first.code, first.out]).toEqual([0, TEXT]);
  expect(first.err).toContain('That was the last time');
  const second = await cli(['reveal', out]);
  expect([second.code, second.out]).toEqual([1, '']);
  expect(second.err).toContain('There is no such message');
});

test('neither the key nor the text nor a file ever reaches the service', async () => {
  const service = await testMessages();
  const cwd = testDirectory({ 'secret-plan.txt': 'by night and fog' });
  const line = ['share', '-', '--file', 'secret-plan.txt'];
  const { out } = await cli(line, { env: service.env, cwd, stdin: TEXT });
  await cli(['reveal', out, '--json'], { cwd });
  const sent = service.requests.map((request) => JSON.stringify(request)).join('\n');
  expect(service.requests.length).toBeGreaterThan(3);
  for (const hidden of [keyOf(out), 'door', 'secret-plan', 'night']) expect(sent).not.toContain(hidden);
});

test('asks for just what was typed, and tells the service nothing else', async () => {
  const service = await testMessages();
  const line = ['share', '--expires-in', '1h', '--max-reads', '3'];
  await cli(line, { env: service.env, stdin: TEXT });
  expect(bodyOf(service.requests.at(-1))).toEqual({
    sealed: { version: 1, ciphertext: expect.any(String), claim_hash: expect.any(String) },
    expires_in: 3_600,
    max_reads: 3,
  });
  await cli(['share', '--plain', '--max-reads', 'unlimited'], { env: service.env, stdin: TEXT });
  expect(bodyOf(service.requests.at(-1))).toEqual({ message: TEXT });
});

test('needs no token; with one the service knows who made it', async () => {
  const service = await testMessages();
  const { TOCSIN_URL = '' } = service.env;
  expect((await cli(['share'], { env: { TOCSIN_URL }, stdin: TEXT })).code).toBe(0);
  expect(service.requests.at(-1)?.headers['authorization']).toBeUndefined();
  await cli(['share'], { env: service.env, stdin: TEXT });
  expect(service.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${TEST_TOKEN}`);
});

test('a text on the command line is taken with a warning', async () => {
  const service = await testMessages();
  const { code, out, err } = await cli(['share', 'hello'], { env: service.env });
  expect([code, out]).toEqual([0, expect.stringMatching(LINK)]);
  expect(err).toContain("Warning: a text on the command line stays in the shell's history");
  expect((await cli(['reveal', out])).out).toBe('hello');
});

test('with a password, asked for twice and unseen, the link alone reads nothing', async () => {
  const service = await testMessages();
  const typedHidden = ['Zürich', 'Zürich'];
  const made = await cli(['share', '--password'], { env: service.env, stdin: TEXT, typedHidden });
  expect(made.asked).toEqual(['Password: ', 'Once more: ']);
  expect(made.out).toMatch(/#1p\.[\w-]{43}$/);
  expect([made.out, made.err].join()).not.toContain('Zürich');
  const without = await cli(['reveal', made.out]);
  expect([without.code, without.out]).toEqual([1, '']);
  expect(without.err).toContain('There is nobody to ask for the password');
  // The same letters as another keyboard composes them.
  expect((await cli(['reveal', made.out], { typedHidden: ['Zu\u0308rich'] })).out).toBe(TEXT);
});

test('with a password of a file it asks nobody', async () => {
  const service = await testMessages();
  const cwd = testDirectory({ password: 'correct horse\n', empty: '\n' });
  const made = await cli(['share', '--password-file', 'password'], { env: service.env, cwd, stdin: TEXT });
  const read = await cli(['reveal', made.out, '--password-file', 'password'], { cwd });
  expect([made.asked, read.asked, read.out]).toEqual([[], [], TEXT]);
  const empty = await cli(['share', '--password-file', 'empty'], { env: service.env, cwd, stdin: TEXT });
  expect([empty.code, empty.out, empty.err]).toEqual([1, '', '--password-file names a file that is empty.']);
});

test.each([
  ['two passwords', ['one', 'two'], 'These are two passwords'],
  ['no password', [''], 'No password was typed'],
  ['nobody to type one', [], 'There is nobody to ask'],
])('sends nothing with %s', async (_name, typedHidden, fault) => {
  const service = await testMessages();
  const { code, out, err } = await cli(['share', '--password'], {
    env: service.env,
    stdin: TEXT,
    typedHidden,
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(fault);
  expect(service.requests.map(({ method }) => method)).not.toContain('POST');
});

test('files go along, their folders do not', async () => {
  const service = await testMessages();
  const cwd = testDirectory({ 'a.bin': 'A', 'b c.txt': 'B' });
  const line = ['share', '--file', join(cwd, 'a.bin'), '--file', 'b c.txt'];
  // Standard input is not read: under cron it may be open for ever.
  const made = await cli(line, { env: service.env, cwd, stdin: 'not this' });
  expect(made.code, made.err).toBe(0);
  const { out } = await cli(['reveal', made.out, '--output', join(cwd, 'out'), '--json'], { cwd });
  expect(objectOf(out)).toMatchObject({
    text: '',
    files: [
      { name: 'a.bin', size: 1, path: join(cwd, 'out/a.bin') },
      { name: 'b c.txt', size: 1, path: join(cwd, 'out/b c.txt') },
    ],
    reads_left: 0,
  });
});

describe('what the service would refuse is said before it is sent, and before a password is asked for', () => {
  test.each([
    ['too much text', [], 'x'.repeat(80_000), 'It is too large: 106876 bytes when sealed, of 100000'],
    ['too much plain text', ['--plain'], 'é'.repeat(50_001), 'It is too large: 100002 bytes, of 100000'],
    ['too short a life', ['--expires-in', '59s'], TEXT, '--expires-in must be between 60s and 86400s'],
    ['too long a life', ['--expires-in', '2d'], TEXT, '--expires-in must be between'],
    ['too many reads', ['--max-reads', '101'], TEXT, '--max-reads must be at most 100'],
  ])('%s', async (_name, options, stdin, fault) => {
    const service = await testMessages();
    const password = options.includes('--plain') ? [] : ['--password'];
    const { code, out, err, asked } = await cli(['share', ...options, ...password], {
      env: service.env,
      stdin,
    });
    expect([code, out, asked]).toEqual([1, '', []]);
    expect(err).toContain(fault);
    expect(service.requests.map(({ path }) => path)).toEqual(['/api/v1/messages/limits']);
  });
});

test('says in the service’s words that it takes none', async () => {
  const service = await testMessages();
  service.instead = ({ method }) =>
    method === 'POST' ? refused(507, 'store_full', 'There are as many\u001b messages as …') : undefined;
  const { code, out, err } = await cli(['share'], { env: service.env, stdin: TEXT });
  expect([code, out, err]).toEqual([1, '', String.raw`There are as many\u001b messages as …`]);
});

test.each(['javascript:alert(1)', 'https://elsewhere.example/', 'no address', '/m/x', ''])(
  'gives a link at the service that it spoke to, when that says %j is one',
  async (url) => {
    const service = await testMessages();
    const id = '0b6cbd2b-6f2c-4f44-9d5c-1a5d3f9d1a11';
    const facts = {
      message_id: id,
      reference: 'msg_1',
      expires_at: '2026-01-31T13:00:00.000Z',
      max_reads: 1,
    };
    service.instead = ({ method }) =>
      method === 'POST' ? { status: 201, body: { ...facts, url, delete_token: 't' } } : undefined;
    const { out } = await cli(['share'], { env: service.env, stdin: TEXT });
    expect(out.split('#')[0]).toBe(`${service.url}/m/${id}`);
  },
);

test('all of it as JSON', async () => {
  const service = await testMessages();
  const { out } = await cli(['share', '--json'], { env: service.env, stdin: TEXT });
  expect(objectOf(out)).toMatchObject({
    link: expect.stringMatching(LINK),
    sealed: true,
    max_reads: 1,
    delete_token: DELETE_TOKEN,
  });
});

test('warns before anything crosses a network unencrypted', async () => {
  const service = await testMessages();
  // The address of every interface: no loopback's name, and reached all the same.
  const url = service.url.replace('127.0.0.1', '0.0.0.0');
  const { err } = await cli(['share', '--url', url], { stdin: TEXT });
  expect(err).toContain(`Warning: what is sent goes to ${url} unencrypted. Use https.`);
});

test.each([
  ['nothing', [], '', 'There is nothing to share.'],
  ['no text', [], Buffer.of(0xff, 0xfe), 'Standard input is not UTF-8 text'],
  ['a file that is not there', ['--file', 'absent'], '', 'absent does not exist.'],
])('does not share %s, and asks nothing for it', async (_name, line, stdin, fault) => {
  const service = await testMessages();
  const { code, out, err } = await cli(['share', ...line], { env: service.env, stdin, cwd: testDirectory() });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(fault);
  expect(service.requests).toEqual([]);
});

test.each([
  [['--plain', '--password']],
  [['--plain', '--password-file', 'x']],
  [['--plain', '--file', 'x']],
  [['--max-reads', '0']],
  [['--max-reads', '1.5']],
  [['--max-reads', 'many']],
  [['--expires-in', 'soon']],
  [['--file', '-']],
  [['--file', '']],
  [Array.from({ length: 21 }, (_, index) => ['--file', `${index}`]).flat()],
])('share %j exits with 2 before anything is asked', async (line) => {
  const service = await testMessages();
  expect((await cli(['share', ...line], { env: service.env, stdin: TEXT })).code).toBe(2);
  expect(service.requests).toEqual([]);
});
