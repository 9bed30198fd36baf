import { expect, test } from 'vitest';
import { answered, bodyOf, objectOf, refused, testApi } from '../test-api.ts';
import { ACCOUNT_NUMBER, aFinding, aScan, FINDING } from '../test-aws.ts';
import { cli, NOW } from '../test-cli.ts';

const page = (...items: readonly unknown[]) => testApi(() => answered({ items, nextCursor: null }));
const queryOf = (path: string | undefined): Record<string, string> =>
  Object.fromEntries(new URL(path ?? '', 'http://service').searchParams);

test('the name of the group alone lists what is open and not muted', async () => {
  const api = await page(aFinding());
  const { code, out } = await cli(['aws'], { env: api.env });
  expect([code, out]).toEqual([
    0,
    `${FINDING}  critical  s3.public-policy  us-west-2  assets - Its policy is public.`,
  ]);
  expect(queryOf(api.requests[0]?.path)).toEqual({ state: 'open', muted: 'false', limit: '50' });
});

test('of several accounts each finding says whose it is, and muted and resolved ones that they are', async () => {
  const api = await page(
    aFinding(),
    aFinding({ accountId: '271828182845', state: 'resolved' }),
    aFinding({ muted: true }),
  );
  const { out } = await cli(['aws', 'findings', '--all'], { env: api.env });
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/314159265358 +us-west-2 +assets/),
    expect.stringMatching(/271828182845 +us-west-2 +\[resolved\] assets/),
    expect.stringContaining('[muted] assets'),
  ]);
  expect(queryOf(api.requests[0]?.path)).toEqual({ limit: '50' });
});

test('filters are asked for as they are typed', async () => {
  const api = await page();
  const line = `aws findings --account ${ACCOUNT_NUMBER} --check s3.public-policy --service s3 --severity high --severity-min low --region global --resource arn:aws:s3:::a --framework cis-aws --framework-version 6.0.0 --control 3.1.4 --text x --muted`;
  const { code, out, err } = await cli(line.split(' '), { env: api.env });
  expect([code, out, err]).toEqual([0, '', 'No findings. --all shows muted and resolved ones too.']);
  expect(queryOf(api.requests[0]?.path)).toEqual({
    accountId: ACCOUNT_NUMBER,
    check: 's3.public-policy',
    service: 's3',
    severity: 'high',
    severityMin: 'low',
    region: 'global',
    resource: 'arn:aws:s3:::a',
    framework: 'cis-aws',
    version: '6.0.0',
    control: '3.1.4',
    text: 'x',
    state: 'open',
    muted: 'true',
    limit: '50',
  });
});

const account = (over: object = {}) => ({
  id: 'prod',
  region: 'us-west-2',
  credentials: 'environment',
  roleArn: null,
  regions: null,
  scanEverySeconds: 21_600,
  lastScan: aScan(),
  ...over,
});
const withAccounts = (...accounts: readonly object[]) =>
  testApi(({ path }) =>
    answered(path === '/api/v1/accounts' ? { items: accounts } : { items: [], nextCursor: null }),
  );

test("an account's name in the config is looked up: findings are of AWS's number", async () => {
  const api = await withAccounts(account());
  await cli(['aws', 'findings', '--account', 'prod'], { env: api.env });
  expect(queryOf(api.requests[1]?.path)).toMatchObject({ accountId: ACCOUNT_NUMBER });
});

test('an account that is unknown, or was never scanned, is never taken for all of them', async () => {
  const api = await withAccounts(account({ lastScan: null }));
  const never = await cli(['aws', 'findings', '--account', 'prod'], { env: api.env });
  expect(never).toMatchObject({ code: 1, err: expect.stringContaining('was not scanned yet') });
  const unknown = await cli(['aws', 'findings', '--account', 'tset'], { env: api.env });
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('there are prod') });
  expect(api.requests.every(({ path }) => path === '/api/v1/accounts')).toBe(true);
});

test('accounts are listed with how they are scanned and how the last one went', async () => {
  const api = await withAccounts(account(), account({ id: 'new', lastScan: null, scanEverySeconds: null }));
  const { out } = await cli(['aws', 'accounts'], { env: api.env });
  expect(out.split('\n')).toEqual([
    'prod  314159265358  environment  us-west-2  all regions  every 6h   done           2026-01-31T12:00:07Z',
    'new   -             environment  us-west-2  all regions  on demand  never scanned',
  ]);
});

