import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, type Question } from '../../../tests/support/ask.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { nothingIsFetched } from '../../../tests/support/open-scheme.ts';
import { type RouteServer, serveRoutes } from '../../../tests/support/route-server.ts';
import type { Logger } from '../../kernel/log.ts';
import { openProof } from '../../sources/open-source.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { pushProof } from '../feeds/kinds/push.ts';
import { type PushRouteOptions, pushRoute } from './push-http.ts';
import type { PushResult } from '../thread/protocol.ts';

const KEY = Buffer.from('a key that is long enough to be one');
const BODY = '[{"type":"denial"}]';
const clock = new ManualClock();

let there: RouteServer;
let push: (id: string, body: Buffer) => Promise<PushResult>;
let feed: PushRouteOptions['feed'];
let pushed: string[];
let logged: object[];

const signedFeed = openProof(
  pushProof,
  { key: `whsec_${KEY.toString('base64')}` },
  { id: 'pushed', clock, http: nothingIsFetched },
);

beforeEach(async () => {
  pushed = [];
  logged = [];
  feed = (id) => (id === 'pushed' ? signedFeed : undefined);
  push = async (id, body) => {
    pushed.push(`${id} ${body.toString()}`);
    return { kind: 'taken', taken: 1, repeats: 2, invalid: 3 };
  };
  const note = (fields: object, message: string) => void logged.push({ ...fields, message });
  const log: Logger = { debug() {}, info: note, warn: note, error: note };
  const route = pushRoute({
    feed: (id) => feed(id),
    push: (id, body) => push(id, body),
    clock,
    log,
    unverifiedPerMinute: 2,
    bodyBytesMax: 100,
  });
  there = await serveRoutes([route], { clock, log });
});
afterEach(() => there.close());

function signed(body = BODY, path = '/api/v1/incidents/feeds/pushed'): Question {
  const time = String(Math.floor(clock.now() / 1_000));
  const mark = createHmac('sha256', KEY).update(`msg_1.${time}.${body}`).digest('base64');
  return {
    method: 'POST',
    path,
    body,
    headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': `v1,${mark}` },
  };
}

const told = async (question: Question) => {
  const { status, json } = await there.ask(question);
  return [status, at(json, 'code')];
};

test('what was taken is told only once it is on disk', async () => {
  let store: (result: PushResult) => void = () => {};
  push = () => new Promise((resolve) => (store = resolve));
  let isAnswered = false;
  const answer = there.ask(signed()).finally(() => (isAnswered = true));
  // As long as another question takes, from its beginning to its end.
  await there.ask({ path: '/api/v1/incidents/feeds/pushed' });
  expect(isAnswered).toBe(false);
  store({ kind: 'taken', taken: 4, repeats: 0, invalid: 0 });
  expect((await answer).json).toEqual({ taken: 4, repeats: 0, invalid: 0 });
});

test('the bytes of the body are handed on as they were signed', async () => {
  expect((await there.ask(signed('[ {"a": 1.50} ]'))).json).toEqual({ taken: 1, repeats: 2, invalid: 3 });
  expect(pushed).toEqual(['pushed [ {"a": 1.50} ]']);
});

test('an unproved body is nothing but 401, whatever is wrong with it, and is not looked into', async () => {
  const right = signed();
  const wrong: Question[] = [
    { ...right, headers: {} },
    { ...right, body: `${BODY} ` },
  ];
  const answers = [];
  for (const question of wrong) answers.push(await there.ask(question));
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  expect(answers[0]?.text).toBe(answers[1]?.text);
  expect(pushed).toEqual([]);
  expect(logged).toContainEqual(
    expect.objectContaining({
      'tocsin.feed.id': 'pushed',
      reason: 'signature_missing',
      'source.ip': '127.0.0.1',
    }),
  );
});

test('who sent too many that did not verify is turned away for a while', async () => {
  for (let n = 0; n < 2; n++) await there.ask({ ...signed(), headers: {} });
  const answer = await there.ask(signed());
  expect([answer.status, at(answer.json, 'code')]).toEqual([429, 'too_many_requests']);
  await clock.advance(60_000);
  expect((await there.ask(signed())).status).toBe(200);
});

test('genuine requests are not counted', async () => {
  for (let n = 0; n < 5; n++) expect((await there.ask(signed())).status).toBe(200);
});

test('a body that no incident can be read from is 422 with the reason', async () => {
  push = async () => ({ kind: 'refused', detail: 'It is no JSON.' });
  const { status, json } = await there.ask(signed());
  expect([status, at(json, 'detail')]).toEqual([422, 'It is no JSON.']);
});

test('what the store cannot take is 503, and in the log', async () => {
  push = () => Promise.reject(new StoreUnavailable('away'));
  expect(await told(signed())).toEqual([503, 'store_unavailable']);
  expect(logged).toContainEqual(expect.objectContaining({ message: 'a verified request was not stored' }));
});

test('what proves it cannot be fetched is 503: it is to come again', async () => {
  feed = () => ({ verify: () => ({ kind: 'refused', reason: 'proof_unavailable' }) });
  expect(await told(signed())).toEqual([503, 'proof_unavailable']);
});

test('a vendor that asks for the right door is answered, and nothing is taken in', async () => {
  const answer = { status: 200, headers: {}, body: '{"challenge":"c"}' } as const;
  feed = () => ({ verify: async () => ({ kind: 'handshake', about: 'url_verification', answer }) });
  expect((await there.ask(signed())).json).toEqual({ challenge: 'c' });
  expect(pushed).toEqual([]);
});

test('of an envelope that the proof covers only what is in it is taken', async () => {
  feed = () => ({ verify: () => ({ kind: 'verified', content: Buffer.from('inner') }) });
  await there.ask(signed());
  expect(pushed).toEqual(['pushed inner']);
});

test('a feed that is not sent to is 404, a name that is none 400, a body too large 413', async () => {
  expect(await told(signed(BODY, '/api/v1/incidents/feeds/elevate'))).toEqual([404, 'not_found']);
  expect(await told(signed(BODY, '/api/v1/incidents/feeds/%00'))).toEqual([400, 'bad_request']);
  expect(await told(signed('x'.repeat(101)))).toEqual([413, 'body_too_large']);
});
