import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { at, textAt } from '../../../tests/support/ask.ts';
import { hostileValues } from '../../../tests/journeys/hostile-input.ts';
import { openApi, problemsOf } from '../../http/openapi.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import type { Question } from '../views/question.ts';
import { answered, AwsStage, configured, failure, MINUTE_MS } from './test-front.ts';

const stage = new AwsStage();
let cookie = '';
const answer = stage.answer;
beforeAll(async () => {
  await stage.open();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.answer = answer;
  stage.accounts = [];
  stage.reached = [];
});
/** A session of which nothing is kept yet, in place of the one before. */
const begin = async (): Promise<void> => {
  await stage.server.ask({ method: 'POST', path: '/api/v1/auth/logout', headers: { cookie } });
  cookie = await stage.cookie();
};

const told = ({ status, json }: { status: number; json: unknown }): string =>
  `${status} ${status < 400 ? '' : textAt(json, 'code')}`.trim();

const list = (where: Record<string, string> = {}) => ({ where });
const region = 'us-west-2';
/** At 12:00 on the day of the test. */
const window = { since: Date.UTC(2026, 4, 31, 12), until: Date.UTC(2026, 5, 1, 12), periodSeconds: 3_600 };

/** Every path, and what is asked of the thread for it. */
const questions: readonly (readonly [path: string, question: Question])[] = [
  ['/api/v1/ecs/clusters', { name: 'clusters', region, list: list() }],
  [
    '/api/v1/ecs/clusters?region=all&status=ACTIVE',
    { name: 'clusters', region: 'all', list: list({ status: 'ACTIVE' }) },
  ],
  ['/api/v1/ecs/clusters/web_1-a', { name: 'cluster', region, cluster: 'web_1-a' }],
  ['/api/v1/ecs/clusters/web/services', { name: 'services', region, cluster: 'web', list: list() }],
  [
    '/api/v1/ecs/clusters/web/services?region=eu-west-1&healthy=false&launch_type=FARGATE',
    {
      name: 'services',
      region: 'eu-west-1',
      cluster: 'web',
      list: list({ healthy: 'false', launch_type: 'FARGATE' }),
    },
  ],
  ['/api/v1/ecs/clusters/web/services/front', { name: 'service', region, cluster: 'web', service: 'front' }],
  ['/api/v1/ecs/clusters/web/tasks', { name: 'tasks', region, cluster: 'web', list: list() }],
  [
    '/api/v1/ecs/clusters/web/container-instances?agent_connected=true',
    { name: 'containerInstances', region, cluster: 'web', list: list({ agent_connected: 'true' }) },
  ],
  ['/api/v1/ecs/clusters/web/metrics', { name: 'ecsMetrics', region, cluster: 'web', window }],
  [
    '/api/v1/ecs/clusters/web/metrics?service=front&period=300',
    {
      name: 'ecsMetrics',
      region,
      cluster: 'web',
      service: 'front',
      window: { ...window, periodSeconds: 300 },
    },
  ],
  ['/api/v1/s3/buckets', { name: 'buckets', list: list() }],
  ['/api/v1/s3/buckets?region=eu-west-1', { name: 'buckets', list: list({ region: 'eu-west-1' }) }],
  [
    '/api/v1/s3/buckets?region=all&public_access_blocked=false',
    { name: 'buckets', list: list({ public_access_blocked: 'false' }) },
  ],
  ['/api/v1/s3/buckets/company.assets-1/details', { name: 'bucket', bucket: 'company.assets-1' }],
  ['/api/v1/ebs/volumes', { name: 'volumes', region, list: list() }],
  [
    '/api/v1/ebs/volumes?q=Web&limit=1000&cursor=abc_-&state=in-use&volume_type=gp3&encrypted=true',
    {
      name: 'volumes',
      region,
      list: {
        text: 'Web',
        limit: 1_000,
        cursor: 'abc_-',
        where: { state: 'in-use', volume_type: 'gp3', encrypted: 'true' },
      },
    },
  ],
  [
    '/api/v1/ebs/volumes/vol-0a1b2c3d4e5f6g7h8/metrics',
    { name: 'volumeMetrics', region, volume: 'vol-0a1b2c3d4e5f6g7h8', window },
  ],
  ['/api/v1/ebs/snapshots?public=true', { name: 'snapshots', region, list: list({ public: 'true' }) }],
  ['/api/v1/network/vpcs', { name: 'vpcs', region, list: list() }],
  [
    '/api/v1/network/vpcs/vpc-0a/security-groups',
    { name: 'securityGroups', region, vpc: 'vpc-0a', list: list() },
  ],
  [
    '/api/v1/network/vpcs/vpc-0a/subnets?public=true',
    { name: 'subnets', region, vpc: 'vpc-0a', list: list({ public: 'true' }) },
  ],
  [
    '/api/v1/network/vpcs/vpc-0a/route-tables?main=true',
    { name: 'routeTables', region, vpc: 'vpc-0a', list: list({ main: 'true' }) },
  ],
  ['/api/v1/network/vpcs/vpc-0a/network-acls', { name: 'networkAcls', region, vpc: 'vpc-0a', list: list() }],
  ['/api/v1/network/vpcs/vpc-0a/flow-logs', { name: 'flowLogs', region, vpc: 'vpc-0a', list: list() }],
  ['/api/v1/network/vpcs/vpc-0a/topology', { name: 'topology', region, vpc: 'vpc-0a' }],
  ['/api/v1/aws/regions', { name: 'regions' }],
  ['/api/v1/dashboard/summary', { name: 'summary', region }],
  ['/api/v1/dashboard/summary?region=us-gov-east-1', { name: 'summary', region: 'us-gov-east-1' }],
];

