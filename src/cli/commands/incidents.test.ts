import { afterAll, expect, test } from 'vitest';
import { IncidentUpstream } from '../../../tests/support/incident-upstream.ts';
import { dispose, startService, TOKEN } from '../../../tests/support/service.ts';
import { until } from '../../../tests/support/until.ts';
import { feedsStatus, type IncidentDetails, type ListStatus } from '../incident-wire.ts';
import { answered, objectOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';

afterAll(dispose);

const ID = `inc_${'0a'.repeat(20)}`;
const incident = (over: Partial<IncidentDetails> = {}): IncidentDetails => ({
  id: ID,
  feed: 'elevate',
  type: 'intrusion',
  priority: 'critical',
  timestamp: 1_500_000_000.25,
  occurredAt: '2017-07-14T02:40:00.250Z',
  employee: '1234',
  identity: 'remembered',
  address: '10.0.0.1',
  sourceAddress: '203.0.113.9',
  firstSeenAt: '2026-01-31T11:00:00.000Z',
  lastSeenAt: null,
  listed: true,
  attributedAt: null,
  eventId: null,
  fault: null,
  record: { priority: 'critical', note: 'x' },
  recordText: '{"priority":"critical","note":"x"}',
  ...over,
});
const page = (...items: readonly unknown[]) => testApi(() => answered({ items, nextCursor: null }));
const pathOf = ({ path }: { readonly path: string }): URL => new URL(path, 'http://service');

test('the name of the group alone lists what feeds list now, with whom each is about', async () => {
  const nobodys = incident({ employee: null, identity: null, type: 'probing', sourceAddress: null });
  const api = await page(incident(), nobodys);
  const { code, out } = await cli(['incidents'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(
      /^inc_\w+ +2017-07-14T02:40:00Z +critical +elevate +intrusion +employee 1234 +10.0.0.1 \(remembered\) from 203.0.113.9$/,
    ),
    expect.stringMatching(/probing +unresolved +10.0.0.1$/),
  ]);
  expect(api.requests.map(({ path }) => path)).toEqual(['/api/v1/incidents?listed=true&limit=50']);
});

test('filters are asked for as they are typed, and --all asks for history too', async () => {
  const api = await page();
  const line =
    'incidents list --employee 7 --priority-min high --type denial --feed elevate --address 10.0.0.1 --text x --since 1h --unresolved --all';
  const { code, out, err } = await cli(line.split(' '), { env: api.env });
  expect([code, out, err]).toEqual([0, '', 'No incidents.']);
  const [request = { path: '' }] = api.requests;
  expect(Object.fromEntries(pathOf(request).searchParams)).toEqual({
    employee: '7',
    priorityMin: 'high',
    type: 'denial',
    feed: 'elevate',
    address: '10.0.0.1',
    text: 'x',
    since: '2026-01-31T11:00:00.000Z',
    attributed: 'false',
    limit: '50',
  });
});

test('a list goes over as many pages as it takes, and says when there is more', async () => {
  const api = await testApi(({ path }) => {
    const limit = Number(pathOf({ path }).searchParams.get('limit'));
    return answered({ items: Array.from({ length: limit }, () => incident()), nextCursor: ID });
  });
  const { out, err } = await cli(['incidents', '--limit', '250'], { env: api.env });
  expect(out.split('\n')).toHaveLength(250);
  expect(err).toBe('There are more than these 250: --limit shows more.');
  expect(api.requests.map((request) => pathOf(request).search)).toEqual([
    '?listed=true&limit=200',
    `?listed=true&limit=50&cursor=${ID}`,
  ]);
});

test('records that are no incidents are listed with what is wrong, and take only their own filters', async () => {
  const { id, feed, type, firstSeenAt, lastSeenAt, listed } = incident();
  const fault = 'priority_unknown';
  const api = await page({
    id,
    feed,
    type,
    fault,
    text: '{"priority":"x"}',
    firstSeenAt,
    lastSeenAt,
    listed,
  });
  const { code, out } = await cli(['incidents', 'list', '--invalid', '--feed', 'elevate'], { env: api.env });
  expect(code).toBe(0);
  expect(out).toMatch(/elevate +intrusion +priority_unknown +\{"priority":"x"\}$/);
  expect(api.requests[0]?.path).toBe('/api/v1/incidents/invalid?feed=elevate&limit=50');
  const refusal = await cli(['incidents', 'list', '--invalid', '--all'], { env: api.env });
  expect([refusal.code, refusal.err]).toEqual([2, 'error: --invalid does not go with --all']);
});

test('nothing that a feed says reaches the terminal as more than text', async () => {
  const harm = '\u001b]0;owned\u0007\u009b2J\u202e';
  const harmful = incident({ type: harm, address: harm, record: { [harm]: harm }, recordText: harm });
  const api = await testApi(({ path }) =>
    answered(path.includes('?') ? { items: [harmful], nextCursor: null } : harmful),
  );
  for (const line of [['list'], ['list', '--json'], ['show', ID], ['show', ID, '--json']]) {
    const { out } = await cli(['incidents', ...line], { env: api.env });
    expect(out, line.join(' ')).toContain('owned');
    // oxlint-disable-next-line no-control-regex
    expect(out, line.join(' ')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test('one incident is shown member by member, and as it came where a number would read otherwise', async () => {
  const api = await testApi(() => answered(incident()));
  const { code, out } = await cli(['incidents', 'show', ID], { env: api.env });
  expect(code).toBe(0);
  expect(out).toContain('by its address, which the feed has forgotten since');
  expect(out).toMatch(/^ {2}priority +critical\n {2}note +x$/m);
  const text = '{"identifier":12345678901234567890}';
  const exact = await testApi(() => answered(incident({ record: JSON.parse(text), recordText: text })));
  expect((await cli(['incidents', 'show', ID], { env: exact.env })).out).toContain(text);
  expect((await cli(['incidents', 'show', 'evt_1'], { env: api.env })).code).toBe(2);
  const none = await testApi(() => refused(404, 'not_found', 'There is no incident with this id.'));
  expect(await cli(['incidents', 'show', ID], { env: none.env })).toMatchObject({
    code: 1,
    err: 'There is no incident with this id.',
  });
});

const scale = {
  weights: { low: 1, medium: 3, high: 10, critical: 30 },
  halfLifeSeconds: 30 * 86_400,
  at: '2026-01-31T12:00:00.000Z',
};
const risk = {
  employee: '1234',
  score: 41.26,
  counts: { low: 2, medium: 0, high: 1, critical: 1 },
  lastAt: '2026-01-31T11:00:00.000Z',
};

test('the riskiest employees are listed with score and counts, the worst counts first', async () => {
  const api = await testApi(() => answered({ items: [risk], scale }));
  const { code, out } = await cli(['incidents', 'employees', '--limit', '5', '--listed'], { env: api.env });
  expect([code, out]).toEqual([0, '1234  41.3  1 critical, 1 high, 2 low  last 2026-01-31T11:00:00Z']);
  expect(api.requests[0]?.path).toBe('/api/v1/incidents/employees?listed=true&limit=5');
});

test('one employee is shown with how the score is reckoned, addresses and the newest incidents', async () => {
  const addresses = [{ feed: 'elevate', address: '10.0.0.1', forgottenAt: '2026-01-30T00:00:00.000Z' }];
  const whole = { ...risk, byType: { intrusion: 3, denial: 1 }, firstAt: null, listed: 2, addresses };
  const api = await testApi(() => answered({ ...whole, latest: [incident()], scale }));
  const { code, out } = await cli(['incidents', 'employee', '1234'], { env: api.env });
  expect(code).toBe(0);
  expect(out).toContain('low 1, medium 3, high 10, critical 30; half after 30 days');
  expect(out).toContain('intrusion 3, denial 1');
  expect(out).toContain('10.0.0.1 (elevate, forgotten 2026-01-30T00:00:00Z)');
  expect(out).toContain(ID);
  expect((await cli(['incidents', 'employee', 'x/../..'], { env: api.env })).code).toBe(2);
});

const list = (over: Partial<ListStatus> = {}): ListStatus => ({
  name: 'denial',
  lastAttemptAt: '2026-01-31T11:59:56.000Z',
  lastSuccessAt: '2026-01-31T11:59:56.000Z',
  ageSeconds: 4,
  stale: false,
  count: 300,
  unresolved: 2,
  invalid: 1,
  error: null,
  durationMs: 1_750,
  attempts: 1,
  ...over,
});
const status = (types: readonly ListStatus[]) => ({
  feeds: [
    {
      id: 'elevate',
      kind: 'poll',
      refreshedAt: '2026-01-31T11:59:56.000Z',
      durationMs: 4_800,
      parallel: 4,
      breaker: 'open',
      identities: list({ name: 'identities', count: 5_000, unresolved: 9, invalid: 0 }),
      types,
    },
  ],
  incidents: 300,
  unresolved: 2,
  documentChangedAt: '2026-01-31T11:00:00.000Z',
  documentAgeSeconds: 4,
});

test('the status says of each list how old it is, what it holds and what is wrong', async () => {
  const error = {
    reason: 'timeout',
    detail: 'no answer in 6 s',
    since: '2026-01-31T11:59:00.000Z',
  } as const;
  const api = await testApi(() => answered(status([list(), list({ name: 'other', error })])));
  const { code, out } = await cli(['incidents', 'status'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'elevate  poll, the last refresh took 4800 ms, breaker open',
    expect.stringMatching(/^ +identities +good +4 s old +5000 +9 remembered +1750 ms$/),
    expect.stringMatching(/^ +denial +good +4 s old +300 +2 unresolved +1 invalid +1750 ms$/),
    expect.stringMatching(/^ +other +failing .*timeout: no answer in 6 s, since 2026-01-31T11:59:00Z$/),
    '',
    '300 incidents listed, 2 without an employee; changed 2026-01-31T11:00:00Z',
  ]);
});

test('the status of a stale list is told by the exit code, with --json too', async () => {
  const api = await testApi(() => answered(status([list(), list({ stale: true, ageSeconds: null })])));
  const { code, out } = await cli(['incidents', 'status'], { env: api.env });
  expect(code).toBe(1);
  expect(out).toMatch(/denial +stale +never had/);
  const json = await cli(['incidents', 'status', '--json'], { env: api.env });
  expect(json.code).toBe(1);
  expect(objectOf(json.out)).toEqual(status([list(), list({ stale: true, ageSeconds: null })]));
});

test('all of it is understood as a service answers that asks a feed', async () => {
  const upstream = await IncidentUpstream.start();
  const service = await startService({
    env: {
      TOCSIN_INCIDENTS_URL: upstream.url,
      TOCSIN_INCIDENTS_EVERY: '100ms',
      ELEVATE_API_USER: upstream.user,
      ELEVATE_API_PASSWORD: upstream.password,
    },
  });
  const env = { TOCSIN_URL: service.url, TOCSIN_TOKEN: TOKEN };
  const shown = async (...line: readonly string[]): Promise<string> => {
    const { code, out, err } = await cli(['incidents', ...line], { env });
    expect([code, err], line.join(' ')).toEqual([0, '']);
    return out;
  };
  await until('a document', async () => (await service.api('/incidents')).status === 200);
  await until('all are stored', async () => {
    const { out } = await cli(['incidents', '--limit', '2200'], { env });
    return out.split('\n').length === 2_100;
  });
  const listed = objectOf(await shown('list', '--type', 'intrusion', '--limit', '300', '--json'));
  const { items } = listed as { items: readonly { id: string; employee: string }[] };
  const [first = { id: '', employee: '' }] = items;
  expect(items).toHaveLength(300);
  expect(await shown('show', first.id)).toContain(`Employee    ${first.employee}`);
  expect(await shown('employee', first.employee)).toContain(first.id);
  expect((await shown('employees', '--limit', '3')).split('\n')).toHaveLength(3);
  expect(await shown('status')).toContain('2100 incidents listed, 0 without an employee');
  expect(Object.keys(objectOf(await shown('status', '--json')))).toEqual(
    expect.arrayContaining(Object.keys(feedsStatus.properties)),
  );
  await service.stop();
  await upstream.close();
});
