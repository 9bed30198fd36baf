import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sealByNode, sealedKeys, sealedPlain } from '../../../tests/support/sealed-by-node.ts';
import { answered, objectOf, refused } from '../test-api.ts';
import { cli, type Surrounded } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';
import { type TestMessages, testMessages } from '../test-messages.ts';

const ID = '0b6cbd2b-6f2c-4f44-9d5c-1a5d3f9d1a11';
const KEY = 'A'.repeat(43);
const claimsOf = ({ requests }: TestMessages) => requests.filter(({ path }) => path.endsWith('/claim'));

/** A message that was just shared: its link. */
async function shared(
  service: TestMessages,
  stdin: string,
  line: readonly string[] = [],
  rest: Surrounded = {},
) {
  const { code, out, err } = await cli(['share', '-', ...line], { env: service.env, stdin, ...rest });
  if (code !== 0) throw new Error(err);
  return out;
}

/** A sealed message of a maker with bad intents: its link. */
function forged(service: TestMessages, plain: Uint8Array): string {
  const key = randomBytes(32);
  const { dataKey, claimHash } = sealedKeys(key);
  const ciphertext = sealByNode(dataKey, randomBytes(12), plain);
  service.kept.set(ID, {
    sealed: { version: 1, ciphertext, claim_hash: claimHash },
    max_reads: 1,
    readsLeft: 1,
  });
  return `${service.url}/m/${ID}#1.${key.toString('base64url')}`;
}

/** What standard error says is where now; gone with the test. */
function pathIn(err: string): string {
  const [, path = ''] = /(\/\S*tocsin-\w{6}\/[^\n]*?)\.?$/m.exec(err) ?? [];
  onTestFinished(() => rmSync(dirname(path), { recursive: true, force: true }));
  return path;
}

test('a text comes out as it went in, with nothing added', async () => {
  const service = await testMessages();
  for (const text of ['no line end', 'line\n', '\ufeff\r\n\ttab\u001b[31m\u202e\u0000 ', 'ü🏔\n\n']) {
    expect((await cli(['reveal', await shared(service, text)])).out).toBe(text);
    expect((await cli(['reveal', await shared(service, text, ['--plain'])])).out).toBe(text);
  }
});

test('a terminal is shown what would do harm there, and its lines', async () => {
  const service = await testMessages();
  const link = await shared(service, 'one\r\n\ttwo \u001b]0;title\u0007\u202e\nthree');
  const { out } = await cli(['reveal', link], { columns: 80 });
  expect(out).toBe(String.raw`one
	two \u001b]0;title\u0007\u202e
three
`);
});

test('of several reads it says how many are left', async () => {
  const service = await testMessages();
  const link = await shared(service, 'x', ['--max-reads', '2']);
  expect((await cli(['reveal', link])).err).toBe('It can be read 1 times more.');
  expect((await cli(['reveal', link])).err).toBe('That was the last time: it is gone from the service.');
  const unlimited = await shared(service, 'x', ['--max-reads', 'unlimited']);
  expect((await cli(['reveal', unlimited])).err).toBe('It can be read again until it expires.');
});

test('the link may come from standard input, from below a path, and in upper case', async () => {
  const service = await testMessages();
  const link = await shared(service, 'x');
  service.instead = ({ path, method }) =>
    path.startsWith('/below/') && method === 'GET' ? refused(404, 'not_found', 'no') : undefined;
  await cli(['reveal', link.replace('/m/', '/below/m/')]);
  expect(service.requests.at(-1)?.path).toBe(`/below/api/v1/messages/${/m\/([^#]+)/.exec(link)?.[1]}`);
  const loud = link.replace(/[0-9a-f-]{36}/, (id) => id.toUpperCase());
  expect((await cli(['reveal', '-'], { stdin: `  ${loud}\n` })).out).toBe('x');
});