describe('what an account has', () => {
  test.each(questions)(
    '%s asks what it says, with the session’s keys, and HEAD goes as GET does',
    async (path, question) => {
      await begin();
      const got = await stage.get(path, cookie);
      expect([got.status, got.json]).toMatchObject([200, { ok: true }]);
      expect(got.headers['content-type']).toMatch(/^application\/json/);
      expect(got.headers['cache-control']).toBe('private, no-cache');
      expect(stage.reached).toEqual([
        {
          owner: expect.stringMatching(/^session\/[0-9a-f]{64}$/),
          principal: expect.objectContaining({ kind: 'keys' }),
          question,
          isForced: false,
        },
      ]);
      const head = await stage.server.ask({ method: 'HEAD', path, headers: { cookie } });
      expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', got.headers['etag']]);
      expect(head.headers['content-length']).toBe(got.headers['content-length']);
    },
  );

  test.each(questions)('%s is nobody’s without a session or a token', async (path) => {
    for (const headers of [
      {},
      { cookie: `tocsin_aws_session=${'A'.repeat(43)}` },
      { cookie: 'tocsin_aws_session=x' },
    ]) {
      expect(told(await stage.server.ask({ path, headers }))).toBe('401 unauthorized');
    }
    expect(stage.reached).toEqual([]);
  });

  test('who is nobody is told so whatever else is wrong with the request', async () => {
    for (const { path } of stage.front.routes.filter(({ access }) => access.kind === 'aws')) {
      for (const value of ['x', '%00', '..%2f']) {
        const asked = path.replaceAll(/\{\w+\}/g, value);
        expect(told(await stage.get(`${asked}?region=nowhere&wrong=1`)), asked).toBe('401 unauthorized');
      }
    }
  });

  test('no parameter’s value is too much for its route, nor reaches the thread unchecked', async () => {
    await begin();
    // Rows share parameters: each is tried once, on the first row that has it.
    const tried = new Set<object>();
    for (const route of stage.front.routes.filter(({ access }) => access.kind === 'aws')) {
      const path = route.path
        .replace('{volume_id}', 'vol-0a')
        .replace('{vpc_id}', 'vpc-0a')
        .replaceAll(/\{\w+\}/g, 'name');
      for (const [name, schema] of Object.entries(route.query?.properties ?? {})) {
        if (tried.has(schema)) continue;
        tried.add(schema);
        const allowed = [200, 400, 431, ...(name === 'account' ? [401] : [])];
        for (const value of hostileValues) {
          const { status } = await stage.get(`${path}?${name}=${value}`, cookie);
          expect(allowed, `${path}?${name}=${value}`).toContain(status);
        }
      }
      for (const value of hostileValues.filter((one) => one !== '' && route.path.includes('{'))) {
        const { status } = await stage.get(route.path.replaceAll(/\{\w+\}/g, value), cookie);
        expect([200, 400, 404], `${route.path} ${value}`).toContain(status);
      }
    }
    expect(stage.reached.length).toBeGreaterThan(50);
    for (const { question } of stage.reached) {
      const { name, ...parts } = question;
      expect(JSON.stringify(parts)).not.toMatch(/\\u00[01]|\\[rntbf]/);
      for (const member of ['region', 'cluster', 'service', 'bucket', 'volume', 'vpc']) {
        const value = at(parts, member);
        if (value !== undefined) expect(value, `${name} ${member}`).toMatch(/^[A-Za-z0-9_.-]{1,255}$/);
      }
    }
  });

  test.each([
    '/api/v1/ecs/clusters?region=mars-north-1',
    '/api/v1/ecs/clusters/web?region=all',
    '/api/v1/dashboard/summary?region=all',
    '/api/v1/ecs/clusters?limit=0',
    '/api/v1/ecs/clusters?limit=1001',
    '/api/v1/ecs/clusters?cursor=a%2Fb',
    '/api/v1/ecs/clusters?q=',
    '/api/v1/ecs/clusters?wrong=1',
    '/api/v1/ebs/volumes?encrypted=perhaps',
    '/api/v1/ecs/clusters/a.b/services',
    `/api/v1/ecs/clusters/${'a'.repeat(256)}/services`,
    '/api/v1/ebs/volumes/i-0a/metrics',
    '/api/v1/ebs/volumes/vol-0A/metrics',
    '/api/v1/ebs/volumes/vol-0a/metrics?period=90',
    '/api/v1/ebs/volumes/vol-0a/metrics?period=0',
    '/api/v1/ebs/volumes/vol-0a/metrics?period=-60',
    '/api/v1/ebs/volumes/vol-0a/metrics?period=60&start_time=2026-05-01T00:00:00Z',
    '/api/v1/ebs/volumes/vol-0a/metrics?start_time=yesterday',
    '/api/v1/ebs/volumes/vol-0a/metrics?start_time=2026-06-01T11:00:00Z&end_time=2026-06-01T10:00:00Z',
    '/api/v1/s3/buckets/-a/details',
    '/api/v1/s3/buckets/ab%2Fc/details',
    '/api/v1/network/vpcs/vpc_1/subnets',
    '/api/v1/ecs/clusters?account=A%20B',
  ])('%s is not asked of AWS', async (path) => {
    await begin();
    expect([400, 404]).toContain((await stage.get(path, cookie)).status);
    expect(stage.reached).toEqual([]);
  });
});

