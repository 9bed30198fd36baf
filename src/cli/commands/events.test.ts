import { expect, test } from 'vitest';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { hostileEvent, sampleEvent } from '../../../tests/support/sample-event.ts';
import type { TocsinEvent } from '../../events/event.ts';
import { toEventSummary, toEventWire } from '../../events/wire.ts';
import { newDeliveryId } from '../../kernel/ids.ts';
import { answered, objectOf, refused, TEST_TOKEN, testApi } from '../test-api.ts';
import { cli, NOW } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const stored = (event: TocsinEvent = sampleEvent()) => ({
  ...event,
  matched: [{ rule: 'severe', targets: ['mail'] }],
  unrouted: false,
  duplicates: 2,
  lastDuplicateAt: event.receivedAt,
  acknowledged: false,
});
const page = (events: readonly TocsinEvent[], nextCursor: string | null = null) =>
  answered({ items: events.map((event) => toEventSummary(stored(event))), nextCursor });

const instant = '2026-01-31T12:00:01.000Z';
const delivery = (event: TocsinEvent, answer: string) => ({
  id: newDeliveryId(),
  event: event.id,
  target: 'mail',
  status: 'dead',
  internal: false,
  replayOf: null,
  replayedAs: null,
  fallbackOf: null,
  held: null,
  attempts: 1,
  reason: 'timeout',
  createdAt: instant,
  nextAttemptAt: null,
  settledAt: instant,
  attemptLog: [
    {
      number: 1,
      startedAt: instant,
      durationMs: 35,
      outcome: 'rejected',
      reason: 'refused',
      status: 410,
      answer,
    },
  ],
});
const unsaid = { acknowledgement: undefined, notes: [] };
const details = (event: TocsinEvent, answer = 'gone') =>
  answered({ ...toEventWire(stored(event), unsaid), deliveries: [delivery(event, answer)] });

const withoutStyles = (text: string): string =>
  [0, 1, 2, 31, 32, 33].reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), text);

test('lists events a line each: id, time, severity, source, type, title', async () => {
  const event = sampleEvent();
  const api = await testApi(() => page([event]));
  const { code, out, err } = await cli(['events'], { env: api.env });
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(
    `${event.id}  2026-01-31T12:00:01Z  high  sqreen  security_event.authentication.auth_tor_tentative  ` +
      'Connection to jeff45@harrell.com from TOR (135.96.171.118)',
  );
  expect(api.requests).toMatchObject([
    { method: 'GET', path: '/api/v1/events?limit=50', headers: { authorization: `Bearer ${TEST_TOKEN}` } },
  ]);
});

test('hands every filter to the API', async () => {
  const api = await testApi(() => page([]));
  const filters =
    '--source waf --type a.b --severity high --subject u --since 1h --until 2026-01-31T13:00:00+01:00 --unrouted --internal --geo-source RU --geo-destination private --geo-allowed false --limit 7';
  const { code, out, err } = await cli(['events', ...filters.split(' ')], { env: api.env });
  expect([code, out, err]).toEqual([0, '', 'No events.']);
  const query = new URL(api.requests[0]?.path ?? '', api.url).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    source: 'waf',
    type: 'a.b',
    severity: 'high',
    subject: 'u',
    since: '2026-01-31T11:00:00.000Z',
    until: '2026-01-31T12:00:00.000Z',
    unrouted: 'true',
    internal: 'true',
    'geo.source': 'RU',
    'geo.destination': 'private',
    'geo.allowed': 'false',
    limit: '7',
  });
});

test('marks what the country lists do not allow, and says from where to where it went', async () => {
  const event = sampleEvent({ geo: { source: 'RU', destination: 'private', allowed: false } });
  const api = await testApi(({ path }) => (path.includes('limit') ? page([event]) : details(event)));
  expect((await cli(['events'], { env: api.env })).out).toContain('[not allowed] Connection to');
  const { out } = await cli(['events', event.id], { env: api.env });
  expect(out).toMatch(/Countries +from RU to private, not allowed/);
  const asked = await cli(['events', '--geo-allowed', 'no'], { env: api.env });
  expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('one of true, false') });
});