test('no token of an operator goes to a link’s host', async () => {
  const service = await testMessages();
  const link = await shared(service, 'x');
  const before = service.requests.length;
  await cli(['reveal', link], { env: service.env });
  const asked = service.requests.slice(before);
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST']);
  expect(asked.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
});

describe('a link that is none is refused before anybody is asked, and is not repeated', () => {
  test.each([
    `javascript:alert(1)//m/${ID}#1.${KEY}`,
    `file:///m/${ID}#1.${KEY}`,
    `ftp://host/m/${ID}#1.${KEY}`,
    `SERVICE-WITH-USER/m/${ID}#1.${KEY}`,
    `SERVICE/m/..%2f..%2fsession#1.${KEY}`,
    `SERVICE/m/${ID}/claim#1.${KEY}`,
    `SERVICE/x/${ID}#1.${KEY}`,
    `SERVICE/m/${ID.slice(1)}#1.${KEY}`,
    `SERVICE/m/${ID}#1.${KEY.slice(1)}`,
    `SERVICE/m/${ID}#1.${KEY}x`,
    `SERVICE/m/${ID}#1.${KEY}%20`,
    `SERVICE/m/${ID}#key`,
    ID,
    '',
  ])('%s', async (link) => {
    const service = await testMessages();
    const withUser = service.url.replace('//', '//user:pass@');
    const typed = link.replace('SERVICE-WITH-USER', withUser).replace('SERVICE', service.url);
    const { code, out, err } = await cli(['reveal', typed]);
    expect([code, out, service.requests]).toEqual([1, '', []]);
    expect(err).not.toBe('');
    expect(err).not.toContain(KEY.slice(1));
  });
});

describe('nothing is used up by a link', () => {
  test.each([
    ['without its key', '', 'This link is without its key'],
    ['of a newer version', `#2.${KEY}`, 'made by a newer version'],
    ['with another key', `#1.${KEY}`, 'The key in this link is not that of the message'],
  ])('%s', async (_name, fragment, fault) => {
    const service = await testMessages();
    const link = await shared(service, 'x');
    const { code, out, err } = await cli(['reveal', link.replace(/#.*/, fragment)]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(fault);
    expect((await cli(['reveal', link])).out).toBe('x');
  });

  test('to a message of a newer version', async () => {
    const service = await testMessages();
    const link = await shared(service, 'x');
    const [kept] = service.kept.values();
    if (kept?.sealed !== undefined) Object.assign(kept.sealed, { version: 2 });
    const { code, err } = await cli(['reveal', link]);
    expect([code, claimsOf(service)]).toEqual([1, []]);
    expect(err).toContain('made by a newer version');
  });

  test('when its files could go nowhere', async () => {
    const service = await testMessages();
    const link = await shared(service, 'x');
    const cwd = testDirectory({ taken: '' });
    const { code, err } = await cli(['reveal', link, '--output', 'taken/below'], { cwd });
    expect([code, claimsOf(service)]).toEqual([1, []]);
    expect(err).toContain('The message was not read.');
  });
});

test('a wrong password uses nothing up, and is asked for again, three times in all', async () => {
  const service = await testMessages();
  const link = await shared(service, 'x', ['--password'], { typedHidden: ['right', 'right'] });
  const wrong = await cli(['reveal', link], { typedHidden: ['a', 'b', 'c', 'right'] });
  expect([wrong.code, wrong.out, wrong.asked]).toEqual([1, '', Array(3).fill('Password: ')]);
  expect(wrong.err).toContain('This is not the password. The message is still there.');
  expect(claimsOf(service)).toHaveLength(3);
  const second = await cli(['reveal', link], { typedHidden: ['a', 'right'] });
  expect([second.code, second.out]).toEqual([0, 'x']);
});

test('a wrong password of a file is tried once', async () => {
  const service = await testMessages();
  const link = await shared(service, 'x', ['--password'], { typedHidden: ['right', 'right'] });
  const cwd = testDirectory({ password: 'wrong' });
  const { code, asked } = await cli(['reveal', link, '--password-file', 'password'], {
    cwd,
    typedHidden: ['right'],
  });
  expect([code, asked, claimsOf(service).length]).toEqual([1, [], 1]);
});

describe('a service that is not what it was', () => {
  test('cannot put a plain message in the place of a sealed one', async () => {
    const service = await testMessages();
    const link = await shared(service, 'the true one');
    for (const [id] of service.kept) service.kept.set(id, { message: 'a false one', readsLeft: 1 });
    const { code, out, err } = await cli(['reveal', link]);
    expect([code, out, claimsOf(service)]).toEqual([1, '', []]);
    expect(err).toContain('somebody has put it in its place');
    const other = await shared(service, 'the true one');
    service.instead = ({ path }) =>
      path.endsWith('/claim') ? answered({ message: 'a false one', reads_left: 0 }) : undefined;
    expect(await cli(['reveal', other])).toMatchObject({ code: 1, out: '' });
  });

  test('cannot change a bit of it', async () => {
    const service = await testMessages();
    const link = await shared(service, 'pay 100 to A');
    const [kept] = service.kept.values();
    const last = (kept?.sealed?.ciphertext ?? '').replace(/.{4}$/, 'AAAA');
    if (kept?.sealed !== undefined) Object.assign(kept.sealed, { ciphertext: last });
    const { code, out, err } = await cli(['reveal', link]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('This message was altered');
  });

  test('cannot make a terminal obey it', async () => {
    const service = await testMessages();
    const link = await shared(service, 'x');
    service.instead = () => refused(503, 'store_unavailable', 'down\u001b[2J');
    expect((await cli(['reveal', link])).err).toBe(String.raw`down\u001b[2J`);
  });

  test('is named when it is not Tocsin, and a lost answer is not taken for a kept message', async () => {
    const service = await testMessages();
    const link = await shared(service, 'x');
    service.instead = ({ path }) => (path.endsWith('/claim') ? { status: 200, body: '<html>' } : undefined);
    const { err } = await cli(['reveal', link]);
    expect(err).toContain('but not as Tocsin does');
    expect(err).toContain('Whether the message was read by that cannot be known');
  });
});

describe('files', () => {
  const withFiles = async (service: TestMessages, text = '') =>
    shared(service, text, ['--file', 'report.pdf'], { cwd: testDirectory({ 'report.pdf': 'PDF' }) });

  test('go into a new private directory, which is said', async () => {
    const service = await testMessages();
    const { code, out, err } = await cli(['reveal', await withFiles(service, 'see file')]);
    expect([code, out]).toEqual([0, 'see file']);
    expect(err).toContain('report.pdf, 3 bytes: /');
    const path = pathIn(err);
    expect(readFileSync(path, 'utf8')).toBe('PDF');
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('go where they are to, never over another, and follow no link', async () => {
    const service = await testMessages();
    const cwd = testDirectory({ 'report.pdf': 'mine', outside: 'mine too' });
    symlinkSync(join(cwd, 'absent'), join(cwd, 'report (2).pdf'));
    const { code, err } = await cli(['reveal', await withFiles(service), '--output', '.'], { cwd });
    expect(code, err).toBe(0);
    expect(readFileSync(join(cwd, 'report.pdf'), 'utf8')).toBe('mine');
    expect(readFileSync(join(cwd, 'report (3).pdf'), 'utf8')).toBe('PDF');
    expect(lstatSync(join(cwd, 'report (3).pdf')).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).not.toContain('absent');
  });

  test('of the same name are both kept', async () => {
    const service = await testMessages();
    const head = { name: 'a.txt', type: 'text/plain', size: 1 };
    const link = forged(
      service,
      sealedPlain(JSON.stringify({ text: '', files: [head, head] }), Buffer.from('12')),
    );
    const cwd = testDirectory();
    expect((await cli(['reveal', link, '--output', 'in'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'in/a.txt'), 'utf8')).toBe('1');
    expect(readFileSync(join(cwd, 'in/a (2).txt'), 'utf8')).toBe('2');
  });

  test.each([
    '../../outside',
    '/etc/outside',
    '..',
    '.',
    'a\u0000b',
    '.ssh',
    '\u001b]0;x\u0007',
    'n'.repeat(255),
    '🏔'.repeat(100),
  ])('stay in their directory, whatever their maker called them: %j', async (name) => {
    const service = await testMessages();
    const header = JSON.stringify({ text: '', files: [{ name, type: '', size: 1 }] });
    const link = forged(service, sealedPlain(header, Buffer.from('1')));
    const cwd = testDirectory();
    const { code, err } = await cli(['reveal', link, '--output', 'in'], { cwd });
    expect(code, err).toBe(0);
    expect(readdirSync(cwd)).toEqual(['in']);
    const [made = ''] = readdirSync(join(cwd, 'in'));
    expect(made).not.toMatch(/^\.|[\p{C}/]/u);
    expect(readFileSync(join(cwd, 'in', made), 'utf8')).toBe('1');
  });

  test('are not lost when their directory is, after the read', async () => {
    const service = await testMessages();
    const link = await withFiles(service);
    const cwd = testDirectory();
    service.instead = ({ path }) => {
      if (path.endsWith('/claim')) {
        rmSync(join(cwd, 'in'), { recursive: true });
        writeFileSync(join(cwd, 'in'), '');
      }
      return undefined;
    };
    const { code, err } = await cli(['reveal', link, '--output', 'in'], { cwd });
    expect(code).toBe(1);
    expect(readFileSync(pathIn(err), 'utf8')).toBe('PDF');
  });
});

test('a text that standard output does not take is kept, and it is said where', async () => {
  const service = await testMessages();
  const text = 'the only copy\u001b\r\n';
  const { code, err } = await cli(['reveal', await shared(service, text)], { outputFault: 'ENOSPC' });
  expect(code).toBe(1);
  expect(err).toContain('The answer cannot be written (ENOSPC): it is in /');
  const path = pathIn(err);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
});

test('all of it as JSON, harmless and whole', async () => {
  const service = await testMessages();
  const { code, out } = await cli(['reveal', await shared(service, 'a\u001b\n'), '--json']);
  expect(code).toBe(0);
  expect(out).toContain(String.raw`a\u001b`);
  expect(objectOf(out)).toMatchObject({ text: 'a\u001b\n', files: [], reads_left: 0 });
});
