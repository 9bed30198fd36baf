import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, listAt, type Question } from '../support/ask.ts';
import type { Operation } from '../support/description.ts';
import { EventSource } from '../support/event-source.ts';
import { KEY, sign, TOKEN } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { connectTls } from '../support/tls-handshake.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

/** Of the OWASP Secure Headers Project, those that apply to what the service answers. */
const REQUIRED: Readonly<Record<string, RegExp>> = {
  'content-security-policy':
    /^default-src 'none';.*frame-ancestors 'none'.*base-uri 'none'.*form-action 'none'/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'referrer-policy': /^no-referrer$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'cache-control': /./,
};
const STRICT_TRANSPORT = /^max-age=(\d{8,}); includeSubDomains$/;
/** What tells strangers more than they need, or undoes the above. */
const FORBIDDEN = ['server', 'x-powered-by', 'access-control-allow-origin', 'x-xss-protection'];

type HeaderMap = Readonly<Record<string, string | string[] | undefined>>;

function checkHeaders(headers: HeaderMap, where: string, isTls: boolean): void {
  for (const [name, pattern] of Object.entries(REQUIRED)) {
    expect(String(headers[name]), `${where}: ${name}`).toMatch(pattern);
  }
  expect(String(headers['content-security-policy']), where).not.toMatch(/unsafe|\*|https?:/);
  for (const name of FORBIDDEN) expect(headers[name], `${where}: ${name}`).toBeUndefined();
  const strict = headers['strict-transport-security'];
  if (isTls) expect(strict, where).toMatch(STRICT_TRANSPORT);
  else expect(strict, where).toBeUndefined();
}

/** The headers of an answer as bytes. */
const headersOf = (bytes: string): HeaderMap =>
  Object.fromEntries(
    (bytes.split('\r\n\r\n')[0] ?? '')
      .split('\r\n')
      .slice(1)
      .map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
  );

/** What Node's parser gives up on before there is a request. */
const broken: Readonly<Record<string, string>> = {
  'a malformed request': 'GET / / HTTP/1.1\r\n\r\n',
  'headers without end': `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
  'no host': 'GET / HTTP/1.1\r\n\r\n',
  'another version': 'GET / HTTP/3.0\r\nHost: x\r\n\r\n',
};

const isOperators = (json: unknown): boolean => listAt(json, 'security').length > 0;
const UUID = '00000000-0000-7000-8000-000000000000';
const concrete = (path: string): string =>
  path
    .replace('/events/{id}', `/events/evt_${UUID}`)
    .replace('/sources/{id}', '/sources/sqreen')
    .replaceAll(/\{\w+\}/g, 'nobody');

describe.each([false, true])('the headers that browsers heed, under TLS: %s', (isTls) => {
  let there: Visit;
  let operations: readonly Operation[];
  beforeAll(async () => {
    const env = isTls ? { TOCSIN_TLS_CERT: tlsFixture.certFile, TOCSIN_TLS_KEY: tlsFixture.keyFile } : {};
    const config = 'http:\n  trustedProxies: [127.0.0.1]\n  unverifiedPerMinute: 1\n';
    there = await visit({ env, config });
    operations = there.description.operations;
  });
  afterAll(endOfVisits);

  let clients = 0;
  const check = async (question: Question, status?: number): Promise<void> => {
    const headers = { 'x-forwarded-for': `198.18.0.${++clients & 255}`, ...question.headers };
    const answer = await there.ask({ ...question, headers });
    const where = `${question.method ?? 'GET'} ${question.path} → ${answer.status}`;
    if (status !== undefined) expect(answer.status, where).toBe(status);
    checkHeaders(answer.headers, where, isTls);
  };
  const authorization = `Bearer ${TOKEN}`;

  it('are on every route’s answer, to an operator and to nobody', async () => {
    for (const { method, path } of operations) {
      const asked = { method: method === 'GET' ? 'HEAD' : method, path: concrete(path) };
      await check(asked);
      // What would change something is asked with a body that no schema takes.
      const body = method === 'GET' ? {} : { body: '[1]' };
      await check({ ...asked, ...body, headers: { authorization, 'content-type': 'application/json' } });
    }
  });

  it('are on the pages, their files and the description', async () => {
    for (const path of ['/', '/m', '/m/nobody']) {
      const page = await ask(there.url, { path, headers: { accept: 'text/html' } });
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      checkHeaders(page.headers, `the page ${path}`, isTls);
    }
    const files = operations.filter(({ path }) => path.startsWith('/page/'));
    expect(files.length).toBeGreaterThan(3);
    for (const { path } of files) await check({ path }, 200);
    await check({ path: '/api/v1/openapi.json' }, 200);
    const path = files[0]?.path ?? '';
    const first = await there.ask({ path });
    const again = await ask(there.url, { path, headers: { 'if-none-match': first.headers.etag } });
    expect(again.status).toBe(304);
    checkHeaders(again.headers, 'a file that is known', isTls);
  });

  it('are on every kind of refusal', async () => {
    const json = { authorization, 'content-type': 'application/json' };
    await check({ path: '/api/v1/events?limit=none', headers: { authorization } }, 400);
    await check({ path: '/api/v1/events' }, 401);
    await check({ path: '/nothing' }, 404);
    await check({ path: '/%zz' }, 400);
    await check({ method: 'DELETE', path: '/api/v1/events' }, 405);
    await check(
      { method: 'POST', path: '/api/v1/rules/test', headers: json, body: 'x'.repeat(1_100_000) },
      413,
    );
    const text = { authorization, 'content-type': 'text/plain' };
    await check({ method: 'POST', path: '/api/v1/rules/test', headers: text, body: 'a' }, 415);
    const signed = { 'content-type': 'application/json', 'x-sqreen-integrity': sign('{}', KEY) };
    await check({ method: 'POST', path: '/v1/webhook', headers: signed, body: '{}' }, 422);
    const one = { 'x-forwarded-for': '192.0.2.1' };
    await check({ method: 'POST', path: '/v1/webhook', headers: one, body: '{}' }, 401);
    await check({ method: 'POST', path: '/v1/webhook', headers: one, body: '{}' }, 429);
  });

  it.each(Object.entries(broken))('are on the refusal of %s', async (_name, bytes) => {
    if (!isTls) return checkHeaders(headersOf((await there.raw(bytes)).received), bytes.slice(0, 20), false);
    const socket = await connectTls(there.url);
    if (socket === undefined) throw new TypeError('no TLS connection');
    socket.write(bytes);
    const [received]: Buffer[] = await once(socket, 'data');
    socket.destroy();
    checkHeaders(headersOf(String(received)), bytes.slice(0, 20), true);
  });

  // The reader of streams speaks plain HTTP only; under TLS the binding that sets the headers is the same.
  if (!isTls) {
    it('are on a stream of events', async () => {
      const source = await EventSource.open(there.url);
      checkHeaders(source.headers, 'the stream', false);
      source.close();
    });
  }

  it('leave no operator’s answer in a cache', async () => {
    for (const { path } of operations.filter(({ method, json }) => method === 'GET' && isOperators(json))) {
      const asked = { method: 'HEAD', path: concrete(path), headers: { authorization } };
      expect((await there.ask(asked)).headers['cache-control'], path).toMatch(/^no-store\b/);
    }
  });
});