test('goes on to the next page until there are as many as asked for', async () => {
  const events = Array.from({ length: 250 }, () => sampleEvent());
  const api = await testApi(({ path }) => {
    const from = path.includes('cursor=') ? 200 : 0;
    return page(events.slice(from, from + (from === 0 ? 200 : 10)), 'next');
  });
  const { out, err } = await cli(['events', '--limit', '210', '--json'], { env: api.env });
  expect(objectOf(out)['items']).toHaveLength(210);
  expect(api.requests.map(({ path }) => path)).toEqual([
    '/api/v1/events?limit=200',
    '/api/v1/events?limit=10&cursor=next',
  ]);
  expect(err).toContain('--limit');
});

test('shows one event with its rules, deliveries and each attempt', async () => {
  const event = sampleEvent();
  const api = await testApi(() => details(event));
  const { code, out } = await cli(['events', event.id], { env: api.env });
  expect(code).toBe(0);
  expect(api.requests[0]?.path).toBe(`/api/v1/events/${event.id}`);
  for (const shown of [
    event.title,
    event.fingerprint,
    'ip 135.96.171.118',
    'environment=production',
    '2 absorbed',
  ]) {
    expect(out).toContain(shown);
  }
  expect(out).toMatch(/^Rules\n {2}severe {2}mail$/m);
  expect(out).toMatch(/^ {2}dlv_\S+ {2}mail {2}dead {2}1 attempt$/m);
  expect(out).toMatch(/^ {4}#1 {2}2026-01-31T12:00:01Z {2}35 ms {2}rejected {2}refused 410 “gone”$/m);
});

test.each([
  ['a list', [], page([hostileEvent()])],
  ['one event', [hostileEvent().id], details(hostileEvent(), '\u001b]0;owned\u0007\r\n')],
])('no value of an event reaches the terminal as a control character: %s', async (_name, args, answer) => {
  const api = await testApi(() => answer);
  const plain = await cli(['events', ...args], { env: api.env });
  expect(plain.code).toBe(0);
  expect(plain.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
  const coloured = await cli(['events', ...args], { env: api.env, columns: 100, colors: true });
  expect(withoutStyles(coloured.out).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  const json = await cli(['events', ...args, '--json'], { env: api.env });
  expect(JSON.parse(json.out)).toEqual(JSON.parse(JSON.stringify(answer.body)));
  expect(json.out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('--search goes along, and what it cannot have seen is told', async () => {
  const event = sampleEvent();
  const api = await testApi(() => {
    const { body } = page([event]);
    return answered({ ...Object(body), search: { indexedUntil: null, complete: false } });
  });
  const line = [
    'events',
    '--search',
    '"from TOR" jeff*',
    '--state',
    'open',
    '--unacknowledged',
    '--matter',
    'ab',
  ];
  const { code, out, err } = await cli(line, { env: api.env });
  expect([code, out]).toEqual([0, expect.stringContaining(event.id)]);
  expect(err).toContain('some events may be missing');
  const query = new URL(api.requests[0]?.path ?? '', api.url).searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    search: '"from TOR" jeff*',
    state: 'open',
    acknowledged: 'false',
    fingerprint: 'ab',
  });
});

test('an older service, which tells neither of states nor of acknowledgements, is understood', async () => {
  const event = sampleEvent();
  const { state: _, acknowledged: __, ...summary } = toEventSummary(stored(event));
  const api = await testApi(() => answered({ items: [summary], nextCursor: null }));
  expect(await cli(['events'], { env: api.env })).toMatchObject({
    code: 0,
    out: expect.stringContaining(event.id),
  });
});

test('shows who acknowledged an event and what was noted down', async () => {
  const event = sampleEvent({ state: 'resolved' });
  const by = { id: 'tok_1', name: 'anna\u001b[31m' };
  const said = {
    acknowledgement: { eventId: event.id, at: event.receivedAt, by, reason: 'a scan of ours' },
    notes: [
      { id: 'not_1', eventId: event.id, at: event.receivedAt, by, text: 'asked ops\nthey know' } as const,
    ],
  };
  const api = await testApi(() =>
    answered({ ...toEventWire(stored(event), said), deliveries: [delivery(event, 'gone')] }),
  );
  const { out } = await cli(['events', event.id], { env: api.env });
  expect(out).toMatch(/^ {2}State +resolved$/m);
  expect(out).toMatch(/^ {2}Acknowledged +2026-01-31T12:00:01Z by anna\\u001b\[31m: a scan of ours$/m);
  expect(out).toMatch(/^Notes\n {2}2026-01-31T12:00:01Z {2}anna\S+ {2}asked ops\n {2,}they know$/m);
});

/** What a stream says, and then ends. */
const streamed = (...messages: readonly string[]) => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: ['retry: 1', ...messages, ''].join('\n\n'),
});
const told = (event: TocsinEvent) =>
  `id: ${event.id}\ndata: ${JSON.stringify(toEventSummary(stored(event)))}`;

test('--follow goes along the stream, again behind its last event after a break, and shows each once', async () => {
  const at = (second: number) =>
    sampleEvent({
      id: eventIdAt(NOW + second * 1_000),
      receivedAt: NOW + second * 1_000,
      title: `at ${second}`,
    });
  const [old, one, two, late, three] = [at(-5), at(1), at(3), at(2), at(4)];
  const streams = [
    streamed(told(one), told(two)),
    refused(503, 'stopping', 'The service is stopping.'),
    streamed(told(two), 'event: gap\ndata: {"reason":"too_many"}', ': still here', told(three)),
  ];
  let opened = 0;
  const api = await testApi(({ path }) => {
    if (path.startsWith('/api/v1/events/stream')) return streams[opened++] ?? streamed();
    return page(opened === 0 ? [old] : [two, late, one, old]);
  });
  const line = ['events', '--follow', '--json', '--severity', 'high'];
  const { code, out, err } = await cli(line, { env: api.env, pauses: 2 });
  expect(code).toBe(0);
  expect(out.split('\n').map((text) => objectOf(text)['title'])).toEqual(['at 1', 'at 3', 'at 2', 'at 4']);
  expect(err).toContain('left out');
  expect(err).toContain('503');
  const asked = api.requests.filter(({ path }) => path.includes('/stream'));
  expect(asked.map(({ path, headers }) => [path, headers['last-event-id']])).toEqual([
    ['/api/v1/events/stream?severity=high', old.id],
    ['/api/v1/events/stream?severity=high', two.id],
    ['/api/v1/events/stream?severity=high', two.id],
  ]);
});

test('--follow ends when its token is refused, and not on what is no event', async () => {
  const streams = [streamed(told(sampleEvent())), refused(401, 'unauthorized', 'x')];
  const api = await testApi(({ path }) =>
    path.includes('/stream') ? (streams.shift() ?? streamed()) : page([]),
  );
  const ended = await cli(['events', '--follow'], { env: api.env, pauses: 5 });
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('TOCSIN_TOKEN') });
  const odd = await testApi(({ path }) =>
    path.includes('/stream') ? streamed('data: {"id": 1}') : page([]),
  );
  expect(await cli(['events', '--follow'], { env: odd.env, pauses: 5 })).toMatchObject({ code: 1, out: '' });
});

test('--follow asks again and again where there is no stream, shows each once, oldest first', async () => {
  const at = (second: number) =>
    sampleEvent({ receivedAt: Date.UTC(2026, 0, 31, 12, 0, second), title: `at ${second}` });
  const events = [at(1), at(2)];
  const api = await testApi(({ path }) => {
    const since = new URL(path, 'http://x').searchParams.get('since');
    const from = since === null ? 0 : Date.parse(since);
    return page(events.filter(({ receivedAt }) => receivedAt >= from).toReversed());
  });
  const later = [at(3), at(5), at(4)];
  const { code, out } = await cli(['events', '--follow', '--json'], {
    env: api.env,
    pauses: 3,
    onPause: () => {
      const next = later.shift();
      if (next !== undefined) events.push(next);
    },
  });
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => objectOf(line)['title'])).toEqual(['at 3', 'at 5', 'at 4']);
});

