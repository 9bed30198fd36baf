import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { type RouteServer, serveRoutes } from '../../../tests/support/route-server.ts';
import { silentLogger } from '../../kernel/log.ts';
import { contractRoute } from './contract-http.ts';
import type { Publication } from '../published.ts';

const TEXT = '{"7":{"low":{"count":0,"incidents":[]}}}';
const plain = Buffer.from(TEXT);
const hash = createHash('sha256').update(plain).digest('base64url');
const document = {
  plain,
  gzip: gzipSync(plain),
  brotli: brotliCompressSync(plain),
  hash,
  unresolved: 3,
  incidents: 5,
};

const clock = new ManualClock();
const asItStands = {
  document,
  changedAt: clock.now() - 90_000,
  refreshedAt: clock.now() - 4_900,
  stale: [],
};
let published: Publication | undefined;
let load: () => void;
let there: RouteServer;
let open: RouteServer;

const serve = (isPublic: boolean): Promise<RouteServer> => {
  const loaded = async () => load();
  const options = { publication: () => published, loaded, isPublic, clock };
  return serveRoutes([contractRoute(options)], { clock, log: silentLogger });
};
beforeAll(async () => {
  there = await serve(false);
  open = await serve(true);
});
beforeEach(() => {
  published = asItStands;
  load = () => {};
});
afterAll(async () => {
  await there.close();
  await open.close();
});

/** The body's bytes as they came. */
async function bytesOf(encoding: string) {
  const { authorization, url } = there;
  const asked = request(`${url}/incidents`, { headers: { authorization, 'accept-encoding': encoding } });
  asked.end();
  const [response] = await once(asked, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { headers: response.headers, bytes: Buffer.concat(chunks) };
}

test('is the document as it stands, with how old it is and what is missing in it', async () => {
  const answer = await there.operator('/incidents');
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(TEXT);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(plain.length),
    'cache-control': 'private, no-cache',
    etag: `"${hash}"`,
    vary: 'accept-encoding',
    age: '4',
    'last-modified': 'Wed, 31 Dec 2025 23:58:30 GMT',
    'tocsin-incidents-unresolved': '3',
  });
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(answer.headers['tocsin-incidents-stale']).toBeUndefined();
});

test('comes in the coding that the client likes best, each with a tag of its own', async () => {
  const br = await bytesOf('gzip, br');
  expect(br.headers).toMatchObject({ 'content-encoding': 'br', etag: `"${hash}-br"` });
  expect(br.headers['content-length']).toBe(String(document.brotli.length));
  expect(brotliDecompressSync(br.bytes)).toEqual(plain);
  const gzip = await bytesOf('gzip');
  expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip', etag: `"${hash}-gz"` });
  expect(gunzipSync(gzip.bytes)).toEqual(plain);
  const none = await bytesOf('identity;q=0, *;q=0');
  expect(none.headers['content-encoding']).toBeUndefined();
  expect(none.bytes).toEqual(plain);
});

test.each([
  [`"${hash}"`, `"${hash}"`],
  [`W/"${hash}-gz"`, `"${hash}-gz"`],
  [`"other", "${hash}-br"`, `"${hash}-br"`],
  ['*', `"${hash}"`],
])('is not sent again to whoever has it in any coding: %s', async (named, tag) => {
  const answer = await there.operator('/incidents', { headers: { 'if-none-match': named } });
  expect(answer.status).toBe(304);
  expect(answer.text).toBe('');
  expect(answer.headers).toMatchObject({
    etag: tag,
    vary: 'accept-encoding',
    'cache-control': 'private, no-cache',
    'tocsin-incidents-unresolved': '3',
  });
});

test('is not sent again to whoever has had it since it changed; a tag counts before a date', async () => {
  const since = { 'if-modified-since': 'Wed, 31 Dec 2025 23:58:30 GMT' };
  expect((await there.operator('/incidents', { headers: since })).status).toBe(304);
  const before = { 'if-modified-since': 'Wed, 31 Dec 2025 23:58:29 GMT' };
  expect((await there.operator('/incidents', { headers: before })).status).toBe(200);
  const both = { ...since, 'if-none-match': '"other"' };
  expect((await there.operator('/incidents', { headers: both })).status).toBe(200);
});

test('what changed twice within a second is sent to whoever may have the first of it', async () => {
  const first = await there.operator('/incidents');
  const since = { 'if-modified-since': String(first.headers['last-modified']) };
  published = { ...asItStands, changedAt: asItStands.changedAt + 250 };
  expect((await there.operator('/incidents', { headers: since })).status).toBe(200);
  published = { ...published, stale: ['elevate/denial'] };
  expect((await there.operator('/incidents', { headers: since })).status).toBe(200);
  published = { ...asItStands, changedAt: asItStands.changedAt + 1_250 };
  const later = await there.operator('/incidents', { headers: since });
  expect(later.status).toBe(200);
  const again = { 'if-modified-since': String(later.headers['last-modified']) };
  expect((await there.operator('/incidents', { headers: again })).status).toBe(304);
});

test('HEAD tells the same without the document', async () => {
  const answer = await there.operator('/incidents', { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
  expect(answer.status).toBe(200);
  expect(answer.text).toBe('');
  expect(answer.headers).toMatchObject({
    'content-length': String(document.brotli.length),
    'content-encoding': 'br',
    etag: `"${hash}-br"`,
  });
});

test('its age is never below zero, though the clock went back', async () => {
  published = { ...asItStands, refreshedAt: clock.now() + 60_000 };
  expect((await there.operator('/incidents')).headers['age']).toBe('0');
});

test('says which lists are stale, and of very many how many more', async () => {
  const names = Array.from({ length: 23 }, (_, n) => `elevate/type-${n}`);
  published = { ...asItStands, stale: names };
  const told = String((await there.operator('/incidents')).headers['tocsin-incidents-stale']);
  expect(told).toMatch(/^elevate\/type-0, elevate\/type-1, .*, elevate\/type-19, and 3 more$/);
});

test('is nobody’s but an operator’s unless it is made public', async () => {
  expect((await there.ask({ path: '/incidents' })).status).toBe(401);
  const answer = await open.ask({ path: '/incidents' });
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('public, no-cache');
});

test('while nothing was ever read it says so and when to come again, never an empty document', async () => {
  published = { ...asItStands, document: undefined, stale: ['elevate/denial'] };
  const answer = await there.operator('/incidents');
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ code: 'feed_cold' });
  expect(answer.headers['retry-after']).toBe('2');
});

test('right after a start what is stored is waited for, rather than that nothing is told', async () => {
  published = { ...asItStands, document: undefined };
  load = () => {
    published = asItStands;
  };
  expect((await there.operator('/incidents')).text).toBe(TEXT);
});

test('without a feed it says what to set', async () => {
  published = undefined;
  const answer = await there.operator('/incidents');
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({
    code: 'feed_off',
    detail: expect.stringMatching(/TOCSIN_INCIDENTS_URL.*feeds/),
  });
});

test.each([
  { 'accept-encoding': 'gzip;q=,;;,br;q=9'.repeat(500) },
  { 'if-none-match': '"'.repeat(8_000) },
  { 'if-modified-since': 'x'.repeat(8_000) },
])('headers that are no good are passed over', async (headers) => {
  const answer = await there.operator('/incidents', { headers });
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(TEXT);
});