describe('an operator', () => {
  test('asks with the only account that is configured, in its home', async () => {
    stage.accounts = [configured('prod')];
    const got = await stage.server.operator('/api/v1/ecs/clusters');
    expect(got.status).toBe(200);
    expect(stage.reached[0]).toMatchObject({
      owner: 'account/prod',
      principal: { kind: 'configured', id: 'prod' },
      question: { region: 'eu-west-1' },
    });
  });

  test('names one of several, and is told their names', async () => {
    stage.accounts = [configured('prod2'), configured('test2', 'ap-east-1')];
    const none = await stage.server.operator('/api/v1/ecs/clusters');
    expect(told(none)).toBe('400 bad_request');
    expect(textAt(none.json, 'detail')).toContain('prod2, test2');
    expect((await stage.server.operator('/api/v1/ecs/clusters?account=test2')).status).toBe(200);
    expect(stage.reached[0]?.owner).toBe('account/test2');
    const unknown = await stage.server.operator('/api/v1/ecs/clusters?account=other');
    expect(told(unknown)).toBe('404 aws_no_account');
    expect(textAt(unknown.json, 'detail')).toContain('prod2, test2');
  });

  test('without any account is told what to do', async () => {
    const got = await stage.server.operator('/api/v1/ecs/clusters');
    expect(told(got)).toBe('404 aws_no_account');
    expect(textAt(got.json, 'detail')).toMatch(/auth\/login.*accounts/);
  });

  test('with an AWS session too asks with that, unless an account is named', async () => {
    stage.accounts = [configured('prod3')];
    await begin();
    await stage.server.operator('/api/v1/ecs/clusters', { headers: { cookie } });
    await stage.server.operator('/api/v1/ecs/clusters?account=prod3', { headers: { cookie } });
    expect(stage.reached.map(({ owner }) => owner.split('/')[0])).toEqual(['session', 'account']);
  });

  test('is needed for a configured account: a session is not enough', async () => {
    stage.accounts = [configured('prod4')];
    await begin();
    expect(told(await stage.get('/api/v1/ecs/clusters?account=prod4', cookie))).toBe('401 unauthorized');
    expect(stage.reached).toEqual([]);
  });

  test('with a wrong token is turned away, whatever session it brings', async () => {
    await begin();
    const headers = { cookie, authorization: 'Bearer wrong' };
    expect(told(await stage.get('/api/v1/ecs/clusters', undefined, headers))).toBe('401 unauthorized');
  });

  test('is not told that the token is wrong when AWS does not take the account’s credentials', async () => {
    stage.accounts = [configured('prod5')];
    stage.answer = async () => ({
      kind: 'failed',
      failure: failure({ kind: 'refused', code: 'ExpiredToken' }),
    });
    expect(told(await stage.server.operator('/api/v1/ecs/clusters'))).toBe('502 aws_failed');
  });
});