test('one finding is told with its facts, and what to do', async () => {
  const api = await testApi(() => answered(aFinding()));
  const { code, out } = await cli(['aws', 'finding', FINDING], { env: api.env });
  expect(code).toBe(0);
  for (const told of [
    /^No bucket is public through its policy {2}fnd_/,
    /Opened +2026-01-31T12:00:00.000Z, for the 2nd time/,
    /Evidence\n +isPublic +true\n +statements +first\n +second/,
    /Why it matters\n +Everybody can read/,
    /On the command line\n +aws s3api/,
    /cis-aws 6.0.0: 3.1.4, 3.1.5/,
    /What IAM must allow\n +s3:GetBucketPolicyStatus/,
  ])
    expect(out).toMatch(told);
  expect(api.requests[0]?.path).toBe(`/api/v1/findings/${FINDING}`);
});

test('what AWS says of a resource cannot take over a terminal', async () => {
  const evil = '\u001b]0;x\u0007\u009b2J\u202e';
  const finding = aFinding({
    reason: evil,
    resource: { ...aFinding().resource, name: evil, arn: evil },
    evidence: { [evil]: [evil, { deep: evil }] },
  });
  const one = await testApi(() => answered(finding));
  const list = await page(finding);
  for (const [line, api] of [
    [['aws', 'finding', FINDING], one],
    [['aws', 'finding', FINDING, '--json'], one],
    [['aws'], list],
    [['aws', '--json'], list],
  ] as const) {
    const { out } = await cli(line, { env: api.env });
    expect(out).toContain('\\u001b');
    for (const char of ['\u001b', '\u009b', '\u0007', '\u202e']) expect(out).not.toContain(char);
  }
});

test('a mute says why and until when, by a duration or a time', async () => {
  const mute = {
    at: '2026-01-31T12:00:00.000Z',
    until: '2026-03-02T12:00:00.000Z',
    by: 'tok_1',
    why: 'OPS-1',
  };
  const api = await testApi(() => answered(aFinding({ muted: true, mute })));
  const line = (more: string) => [
    'aws',
    'mute',
    FINDING,
    '--why',
    'OPS-1',
    ...more.split(' ').filter(Boolean),
  ];
  const { code, out } = await cli(line('--for 30d'), { env: api.env });
  expect([code, out]).toEqual([0, 's3.public-policy of assets is muted until 2026-03-02T12:00:00Z: OPS-1']);
  await cli(line('--until 2026-12-31T23:00:00Z'), { env: api.env });
  await cli(line(''), { env: api.env });
  expect(api.requests.map((request) => [request.path, bodyOf(request)])).toEqual([
    [
      `/api/v1/findings/${FINDING}/mute`,
      { why: 'OPS-1', until: new Date(NOW + 30 * 86_400_000).toISOString() },
    ],
    [`/api/v1/findings/${FINDING}/mute`, { why: 'OPS-1', until: '2026-12-31T23:00:00.000Z' }],
    [`/api/v1/findings/${FINDING}/mute`, { why: 'OPS-1' }],
  ]);
});