test.each([
  ['what is no id', ['events', '17'], 'evt_'],
  ['an id with filters', ['events', sampleEvent().id, '--unrouted'], 'filters'],
  ['--follow from the past', ['events', '--follow', '--since', '1h'], '--since'],
])('exits with 2 before anything is asked: %s', async (_name, line, told) => {
  const api = await testApi(() => page([]));
  const { code, err } = await cli(line, { env: api.env });
  expect(code).toBe(2);
  expect(err).toContain(told);
  expect(api.requests).toEqual([]);
});

const failures: [string, () => ReturnType<typeof answered>, string][] = [
  ['a token that is not accepted', () => refused(401, 'unauthorized', 'x'), 'Set TOCSIN_TOKEN'],
  ['a token that may not', () => refused(403, 'forbidden', 'This needs the scope admin.'), 'scope admin'],
  [
    'an event that is not there',
    () => refused(404, 'not_found', 'There is no event with this id.'),
    'no event',
  ],
  ['a store that is full', () => refused(503, 'store_unavailable', 'The disk is full.'), 'disk is full'],
  ['another program’s 404', () => ({ status: 404, body: '<html>' }), 'not as Tocsin does'],
  ['another program’s 200', () => answered({ items: [{ id: 1 }], nextCursor: null }), 'not as Tocsin does'],
  ['a redirect, which is not followed', () => ({ status: 302, body: '', headers: { location: '/' } }), '302'],
];
test.each(failures)('exits with 1 and says why: %s', async (_name, answer, told) => {
  const api = await testApi(answer);
  const { code, out, err } = await cli(['events', sampleEvent().id], { env: api.env });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(told);
  expect(err).not.toContain(TEST_TOKEN);
  expect(api.requests).toHaveLength(1);
});

