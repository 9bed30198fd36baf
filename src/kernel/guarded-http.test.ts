import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../tests/support/http-receiver.ts';
import { tlsFixture } from '../../tests/support/tls-fixture.ts';
import { createGuardedHttpClient, type GuardedHttpOptions } from './guarded-http.ts';
import type { HttpRequest } from './http-client.ts';

const cleanups: (() => unknown)[] = [];
let receiver: HttpReceiver;

beforeEach(async () => {
  receiver = await HttpReceiver.start();
  cleanups.push(() => receiver.close());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function client(options: Partial<GuardedHttpOptions> = {}) {
  const http = createGuardedHttpClient({
    allow: ['127.0.0.0/8'],
    connectTimeoutMs: 5_000,
    connectionsMax: 4,
    ...options,
  });
  cleanups.push(() => http.close());
  return http;
}
const post = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  headers: {},
  body: 'hello',
  timeoutMs: 10_000,
  ...more,
});

/** A server below HTTP, for answers that no HTTP server gives. */
async function rawServer(onData: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => onData(socket));
    cleanups.push(() => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanups.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

describe('the exchange', () => {
  it('sends method, path, headers and body, and answers with status, headers and body', async () => {
    receiver.answer = answers.status(202, 'taken', { 'X-One': '1' });
    const answer = await client().request(
      post(receiver.url('/a/b?c=d'), { method: 'PUT', headers: { 'x-id': '7' }, body: 'größer' }),
    );
    expect(answer).toMatchObject({ ok: true, status: 202, body: 'taken', headers: { 'x-one': '1' } });
    expect(receiver.requests).toMatchObject([
      { method: 'PUT', path: '/a/b?c=d', body: 'größer', headers: { 'x-id': '7' } },
    ]);
  });

  it('joins a repeated header', async () => {
    receiver.answer = (response) => void response.writeHead(200, ['a', '1', 'A', '2']).end();
    expect(await client().request(post(receiver.url()))).toMatchObject({ headers: { a: '1, 2' } });
  });

  it('gives a redirect as the answer and follows none', async () => {
    receiver.answer = answers.status(307, '', { location: receiver.url('/elsewhere') });
    expect(await client().request(post(receiver.url()))).toMatchObject({ ok: true, status: 307 });
    expect(receiver.requests).toHaveLength(1);
  });

  it('keeps connections for requests that follow each other', async () => {
    const http = client({ connectionsMax: 16 });
    for (let i = 0; i < 10; i += 1) await http.request(post(receiver.url()));
    expect(receiver.requests).toHaveLength(10);
    // A request sent in the very turn in which the one before was answered finds its connection still taken.
    expect(receiver.connections).toBeLessThanOrEqual(2);
  });

  it('opens no more connections to an origin than it may', async () => {
    const http = client({ connectionsMax: 2 });
    const sent = await Promise.all(Array.from({ length: 20 }, () => http.request(post(receiver.url()))));
    expect(sent.every((answer) => answer.ok)).toBe(true);
    expect(receiver.connections).toBe(2);
  });

  it('keeps the start of a long answer, cut between characters, and the connection', async () => {
    receiver.answer = answers.status(500, 'é'.repeat(1_000));
    const http = client({ answerBytesMax: 101, connectionsMax: 1 });
    const answer = await http.request(post(receiver.url()));
    expect(answer).toMatchObject({ ok: true, status: 500, body: 'é'.repeat(50) });
    await http.request(post(receiver.url()));
    expect(receiver.connections).toBe(1);
  });

  it('stops reading an answer without end', async () => {
    let closed: Promise<unknown> | undefined;
    receiver.answer = (response) => {
      closed = once(response, 'close');
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    };
    expect(await client().request(post(receiver.url()))).toMatchObject({ ok: true, status: 200 });
    await closed;
  });

  it('tells whether an answer is cut', async () => {
    const http = client({ answerBytesMax: 4 });
    receiver.answer = answers.status(200, 'four');
    expect(await http.request(post(receiver.url()))).toMatchObject({ body: 'four', isCut: false });
    receiver.answer = answers.status(200, 'fives');
    expect(await http.request(post(receiver.url()))).toMatchObject({ body: 'five', isCut: true });
  });

  it('gives the bytes as they came to who asks for them', async () => {
    receiver.answer = (response) => void response.end(Buffer.from([0xff, 0x00, 0xc3]));
    const answer = await client().request(post(receiver.url(), { asBytes: true, answerBytesMax: 2 }));
    expect(answer).toMatchObject({ body: '', bytes: Buffer.from([0xff, 0x00]), isCut: true });
  });

  it('keeps an answer whole that comes byte by byte', async () => {
    const text = 'abcdefghij'.repeat(300);
    const chunks = [...text].map((letter) => `1\r\n${letter}\r\n`).join('');
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
    const url = await rawServer((socket) => socket.end(`${head}${chunks}0\r\n\r\n`));
    expect(await client().request(post(url))).toMatchObject({ body: text, isCut: false });
    expect(await client({ answerBytesMax: 1_111 }).request(post(url))).toMatchObject({
      body: text.slice(0, 1_111),
      isCut: true,
    });
  });

  it('closes its connections on close', async () => {
    const http = createGuardedHttpClient({
      allow: ['127.0.0.1'],
      connectTimeoutMs: 5_000,
      connectionsMax: 4,
    });
    await http.request(post(receiver.url()));
    await http.close();
    await receiver.released();
    expect(await http.request(post(receiver.url()))).toMatchObject({ ok: false });
  });

  it('throws for a header that cannot be sent, without its value', async () => {
    const request = post(receiver.url(), { headers: { 'x-key': 'hush\r\nx: y' } });
    const error = await client()
      .request(request)
      .catch((thrown: unknown) => String(thrown));
    expect(error).toContain('x-key');
    expect(error).not.toContain('hush');
  });
});

describe('time', () => {
  it('gives up on a receiver that never answers', async () => {
    receiver.answer = answers.hang;
    expect(await client().request(post(receiver.url(), { timeoutMs: 30 }))).toMatchObject({
      reason: 'timeout',
    });
    await receiver.released();
  });

  it('counts the reading of the answer', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drip));
    };
    expect(await client().request(post(receiver.url(), { timeoutMs: 60 }))).toMatchObject({
      reason: 'timeout',
    });
    await receiver.released();
  });

  it('counts the answer apart from the connection where that is asked for', async () => {
    const http = client({ connectionsMax: 1 });
    receiver.answer = answers.hang;
    const busy = http.request(post(receiver.url(), { timeoutMs: 300 }));
    const more = { timeoutMs: 10_000, readTimeoutMs: 30 };
    const began = Date.now();
    const second = http.request(post(receiver.url(), more));
    expect(await second).toMatchObject({ reason: 'timeout' });
    expect(Date.now() - began).toBeGreaterThan(250);
    expect(Date.now() - began).toBeLessThan(5_000);
    await busy;
  });

  it('counts the wait for a connection, and leaves the busy connection to others', async () => {
    const http = client({ connectionsMax: 1 });
    let release: () => void = () => {};
    receiver.answer = (response) => {
      release = () => response.end();
    };
    const first = http.request(post(receiver.url('/first')));
    await receiver.received(1);
    const waiting = [1, 2, 3].map(() => http.request(post(receiver.url('/waiting'), { timeoutMs: 20 })));
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ reason: 'timeout' });
    receiver.answer = answers.status(200);
    release();
    expect(await first).toMatchObject({ ok: true });
    expect(await http.request(post(receiver.url('/last')))).toMatchObject({ ok: true });
    expect(receiver.requests.map((request) => request.path)).toEqual(['/first', '/last']);
    expect(receiver.connections).toBe(1);
  });

  it('counts name resolution', async () => {
    const http = client({ lookup: () => new Promise(() => {}), connectTimeoutMs: 100 });
    const answer = await http.request(post('http://never.example/', { timeoutMs: 20 }));
    expect(answer).toMatchObject({ reason: 'timeout' });
  });

  it('ends at once when the signal aborts, before, during and for good', async () => {
    receiver.answer = answers.hang;
    const http = client();
    const abort = new AbortController();
    const pending = http.request(post(receiver.url(), { signal: abort.signal }));
    await receiver.received(1);
    abort.abort();
    expect(await pending).toMatchObject({ reason: 'timeout' });
    expect(await http.request(post(receiver.url(), { signal: abort.signal }))).toMatchObject({
      reason: 'timeout',
    });
    expect(receiver.requests).toHaveLength(1);
    await receiver.released();
  });
});

