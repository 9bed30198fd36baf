import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { at, textAt } from '../../../tests/support/ask.ts';
import { hostileBodies } from '../../../tests/journeys/hostile-input.ts';
import { openMemory } from '../../storage/ephemeral/memory.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { answered, AwsStage, body, cookieOf, failure, KEY_ID, MINUTE_MS } from './test-front.ts';
import type { AwsRoutesOptions } from './aws-routes.ts';

const WHO = '/api/v1/auth/session';
const LOGIN = '/api/v1/auth/login';
const LOGOUT = '/api/v1/auth/logout';
const CLUSTERS = '/api/v1/ecs/clusters';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const opened: AwsStage[] = [];
const open = async (over: Partial<AwsRoutesOptions> = {}): Promise<AwsStage> => {
  const stage = new AwsStage(over);
  opened.push(stage);
  return stage.open();
};
afterEach(async () => {
  for (const stage of opened.splice(0)) await stage.close();
});
/** For what changes nothing. */
const still = new AwsStage();
beforeAll(() => still.open());
afterAll(() => still.close());

const logout = (stage: AwsStage, cookie: string, headers: Record<string, string> = {}) =>
  stage.server.ask({ method: 'POST', path: LOGOUT, headers: { cookie, ...headers } });
const told = ({ status, json }: { status: number; json: unknown }): string =>
  `${status} ${status < 400 ? '' : textAt(json, 'code')}`.trim();

test('a login is answered with its end and a cookie that no script reads and no other site sends', async () => {
  const stage = await open();
  const answer = await stage.login();
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    expires_at: '2026-06-01T13:00:00.000Z',
    account_id: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/MPLE',
    region: 'us-west-2',
    role_arn: null,
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(/^tocsin_aws_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600$/),
  ]);
  expect((await stage.get(WHO, cookieOf(answer))).json).toEqual(answer.json);
});

test('the region is us-west-2 when none is named, and questions go where the session’s is', async () => {
  const stage = await open();
  expect(at((await stage.login({ aws_region: undefined })).json, 'region')).toBe('us-west-2');
  const cookie = await stage.cookie({ aws_region: 'eu-central-1' });
  await stage.get(CLUSTERS, cookie);
  expect(stage.reached.at(-1)?.question).toMatchObject({ name: 'clusters', region: 'eu-central-1' });
});

test('a role and its external id are asked with', async () => {
  const stage = await open();
  const role_arn = 'arn:aws:iam::210987654321:role/path/reader+1';
  const cookie = await stage.cookie({ role_arn, external_id: 'a:b/c', aws_session_token: 'temporary==' });
  await stage.get(CLUSTERS, cookie);
  expect(stage.reached.at(-1)?.principal).toEqual({
    kind: 'keys',
    keys: { accessKeyId: KEY_ID, secretAccessKey: 'not-a-real-secret', sessionToken: 'temporary==' },
    role: { arn: role_arn, externalId: 'a:b/c' },
    region: 'us-west-2',
  });
  expect(at((await stage.get(WHO, cookie)).json, 'role_arn')).toBe(role_arn);
});

test.each([
  ['no key id', { aws_access_key_id: undefined }],
  ['no secret', { aws_secret_access_key: undefined }],
  ['an empty key id', { aws_access_key_id: '' }],
  ['an empty secret', { aws_secret_access_key: '' }],
  ['a key id that is null', { aws_access_key_id: null }],
  ['a secret that is a number', { aws_secret_access_key: 1 }],
  ['a new line in a key id', { aws_access_key_id: `${KEY_ID}\n` }],
  ['a new line in a secret', { aws_secret_access_key: `${SECRET}\r\nx-amz: 1` }],
  ['letters of no ASCII', { aws_secret_access_key: 'пароль' }],
  ['a NUL', { aws_access_key_id: 'AKIA\0' }],
  ['half a character', { aws_access_key_id: '\ud800' }],
  ['a blank in a session token', { aws_session_token: 'a b' }],
  ['an oversized key id', { aws_access_key_id: 'A'.repeat(129) }],
  ['an oversized secret', { aws_secret_access_key: 'A'.repeat(257) }],
  ['an oversized session token', { aws_session_token: 'A'.repeat(8_193) }],
  ['an endpoint', { endpoint: 'http://169.254.169.254/' }],
  ['an endpoint by its SDK name', { endpoint_url: 'http://127.0.0.1:1/' }],
  ['a profile', { aws_profile: 'admin' }],
  ['a role that is no ARN', { role_arn: 'reader' }],
  ['the ARN of a user', { role_arn: 'arn:aws:iam::123456789012:user/a' }],
  ['a role of no account', { role_arn: 'arn:aws:iam::12:role/a' }],
  ['a role behind a new line', { role_arn: 'arn:aws:iam::123456789012:role/a\n' }],
  ['an external id without a role', { external_id: 'ab' }],
  ['an external id of one letter', { role_arn: 'arn:aws:iam::123456789012:role/a', external_id: 'a' }],
  ['an external id with a blank', { role_arn: 'arn:aws:iam::123456789012:role/a', external_id: 'a b' }],
  ['a region that is a number', { aws_region: 1 }],
])('%s is a 400, and AWS is not asked', async (_name, over) => {
  let asked = 0;
  still.identify = () => {
    asked += 1;
    throw new TypeError('asked');
  };
  expect(told(await still.login(over))).toBe('400 bad_request');
  expect(asked).toBe(0);
});