describe('a failure is told as one', () => {
  test.each([
    ['denied', '403 aws_denied'],
    ['throttled', '503 aws_throttled'],
    ['unreachable', '502 aws_unreachable'],
    ['failed', '502 aws_failed'],
    ['missing', '404 not_found'],
    ['refused', '401 aws_refused'],
  ] as const)('%s: %s', async (kind, expected) => {
    await begin();
    stage.answer = async () => ({ kind: 'failed', failure: failure({ kind, code: 'TheCode' }) });
    const got = await stage.get('/api/v1/ecs/clusters', cookie);
    expect(told(got)).toBe(expected);
    expect(got.json).toMatchObject({ action: 'ecs:ListClusters', region: 'us-west-2', aws_code: 'TheCode' });
    if (kind === 'denied')
      expect(textAt(got.json, 'detail')).toContain('Let these credentials do "ecs:ListClusters"');
    if (kind === 'throttled') expect(Number(got.headers['retry-after'])).toBeGreaterThan(0);
    if (kind === 'refused') expect(got.headers['www-authenticate']).toBe('Bearer realm="tocsin"');
  });

  test('keys that are not taken any more end the session', async () => {
    await begin();
    await stage.get('/api/v1/s3/buckets', cookie);
    stage.answer = async () => ({ kind: 'failed', failure: failure({ kind: 'refused' }) });
    await stage.get('/api/v1/ecs/clusters', cookie);
    expect(told(await stage.get('/api/v1/s3/buckets', cookie))).toBe('401 unauthorized');
    expect(stage.forgotten.at(-1)).toBe(stage.reached[0]?.owner);
  });

  test.each(['AuthFailure', 'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidToken'])(
    'keys that AWS knows, but not in a region that is not enabled, are denied there and end no session: %s',
    async (code) => {
      await begin();
      stage.answer = async () => ({
        kind: 'failed',
        failure: failure({ kind: 'refused', region: 'me-south-1', code }),
      });
      const got = await stage.get('/api/v1/ecs/clusters?region=me-south-1', cookie);
      expect(told(got)).toBe('403 aws_denied');
      expect(textAt(got.json, 'detail')).toContain('may not be enabled');
      expect((await stage.get('/api/v1/auth/session', cookie)).status).toBe(200);
      expect(stage.forgotten).not.toContain(stage.reached.at(-1)?.owner);
    },
  );

  test('keys that have expired have done so in every region', async () => {
    await begin();
    stage.answer = async () => ({
      kind: 'failed',
      failure: failure({ kind: 'refused', region: 'me-south-1', code: 'ExpiredTokenException' }),
    });
    const got = await stage.get('/api/v1/ecs/clusters?region=me-south-1', cookie);
    expect(told(got)).toBe('401 aws_refused');
    expect(told(await stage.get('/api/v1/auth/session', cookie))).toBe('401 unauthorized');
  });

  test.each([
    [404, '404 not_found'],
    [400, '400 bad_request'],
  ] as const)(
    'what is not there, or cannot be asked, in the thread’s own words: %d',
    async (status, expected) => {
      await begin();
      stage.answer = async () => ({ kind: 'refused', status, detail: 'There is no cluster web here.' });
      const got = await stage.get('/api/v1/ecs/clusters/web', cookie);
      expect([told(got), textAt(got.json, 'detail')]).toEqual([expected, 'There is no cluster web here.']);
    },
  );

  test('a thread that ended', async () => {
    await begin();
    stage.answer = () => Promise.reject(new ThreadEnded('gone'));
    expect(told(await stage.get('/api/v1/ecs/clusters', cookie))).toBe('502 aws_failed');
  });
});