describe('the guard', () => {
  const loopback = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '[::1]',
    'localhost',
  ];
  it.each([...loopback, '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '0.0.0.0', '0', '[::]'])(
    'dials nothing for http://%s when loopback is not allowed',
    async (host) => {
      const answer = await client({ allow: [] }).request(post(receiver.url('/', host)));
      expect(answer).toMatchObject({ ok: false, reason: 'egress_denied' });
      expect(receiver.connections).toBe(0);
    },
  );

  it.each([
    '10.0.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[fe80::1]',
    '100.64.0.1',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
  ])('dials nothing for the literal %s', async (host) => {
    expect(await client({ allow: [] }).request(post(`http://${host}/`))).toMatchObject({
      reason: 'egress_denied',
    });
  });

  it('dials nothing for a name that resolves to no permitted address', async () => {
    const http = client({ allow: [], lookup: async () => ['10.0.0.1', '::1', '127.0.0.1'] });
    expect(await http.request(post(receiver.url('/', 'inside.example')))).toMatchObject({
      reason: 'egress_denied',
    });
    expect(receiver.connections).toBe(0);
  });

  it('dials the permitted one among the addresses of a name', async () => {
    const http = client({ allow: ['127.0.0.1/32'], lookup: async () => ['10.0.0.1', '::1', '127.0.0.1'] });
    expect(await http.request(post(receiver.url('/', 'mixed.example')))).toMatchObject({ ok: true });
    expect(receiver.requests[0]?.headers['host']).toBe(`mixed.example:${receiver.port}`);
  });

  it('looks at every connection anew: a name that turns inwards is refused', async () => {
    const turns = [['127.0.0.1'], ['127.0.0.2']];
    const http = client({ allow: ['127.0.0.1/32'], lookup: async () => turns.shift() ?? [] });
    receiver.answer = answers.status(200, '', { connection: 'close' });
    expect(await http.request(post(receiver.url('/', 'turning.example')))).toMatchObject({ ok: true });
    await receiver.released();
    expect(await http.request(post(receiver.url('/', 'turning.example')))).toMatchObject({
      reason: 'egress_denied',
    });
    expect(receiver.connections).toBe(1);
  });

  it('permits a host on its port only', async () => {
    const lookup = async () => ['127.0.0.1'];
    const right = client({ allow: [`inside.example:${receiver.port}`], lookup });
    const wrong = client({ allow: ['inside.example:1'], lookup });
    expect(await right.request(post(receiver.url('/', 'inside.example')))).toMatchObject({ ok: true });
    expect(await right.request(post(receiver.url('/', 'other.example')))).toMatchObject({
      reason: 'egress_denied',
    });
    expect(await wrong.request(post(receiver.url('/', 'inside.example')))).toMatchObject({
      reason: 'egress_denied',
    });
  });

  it.each([
    'http://user@127.0.0.1/',
    'https://user:pass@127.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'x',
    '',
  ])('refuses the URL %j', async (url) => {
    expect(await client().request(post(url))).toMatchObject({ ok: false, reason: 'egress_denied' });
  });
});

