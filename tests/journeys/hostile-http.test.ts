import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '../support/raw-client.ts';
import { KEY, sign } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const BODY = '[{"message_id":"smuggled"}]';
const signed = (lines: readonly string[], body = BODY): string =>
  `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Sqreen-Integrity: ${sign(BODY)}\r\n` +
  `${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`;
const chunked = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

/** Requests that a front end and a back end could read in two ways: nothing of them may be served. */
const ambiguous: Readonly<Record<string, string>> = {
  'both lengths': signed(['Content-Length: 4', 'Transfer-Encoding: chunked'], chunked),
  'both lengths, the other way round': signed([
    'Transfer-Encoding: chunked',
    `Content-Length: ${BODY.length}`,
  ]),
  'two declared lengths': signed(['Content-Length: 4', `Content-Length: ${BODY.length}`]),
  'the same length twice': signed([`Content-Length: ${BODY.length}`, `Content-Length: ${BODY.length}`]),
  'an unknown encoding': signed(['Transfer-Encoding: xchunked'], chunked),
  'chunked not last': signed(['Transfer-Encoding: chunked, identity'], chunked),
  'chunked with a vertical tab': signed(['Transfer-Encoding: \x0bchunked'], chunked),
  'a blank before the colon': signed([`Content-Length : ${BODY.length}`]),
  'a folded header': signed([`Content-Length:\r\n ${BODY.length}`]),
  'a header without a name': signed([': x', `Content-Length: ${BODY.length}`]),
  'NUL in a header': signed(['X-More: a\0b', `Content-Length: ${BODY.length}`]),
  'a lone line feed in a header': signed([
    'X-More: a\nX-Sqreen-Integrity: b',
    `Content-Length: ${BODY.length}`,
  ]),
  'a chunk of no number': signed(['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n0\r\n\r\n`),
  'a chunk longer than said': signed(['Transfer-Encoding: chunked'], `4\r\n${BODY}\r\n0\r\n\r\n`),
  'a chunk of absurd size': signed(
    ['Transfer-Encoding: chunked'],
    `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`,
  ),
  'lone carriage returns': 'GET /livez HTTP/1.1\rHost: x\r\r',
  'TLS on a plain port': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'bytes that mean nothing': '\x00\xff\xfe\x80garbage\r\n\r\n',
  'a version that is not there': 'GET /livez HTTP/9.9\r\nHost: x\r\n\r\n',
  'HTTP/0.9': 'GET /livez\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'no host': 'GET /livez HTTP/1.1\r\n\r\n',
  'a blank in the path': 'GET /livez x HTTP/1.1\r\nHost: x\r\n\r\n',
  'an unknown method': 'STEAL /livez HTTP/1.1\r\nHost: x\r\n\r\n',
};

const nowhere = [
  '/%00',
  '/livez%00',
  '/livez/',
  '//livez',
  '/./livez/../livez/..',
  '/../../../../etc/passwd',
  '/page/../../package.json',
  '/page/..%2f..%2fpackage.json',
  '/page/%2e%2e/%2e%2e/package.json',
  String.raw`/page/..\..\package.json`,
  '/api/v1/events/..%2f..%2fconfig',
  '/api/v1',
  '/API/V1/CONFIG',
  '/v1/webhook/x',
  '/v1/webhook;x=1',
  '/.env',
  '/data/master.key',
  '/__proto__',
  '/api/v1/__proto__/constructor',
  `/${'a/'.repeat(3_000)}`,
  `/${'é'.repeat(10)}`,
];

describe('hostile HTTP', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit();
  });
  afterAll(endOfVisits);

  it.each(Object.entries(ambiguous))(
    'is refused when it has %s, and the connection with it',
    async (_name, bytes) => {
      const client = await RawClient.connect(there.url);
      client.send(bytes);
      await client.answered();
      expect(client.statuses).toEqual([400]);
      expect(client.received).toMatch(/^content-type: application\/problem\+json/m);
      expect(client.received).toMatch(/^content-security-policy: default-src 'none'/m);
      client.close();
    },
  );

  it('that hides a second request behind the first one is told no for the second', async () => {
    const hidden = 'GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n';
    const { statuses } = await there.raw(signed([`Content-Length: ${BODY.length}`]) + hidden, 2);
    expect(statuses).toEqual([200, 401]);
  });

  it.each(nowhere)('finds nothing at %s', async (path) => {
    const client = await there.raw(
      Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    expect(client.statuses).toHaveLength(1);
    expect([400, 401, 404]).toContain(client.statuses[0]);
    expect(client.received).not.toMatch(/"dependencies"|root:/);
  });

  it.each(['/%zz', '/api/v1/events/%', '/api/v1/events/%ff%fe', '/livez?%zz=%'])(
    'does not stumble over %s',
    async (path) => {
      expect((await there.ask({ path })).status).toBeLessThan(500);
    },
  );

  it('is told 431 for a flood of headers, and for one long line', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => `X-${n}: ${'a'.repeat(16)}\r\n`).join('');
    for (const flood of [many, `X-Long: ${'a'.repeat(40_000)}\r\n`, `Cookie: ${'a=b;'.repeat(10_000)}\r\n`]) {
      const client = await there.raw(`GET /livez HTTP/1.1\r\nHost: x\r\n${flood}\r\n`);
      expect(client.statuses).toEqual([431]);
      expect(client.received).toMatch(/^content-type: application\/problem\+json/m);
    }
    const { statuses } = await there.raw(`GET /livez?${'q'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(statuses).toEqual([431]);
  });

  it('cannot push the signature out of sight with thousands of headers', async () => {
    const small = Array.from({ length: 3_000 }, () => 'a:\r\n').join('');
    const { statuses } = await there.raw(
      `POST /v1/webhook HTTP/1.1\r\nHost: x\r\n${small}X-Sqreen-Integrity: ${sign(BODY)}\r\nContent-Length: 4\r\n\r\n[{}]`,
    );
    expect([401, 431]).toEqual(expect.arrayContaining(statuses));
  });

  it('has every header read, also behind thousands of others: those of a proxy come last', async () => {
    const small = Array.from({ length: 3_000 }, () => 'a:').concat(`Content-Length: ${BODY.length}`);
    const behind = `X-Sqreen-Integrity: ${sign(BODY)}`;
    const { statuses } = await there.raw(
      `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${[...small, behind].join('\r\n')}\r\n\r\n${BODY}`,
    );
    expect(statuses).toEqual([200]);
  });

  it('answers a long query like a short one', async () => {
    expect((await there.ask({ path: `/livez?${'q'.repeat(12_000)}` })).status).toBe(200);
    expect((await there.operator('GET', `/api/v1/events?${'limit=1&'.repeat(1_000)}`)).status).toBeLessThan(
      500,
    );
  });

  it('gets its pipelined requests answered in their order', async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const post = signed([`Content-Length: ${BODY.length}`]);
    const { statuses } = await there.raw(
      [get('/livez'), get('/nothing'), post, get('/api/v1/events'), get('/readyz')].join(''),
      5,
    );
    expect(statuses).toEqual([200, 404, 200, 401, 200]);
  });

  it('is invited to send its body when it asks to be, and other expectations are passed over', async () => {
    const continued = await there.raw(signed(['Expect: 100-continue', `Content-Length: ${BODY.length}`]), 2);
    expect(continued.statuses).toEqual([100, 200]);
    const { statuses } = await there.raw(
      signed(['Expect: the-unexpected', `Content-Length: ${BODY.length}`]),
    );
    expect(statuses).toEqual([200]);
  });

  it('gets no tunnel and no upgrade', async () => {
    const tunnel = await RawClient.connect(there.url);
    tunnel.send('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n');
    await tunnel.ended();
    expect(tunnel.statuses).not.toContain(200);
    const upgrade = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect((await there.raw(upgrade)).statuses).toEqual([200]);
  });

  it('changes nothing by the host it names', async () => {
    for (const host of ['evil.example', 'evil.example:99999', '', '[::1', 'a'.repeat(300)]) {
      const client = await there.raw(
        `GET /api/v1/openapi.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(client.received).not.toContain('evil.example');
      expect([200, 400]).toContain(client.statuses[0]);
    }
  });

  it('leaves no error in the log, and the service as it was', async () => {
    expect((await there.webhook('[{"message_id":"after all"}]', { key: KEY })).status).toBe(200);
    expect(await there.service.stop()).toBe(0);
    expect(there.service.stdout()).not.toMatch(/"log.level":"error"|unexpected fault/);
  });
});