describe('an answer', () => {
  const path = '/api/v1/s3/buckets';

  test('says when it was read and how old it is, and is not sent to who has it', async () => {
    await begin();
    stage.answer = async () => answered({ n: 1 }, stage.clock.now() - 2_500);
    const got = await stage.get(path, cookie);
    expect(got.headers).toMatchObject({
      age: '2',
      'tocsin-read-at': new Date(stage.clock.now() - 2_500).toISOString(),
      vary: 'cookie, authorization',
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
    });
    for (const tag of [got.headers.etag, `W/${got.headers.etag}`, `"x", ${got.headers.etag}`, '*']) {
      const again = await stage.get(path, cookie, { 'if-none-match': tag });
      expect([again.status, again.text, again.headers.etag], tag).toEqual([304, '', got.headers.etag]);
      expect(again.headers['cache-control']).toBe('private, no-cache');
    }
    expect((await stage.get(path, cookie, { 'if-none-match': '"other"' })).status).toBe(200);
    expect(stage.reached).toHaveLength(1);
  });

  test('a tag is no way in', async () => {
    await begin();
    const { headers } = await stage.get(path, cookie);
    expect((await stage.get(path, undefined, { 'if-none-match': headers.etag })).status).toBe(401);
    expect((await stage.get(path, undefined, { 'if-none-match': '*' })).status).toBe(401);
  });

  test('is read anew for who wants a new one', async () => {
    await begin();
    await stage.get(path, cookie);
    for (const wish of ['no-cache', 'max-age=0, No-Cache', 'no-cache , max-age=0']) {
      await stage.get(path, cookie, { 'cache-control': wish });
      expect(stage.reached.at(-1)?.isForced, wish).toBe(true);
    }
    const before = stage.reached.length;
    for (const wish of ['max-age=0', 'no-cachet', 'x-no-cache', 'no-transform'])
      await stage.get(path, cookie, { 'cache-control': wish });
    expect(stage.reached).toHaveLength(before);
  });

  test('a stale one comes at once, and the next is new', async () => {
    await begin();
    let n = 0;
    stage.answer = async () => answered({ n: ++n }, stage.clock.now());
    await stage.get(path, cookie);
    await stage.clock.advance(2 * MINUTE_MS);
    const stale = await stage.get(path, cookie);
    expect([stale.json, stale.headers.age]).toEqual([{ n: 1 }, '120']);
    expect((await stage.get(path, cookie)).json).toEqual({ n: 2 });
  });
});

test('rows say all that they answer, and the description both ways in', () => {
  const described = openApi(stage.front.routes, '1.0.0');
  for (const route of stage.front.routes.filter(({ access }) => access.kind === 'aws')) {
    expect(problemsOf(route), route.path).toEqual(
      expect.arrayContaining(['unauthorized', 'store_unavailable']),
    );
    expect(at(described, 'paths', route.path, 'get', 'security')).toEqual([
      { awsSession: [] },
      { token: [] },
      { session: [] },
    ]);
  }
  expect(at(described, 'components', 'securitySchemes', 'awsSession', 'name')).toBe('tocsin_aws_session');
});