test.each(['mars-north-1', '', 'US-WEST-2', 'us-west-2\n', SECRET, 'all', 'aws-global'])(
  'a region that is none (%j) is a 422 that says how many there are, and not what was sent',
  async (aws_region) => {
    const answer = await still.login({ aws_region });
    expect(told(answer)).toBe('422 region_unknown');
    expect(textAt(answer.json, 'detail')).toMatch(/none of the \d\d regions/);
    if (aws_region === SECRET) expect(answer.text).not.toContain(SECRET);
  },
);

test.each([
  ['refused', '401 aws_refused'],
  ['denied', '401 aws_refused'],
  ['unreachable', '502 aws_unreachable'],
  ['failed', '502 aws_failed'],
  ['throttled', '503 aws_throttled'],
] as const)('keys of which AWS says "%s" open no session: %s', async (kind, expected) => {
  const stage = await open();
  stage.identify = async () => ({
    kind: 'failed',
    failure: failure({ kind, action: 'sts:GetCallerIdentity', code: 'InvalidClientTokenId' }),
  });
  const answer = await stage.login({ aws_secret_access_key: SECRET });
  expect(told(answer)).toBe(expected);
  expect(answer.headers['set-cookie']).toBeUndefined();
  if (answer.status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer realm="tocsin"');
  if (answer.status === 503) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(stage.audited).toHaveLength(1);
  expect(stage.audited[0]).toContain('aws.login_refused');
});

test('no body is too much for the login', async () => {
  const stage = await open();
  for (const hostile of hostileBodies) {
    const headers = { 'content-type': 'application/json' };
    const answer = await stage.raw({ method: 'POST', path: LOGIN, headers, body: hostile });
    expect([400, 413]).toContain(answer.status);
  }
  const large = await stage.login({ aws_session_token: 'A'.repeat(70_000) });
  expect(told(large)).toBe('413 body_too_large');
});

test('every login and logout is in the audit log, with the last four of the key id and no more', async () => {
  const stage = await open();
  const secrets = { aws_secret_access_key: SECRET, aws_session_token: 'FwoGZXIvYXdzEXAMPLE' };
  await logout(stage, await stage.cookie(secrets));
  const [login, out] = stage.audited;
  expect(stage.audited).toHaveLength(2);
  expect(login).toContain('"aws.login","123456789012"');
  expect(login).toContain('…MPLE');
  expect(login).toContain('127.0.0.1');
  expect(out).toContain('"aws.logout","123456789012"');
  expect(stage.audited.join()).not.toMatch(/AKIA|AMPLE|wJalr|FwoGZ/);
});

test('of a short key id nothing is told', async () => {
  const stage = await open();
  await stage.login({ aws_access_key_id: 'secret-like' });
  expect(stage.audited[0]).toContain(String.raw`\"key\":\"…\"`);
});

test('a login that cannot be told of is none', async () => {
  const stage = await open();
  stage.submit = () => Promise.reject(new StoreUnavailable('away'));
  const answer = await stage.login();
  expect(told(answer)).toBe('503 store_unavailable');
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(stage.forgotten).toHaveLength(1);
});

test('no secret is in an answer, a log line, the audit log or a problem', async () => {
  const stage = await open();
  const over = { aws_secret_access_key: SECRET, aws_session_token: 'FwoGZXIvYXdzEXAMPLE' };
  const good = await stage.login(over);
  const cookie = cookieOf(good);
  stage.identify = async () => ({ kind: 'failed', failure: failure({ kind: 'refused' }) });
  const answers = [
    good,
    await stage.login(over),
    await stage.login({ ...over, aws_region: SECRET }),
    await stage.login({ ...over, role_arn: SECRET }),
    await stage.login({ ...over, [SECRET]: 1 }),
    await stage.login({ ...over, aws_access_key_id: `${SECRET}\n` }),
    await stage.get(WHO, cookie),
    await stage.get(CLUSTERS, cookie),
    await logout(stage, cookie),
  ];
  const said = answers.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
  for (const told of [said, stage.logged.join('\n'), stage.audited.join('\n')]) {
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('FwoGZXIvYXdzEXAMPLE');
    expect(told).not.toContain(KEY_ID);
  }
  const token = cookie.split('=')[1] ?? '';
  expect(`${stage.logged.join('\n')}${stage.audited.join('\n')}`).not.toContain(token);
});

test('over plain HTTP keys are taken from this machine alone, and who asks through a proxy is told what to do', async () => {
  const stage = await open();
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-proto']) {
    const answer = await stage.login({}, { [name]: '127.0.0.1' });
    expect(told(answer), name).toBe('403 tls_needed');
    expect(textAt(answer.json, 'detail')).toContain('http.trustedProxies');
  }
  expect((await stage.login()).status).toBe(200);
});