describe('failures', () => {
  it('tells every one of many that nobody listens', async () => {
    const { port } = receiver;
    await receiver.close();
    cleanups.length = 0;
    const http = client({ connectionsMax: 2 });
    const sent = Array.from({ length: 20 }, () => http.request(post(`http://127.0.0.1:${port}/`)));
    for (const answer of await Promise.all(sent))
      expect(answer).toMatchObject({ reason: 'connection_refused' });
  });

  it('tells a reset connection', async () => {
    receiver.answer = answers.reset;
    expect(await client().request(post(receiver.url()))).toMatchObject({ reason: 'connection_reset' });
  });

  it('tells an unknown name', async () => {
    const unknown = Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    const http = client({ lookup: () => Promise.reject(unknown) });
    expect(await http.request(post('http://nobody.example/'))).toMatchObject({ reason: 'dns' });
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.6\r\n', 'answer_invalid'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc', 'answer_invalid'],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 'answer_invalid'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab', 'connection_reset'],
  ])('tells an answer that is none: %.40j', async (answer, reason) => {
    const url = await rawServer((socket) => socket.end(answer));
    const got = await client().request(post(url));
    expect(got).toMatchObject({ ok: false });
    expect(got.ok ? '' : got.reason).toBe(reason);
  });

  it('trusts no unknown certificate, and one only for its own name', async () => {
    const secure = await HttpReceiver.start('https');
    cleanups.push(() => secure.close());
    const lookup = async () => ['127.0.0.1'];
    expect(await client().request(post(secure.url()))).toMatchObject({ reason: 'tls' });
    const trusting = client({ tls: { ca: tlsFixture.cert }, lookup });
    expect(await trusting.request(post(secure.url()))).toMatchObject({ ok: true });
    expect(await trusting.request(post(secure.url('/', 'localhost')))).toMatchObject({ ok: true });
    expect(await trusting.request(post(secure.url('/', 'other.example')))).toMatchObject({ reason: 'tls' });
  });

  it('names no part of the URL in any detail', async () => {
    const secret = 'T0KEN/B0X?key=hush';
    const http = client();
    receiver.answer = answers.reset;
    const urls = [
      receiver.url(`/${secret}`),
      `http://10.0.0.1/${secret}`,
      `ftp://x/${secret}`,
      `http://a@b/${secret}`,
    ];
    for (const url of [...urls, `http://${secret}:x/`]) {
      const answer = await http.request(post(url));
      expect(answer.ok).toBe(false);
      expect(JSON.stringify(answer)).not.toMatch(/T0KEN|B0X|hush/);
    }
  });
});