test('a service that is not there is named, with where the address comes from', async () => {
  const env = { TOCSIN_PUBLIC_URL: 'http://127.0.0.1:1/x', TOCSIN_TOKEN: TEST_TOKEN };
  const { code, err } = await cli(['events'], { env });
  expect(code).toBe(1);
  expect(err).toContain('http://127.0.0.1:1');
  expect(err).toContain('TOCSIN_URL');
});

test('the address comes from --url, else TOCSIN_URL, else TOCSIN_PUBLIC_URL', async () => {
  const [typed, url, publicUrl] = await Promise.all([1, 2, 3].map(() => testApi(() => page([]))));
  const env = { TOCSIN_TOKEN: TEST_TOKEN, TOCSIN_PUBLIC_URL: publicUrl?.url ?? '' };
  await cli(['events'], { env });
  await cli(['events'], { env: { ...env, TOCSIN_URL: url?.url ?? '' } });
  await cli(['events', '--url', typed?.url ?? ''], { env: { ...env, TOCSIN_URL: url?.url ?? '' } });
  expect([typed, url, publicUrl].map((api) => api?.requests.length)).toEqual([1, 1, 1]);
});

test.each(['ftp://x', 'x', 'http://u:p@127.0.0.1', 'http://127.0.0.1/?a=1'])(
  '%s is no address',
  async (url) => {
    const { code, err } = await cli(['events', '--url', url], { env: { TOCSIN_TOKEN: TEST_TOKEN } });
    expect(code).toBe(1);
    expect(err).toContain('--url');
  },
);

test('the token comes from TOCSIN_TOKEN_FILE or .env too; without one it says so', async () => {
  const api = await testApi(() => page([]));
  const cwd = testDirectory({ token: `${TEST_TOKEN}\n`, '.env': `TOCSIN_TOKEN=${TEST_TOKEN}-2` });
  await cli(['events'], { cwd, env: { TOCSIN_URL: api.url, TOCSIN_TOKEN_FILE: 'token' } });
  await cli(['events'], { cwd, env: { TOCSIN_URL: api.url } });
  const sent = api.requests.map(({ headers }) => headers['authorization']);
  expect(sent).toEqual([`Bearer ${TEST_TOKEN}`, `Bearer ${TEST_TOKEN}-2`]);
  const { code, err } = await cli(['events'], { env: { TOCSIN_URL: api.url } });
  expect(code).toBe(1);
  expect(err).toContain('TOCSIN_TOKEN_FILE');
});

test('a token with a line break in it is refused without being shown', async () => {
  const { code, err } = await cli(['events'], { env: { TOCSIN_TOKEN: 'half-a-token\nx' } });
  expect(code).toBe(1);
  expect(err).not.toContain('half-a-token');
});

test('says so when the token crosses a network unencrypted', async () => {
  const env = { TOCSIN_TOKEN: TEST_TOKEN };
  const { err } = await cli(['events', '--url', 'http://tocsin.invalid'], { env });
  expect(err).toContain('unencrypted');
});