test('another site’s page logs nobody in or out', async () => {
  const stage = await open();
  const cookie = await stage.cookie();
  const host = new URL(stage.server.url).host;
  const elsewhere: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${host}.evil.example` },
  ];
  for (const headers of elsewhere) {
    expect(told(await stage.login({}, headers)), JSON.stringify(headers)).toBe('403 forbidden');
    expect(told(await logout(stage, cookie, headers)), JSON.stringify(headers)).toBe('403 forbidden');
  }
  expect((await stage.get(WHO, cookie)).status).toBe(200);
  const form = { 'content-type': 'text/plain' };
  expect(told(await stage.server.ask({ method: 'POST', path: LOGIN, headers: form, body: body() }))).toBe(
    '415 media_type_unsupported',
  );
  const own: Record<string, string>[] = [
    { 'sec-fetch-site': 'same-origin' },
    { origin: `http://${host}` },
    {},
  ];
  for (const headers of own) {
    expect((await stage.login({}, headers)).status).toBe(200);
    expect((await logout(stage, cookie, headers)).status).toBe(204);
  }
});

test('a login always begins a session of its own, whatever cookie it brings, and ends the one it replaces', async () => {
  const stage = await open();
  const fixed = `tocsin_aws_session=${'A'.repeat(43)}`;
  const first = await stage.login({}, { cookie: fixed });
  expect(cookieOf(first)).not.toBe(fixed);
  expect((await stage.get(WHO, fixed)).status).toBe(401);
  const second = await stage.login({}, { cookie: cookieOf(first) });
  expect((await stage.get(WHO, cookieOf(first))).status).toBe(401);
  expect((await stage.get(WHO, cookieOf(second))).status).toBe(200);
  expect(stage.audited.map((row) => /"aws\.\w+"/.exec(row)?.[0])).toEqual([
    '"aws.login"',
    '"aws.login"',
    '"aws.logout"',
  ]);
});

test('a login that fails leaves the session that was there', async () => {
  const stage = await open();
  const cookie = await stage.cookie();
  stage.identify = async () => ({ kind: 'failed', failure: failure({ kind: 'refused' }) });
  expect((await stage.login({}, { cookie })).status).toBe(401);
  expect((await stage.get(WHO, cookie)).status).toBe(200);
});

