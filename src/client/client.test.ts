import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { HttpReceiver } from '../../tests/support/http-receiver.ts';
import { dispose, type Service, startService, TOKEN } from '../../tests/support/service.ts';
import { sampleNotification } from '../sources/sqreen/sample-notification.ts';
import { type Answer, createClient, type Problem } from './client.ts';

let service: Service;
let receiver: HttpReceiver;
beforeAll(async () => {
  service = await startService();
  await service.webhook(JSON.stringify([sampleNotification(Date.now())]));
  receiver = await HttpReceiver.start();
});
afterAll(async () => {
  await receiver.close();
  await dispose();
});

const client = () => createClient({ url: service.url, token: TOKEN });
/** Where nobody is who they say. */
const stranger = (path = '') =>
  createClient({ url: receiver.url(path), token: TOKEN, timeoutMs: 300, answerBytesMax: 1_000 });

test('asks, finds, and changes, each answer with the type of its route', async () => {
  const listed = await client().get('/api/v1/events', {
    query: { limit: 1, severity: 'low', source: undefined },
  });
  if (!listed.ok) throw new Error('no events');
  expectTypeOf(listed.value).toEqualTypeOf<Answer<'GET', '/api/v1/events'>>();
  expectTypeOf(listed.status).toEqualTypeOf<200>();
  const id = listed.value.items[0]?.id ?? '';
  const found = await client().get('/api/v1/events/{id}', { params: { id } });
  expect(found).toMatchObject({ ok: true, status: 200, value: { id } });
  const noted = await client().post('/api/v1/events/{id}/notes', { params: { id }, body: { text: 'Seen.' } });
  expect(noted).toMatchObject({ ok: true, status: 201, value: { text: 'Seen.' } });
  const path = '/api/v1/events/{id}/acknowledge';
  await client().post(path, { params: { id }, body: {} });
  expect(await client().delete(path, { params: { id } })).toEqual({
    ok: true,
    status: 204,
    value: undefined,
  });
});

test('a refusal is a value, with the code that says which', async () => {
  const missing = await client().get('/api/v1/targets/{id}', { params: { id: 'nobody' } });
  expect(missing).toMatchObject({ ok: false, kind: 'problem', status: 404, problem: { code: 'not_found' } });
  if (missing.ok || missing.kind !== 'problem') throw new Error('it was found');
  expectTypeOf(missing.problem).toExtend<Problem>();
  expectTypeOf<'conflict'>().not.toExtend<typeof missing.problem.code>();
  const stranger = await createClient({ url: service.url }).get('/api/v1/events');
  expect(stranger).toMatchObject({ ok: false, status: 401, problem: { code: 'unauthorized' } });
});

test('what does not fit a route does not compile', () => {
  const { get, post } = client();
  // @ts-expect-error there is no such path
  void (() => get('/api/v1/event'));
  // @ts-expect-error the path has a parameter
  void (() => get('/api/v1/events/{id}'));
  // @ts-expect-error no such severity
  void (() => get('/api/v1/events', { query: { severity: 'awful' } }));
  // @ts-expect-error the body lacks its text
  void (() => post('/api/v1/events/{id}/notes', { params: { id: 'evt_1' }, body: {} }));
});

test('a stream is handed on as it comes, and ends when its caller says so', async () => {
  const abort = new AbortController();
  const opened = await client().get('/api/v1/events/stream', { query: {}, signal: abort.signal });
  if (!opened.ok) throw new Error('no stream');
  expectTypeOf(opened.value).toEqualTypeOf<AsyncIterable<Uint8Array>>();
  const reading = (async () => {
    for await (const _ of opened.value);
  })();
  abort.abort();
  await expect(reading).rejects.toThrow();
});

test('a parameter stays within its step of the path', async () => {
  receiver.answer = (response) => void response.writeHead(204).end();
  await stranger('/prefix').get('/api/v1/targets/{id}', { params: { id: '../../tokens?x=/y' } });
  expect(receiver.requests.at(-1)?.path).toBe('/prefix/api/v1/targets/..%2F..%2Ftokens%3Fx%3D%2Fy');
  await expect(client().get('/api/v1/targets/{id}', { params: { id: '..' } })).rejects.toThrow(TypeError);
});

test('a redirect is not followed: the token goes nowhere else', async () => {
  const before = receiver.requests.length;
  receiver.answer = (response) =>
    void response.writeHead(302, { location: receiver.url('/elsewhere') }).end();
  expect(await stranger().get('/api/v1/events')).toEqual({ ok: false, kind: 'foreign', status: 302 });
  expect(receiver.requests.length).toBe(before + 1);
});

test('what answers but is not Tocsin, too much, too late or not at all is told apart, without the token', async () => {
  receiver.answer = (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>');
  expect(await stranger().get('/api/v1/events')).toEqual({ ok: false, kind: 'foreign', status: 502 });
  receiver.answer = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"half');
  expect(await stranger().get('/api/v1/events')).toEqual({ ok: false, kind: 'foreign', status: 200 });
  receiver.answer = (response) => void response.end('x'.repeat(2_000));
  expect(await stranger().get('/api/v1/events')).toMatchObject({ kind: 'unreachable', code: 'TOO_LARGE' });
  receiver.answer = () => {};
  expect(await stranger().get('/api/v1/events')).toMatchObject({ kind: 'unreachable', code: 'ETIMEDOUT' });
  const gone = await HttpReceiver.start();
  const url = gone.url('');
  await gone.close();
  const nobody = await createClient({ url, token: TOKEN }).get('/api/v1/events');
  expect(nobody).toEqual({ ok: false, kind: 'unreachable', code: 'ECONNREFUSED' });
  expect(() => createClient({ url: 'http://user:pass@localhost' })).toThrow(TypeError);
});