test('a mute can be taken back', async () => {
  const api = await testApi(() => answered(aFinding()));
  const { out } = await cli(['aws', 'unmute', FINDING], { env: api.env });
  expect(out).toBe('s3.public-policy of assets is not muted.');
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /api/v1/findings/${FINDING}/unmute`,
  ]);
});

test.each([
  ['a mute without a reason', ['mute', FINDING], 'say why'],
  [
    'two ends',
    ['mute', FINDING, '--why', 'x', '--for', '1d', '--until', '2027-01-01T00:00:00Z'],
    'can be one',
  ],
  [
    'how long ago, where an end is wanted',
    ['mute', FINDING, '--why', 'x', '--until', '1d'],
    'a time such as',
  ],
  ['an id of something else', ['finding', 'inc_1'], 'begin with fnd_'],
  ['an id with a path in it', ['finding', '../tokens'], 'begin with fnd_'],
  ['two standings', ['findings', '--all', '--muted'], 'can be one'],
  ['two standings of an export', ['export', '--all', '--resolved'], 'can be one'],
  ['what is no check', ['findings', '--check', '../x'], 'the id of a check'],
  ['a framework without its version', ['frameworks', 'cis-aws'], 'name its version'],
  ['a framework with a path in it', ['frameworks', '../..', 'x'], 'no framework'],
  ['a framework that leads elsewhere', ['frameworks', '..', '6.0.0'], 'no framework'],
  ['a scan of another kind', ['cancel', 'evt_1'], 'begin with scn_'],
])('refuses %s before anything is asked', async (_name, words, told) => {
  const api = await page();
  const { code, err } = await cli(['aws', ...words], { env: api.env });
  expect([code, api.requests.length]).toEqual([2, 0]);
  expect(err).toContain(told);
});

test('a refusal of the service is told, and ends with 1', async () => {
  const api = await testApi(() => refused(404, 'not_found', 'There is no finding with this id.'));
  expect(await cli(['aws', 'finding', FINDING], { env: api.env })).toMatchObject({
    code: 1,
    out: '',
    err: 'There is no finding with this id.',
  });
});

test('scans are listed with what they made of findings; one is told with its coverage', async () => {
  const api = await testApi(({ path }) =>
    answered(path.includes('scn_') ? aScan() : { items: [aScan()], nextCursor: null }),
  );
  const listed = await cli(['aws', 'scans', '--account', 'prod', '--state', 'done'], { env: api.env });
  expect(listed.out).toMatch(/prod +done +6.3 s +1 high, 3 medium open; 4 opened, 1 worse, 2 resolved$/);
  expect(queryOf(api.requests[0]?.path)).toEqual({ account: 'prod', state: 'done', limit: '20' });
  await cli(['aws', 'scans', '--account', ACCOUNT_NUMBER], { env: api.env });
  expect(queryOf(api.requests[1]?.path)).toMatchObject({ accountId: ACCOUNT_NUMBER });
  const one = await cli(['aws', 'scans', aScan().id], { env: api.env });
  expect(one.out).toContain('s3:GetBucketAcl');
});

test('a framework is told control by control', async () => {
  const statuses = { fail: 1, unknown: 0, pass: 0, not_applicable: 0 };
  const resources = { fail: 2, muted: 1, unknown: 0, pass: 5, notApplicable: 0 };
  const control = { control: '3.1.4', status: 'fail', checks: ['s3.bucket-bpa'], resources };
  const cis = { framework: 'cis-aws', version: '6.0.0', statuses };
  const api = await testApi(({ path }) =>
    answered(path.endsWith('/frameworks') ? { items: [cis] } : { ...cis, controls: [control] }),
  );
  expect((await cli(['aws', 'frameworks'], { env: api.env })).out).toMatch(/^cis-aws {2}6.0.0 {2}1 fail/);
  const one = await cli(['aws', 'frameworks', 'cis-aws', '6.0.0'], { env: api.env });
  expect(one.out).toMatch(/3.1.4 +fail +2 fail, 1 muted, 5 pass +s3.bucket-bpa/);
  expect(objectOf((await cli(['aws', 'frameworks', '--json'], { env: api.env })).out)).toEqual({
    items: [cis],
  });
});

test('figures that could not be read are no zeros', async () => {
  const figures = { total_clusters: 1, total_services: null, total_tasks: 3, unhealthy_services: 0 };
  const s3 = {
    total_buckets: 9,
    total_storage_gb: 1_250.5,
    buckets_without_encryption: 0,
    publicly_accessible_buckets: 1,
  };
  const ebs = { total_volumes: 2, total_storage_gb: 5, unattached_volumes: 0, unencrypted_volumes: 0 };
  const network = { total_vpcs: 1, total_subnets: 2, security_groups_with_open_ssh: 0, route_tables: 1 };
  const api = await testApi(() =>
    answered({
      summary: { ecs: figures, s3, ebs, network },
      region: 'us-west-2',
      findings: { informational: 0, low: 4, medium: 0, high: 0, critical: 2 },
      unreadable: [
        { member: 'ecs.total_services', action: 'ecs:ListServices', region: 'us-west-2', reason: 'denied' },
      ],
    }),
  );
  const { out } = await cli(['aws', 'summary', '--account', 'prod', '--region', 'us-west-2'], {
    env: api.env,
  });
  expect(out).toMatch(/total services +not read/);
  expect(out).toMatch(/total storage gb +1,250.5/);
  expect(out).toMatch(/Findings, of all regions\n +2 critical, 4 low open/);
  expect(out).toMatch(/ecs.total_services +ecs:ListServices +us-west-2 +denied/);
  expect(queryOf(api.requests[0]?.path)).toEqual({ account: 'prod', region: 'us-west-2' });
});