test('a logout ends the session, takes the cookie back and forgets all; again is no fault', async () => {
  const stage = await open();
  const cookie = await stage.cookie();
  await stage.get(CLUSTERS, cookie);
  for (let again = 0; again < 2; again++) {
    const answer = await logout(stage, cookie);
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual([
      'tocsin_aws_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
  }
  expect((await logout(stage, '')).status).toBe(204);
  expect((await stage.get(CLUSTERS, cookie)).status).toBe(401);
  expect(stage.forgotten).toEqual([stage.reached[0]?.owner]);
  expect(stage.front.answers.size).toEqual({ bytes: 0, entries: 0 });
});

test('a logout while a read is under way leaves nothing of it behind', async () => {
  const stage = await open();
  const cookie = await stage.cookie();
  let finish = (): void => {};
  const reached = new Promise<void>((arrived) => {
    stage.answer = () =>
      new Promise((resolve) => {
        finish = () => resolve(answered({ late: true }, stage.clock.now()));
        arrived();
      });
  });
  const pending = stage.get(CLUSTERS, cookie);
  await reached;
  expect((await logout(stage, cookie)).status).toBe(204);
  finish();
  await pending;
  expect(stage.front.answers.size).toEqual({ bytes: 0, entries: 0 });
  expect(stage.forgotten).toHaveLength(1);
  expect((await stage.get(CLUSTERS, cookie)).status).toBe(401);
});

test('two sessions never see each other’s answers, also of the same keys', async () => {
  const stage = await open();
  stage.answer = async ({ owner }) => answered({ owner }, stage.clock.now());
  const cookies = [await stage.cookie(), await stage.cookie()];
  const seen = [];
  for (const cookie of [...cookies, ...cookies]) seen.push((await stage.get(CLUSTERS, cookie)).text);
  expect(stage.reached).toHaveLength(2);
  expect(seen[0]).toBe(seen[2]);
  expect(seen[1]).toBe(seen[3]);
  expect(seen[0]).not.toBe(seen[1]);
});

test('is over after its time', async () => {
  const stage = await open();
  const cookie = await stage.cookie();
  await stage.clock.advance(60 * MINUTE_MS - 1);
  expect((await stage.get(WHO, cookie)).status).toBe(200);
  await stage.clock.advance(1);
  expect(told(await stage.get(WHO, cookie))).toBe('401 unauthorized');
  expect(stage.forgotten).toHaveLength(1);
});

test('where only a SQL store is shared nobody logs in, and is told what would help', async () => {
  const stage = await open({ ephemeral: { ...openMemory(new AwsStage().clock), kind: 'sql' } });
  const answer = await stage.login();
  expect(told(answer)).toBe('503 aws_off');
  expect(textAt(answer.json, 'detail')).toContain('REDIS_URL');
});

test('records that are away are a 503, to a login and to a session', async () => {
  const away = () => Promise.reject(new StoreUnavailable('away'));
  const stage = await open({ ephemeral: { kind: 'redis', put: away, get: away, take: away } });
  expect(told(await stage.login())).toBe('503 store_unavailable');
  const cookie = `tocsin_aws_session=${'A'.repeat(43)}`;
  expect(told(await stage.get(CLUSTERS, cookie))).toBe('503 store_unavailable');
  expect(told(await stage.get(CLUSTERS))).toBe('401 unauthorized');
});

test('wrong keys are tried so often and no more; right ones more often; then everybody waits', async () => {
  const rates = { perClient: 8, failuresPerClient: 3, all: 100, atOnce: 10 };
  const stage = await open({ loginRates: rates });
  const identify = stage.identify;
  stage.identify = async () => ({ kind: 'failed', failure: failure({ kind: 'refused' }) });
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push((await stage.login()).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  stage.identify = identify;
  const waiting = await stage.login();
  expect(waiting.status).toBe(429);
  expect(Number(waiting.headers['retry-after'])).toBe(20);
  await stage.clock.advance(20_000);
  expect((await stage.login()).status).toBe(200);
  // A minute's worth of good ones is more.
  await stage.clock.advance(MINUTE_MS);
  const good = [];
  for (let n = 0; n < 10; n++) good.push((await stage.login()).status);
  expect(good.filter((status) => status === 200)).toHaveLength(8);
});

test('AWS being away counts against nobody', async () => {
  const stage = await open({ loginRates: { perClient: 100, failuresPerClient: 1, all: 100, atOnce: 10 } });
  stage.identify = async () => ({ kind: 'failed', failure: failure({ kind: 'unreachable' }) });
  for (let n = 0; n < 3; n++) expect((await stage.login()).status).toBe(502);
});

test('so many logins of all clients a minute, and so many that ask AWS at once', async () => {
  const stage = await open({ loginRates: { perClient: 100, failuresPerClient: 100, all: 2, atOnce: 1 } });
  const identify = stage.identify;
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const arrived = new Promise<void>((resolve) => {
    stage.identify = async (principal) => {
      resolve();
      await gate;
      return identify(principal);
    };
  });
  const first = stage.login();
  await arrived;
  expect((await stage.login()).status).toBe(429);
  go();
  expect((await first).status).toBe(200);
  expect((await stage.login()).status).toBe(429);
});

test('one client has so many sessions and no more, until one ends', async () => {
  const stage = await open();
  const cookies = [];
  for (let n = 0; n < 50; n++) cookies.push(await stage.cookie());
  const refused = await stage.login();
  expect(told(refused)).toBe('429 too_many_requests');
  await logout(stage, cookies[0] ?? '');
  expect((await stage.login()).status).toBe(200);
});

test('who hung up before AWS had answered has no session', async () => {
  const stage = await open();
  const identify = stage.identify;
  const controller = new AbortController();
  let isDone = (): void => {};
  const done = new Promise<void>((resolve) => (isDone = resolve));
  stage.identify = async (principal) => {
    controller.abort();
    // Until the server has seen the connection go.
    await new Promise((resolve) => setTimeout(resolve, 100));
    isDone();
    return identify(principal);
  };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${stage.server.url}${LOGIN}`, {
    method: 'POST',
    headers,
    body: body(),
    signal: controller.signal,
  }).catch(() => undefined);
  await done;
  await stage.clock.advance(0);
  expect(stage.audited.join()).not.toContain('"aws.login"');
});

test('an operator who is not logged in to AWS is told so, and not that the token is wrong', async () => {
  const stage = await open();
  expect(told(await stage.server.operator(WHO))).toBe('404 aws_no_account');
  expect(told(await stage.get(WHO))).toBe('401 unauthorized');
});
