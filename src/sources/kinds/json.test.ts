import { expect, test } from 'vitest';
import {
  expectSafe,
  faultTexts,
  fixture,
  openFormat,
  settingsFaults,
} from '../../../tests/support/source-formats.ts';
import { json } from './json.ts';

const SCANNER = fixture('json/scanner.json');
const STRIPE = fixture('json/stripe.json');
const SLACK = fixture('json/slack.json');

const SCANNER_SETTINGS = {
  items: '/findings',
  scale: 'cvss',
  resolved: ['fixed', 'false positive'],
  map: {
    type: '/rule/id',
    title: '/rule/name',
    severity: '/risk',
    occurredAt: '/seen',
    subject: { kind: 'host', id: '/asset/id', name: '/asset/name' },
    link: '/details~1url',
    matter: '/finding_id',
    state: '/status',
    labels: { team: ['/owner/team', 'nobody'], tool: 'portwatch' },
    observables: { ip: '/addresses', host: '/asset/name' },
  },
};
const plain = openFormat(json);
const scanner = openFormat(json, SCANNER_SETTINGS);

test('reads the records that the mapping says, where it says', () => {
  const [open, ended] = scanner.drafts(SCANNER);
  expect(open).toMatchObject({
    type: 'open-port',
    severity: 'high',
    title: 'Port open to the world',
    occurredAt: 1_772_700_000_000,
    subject: { kind: 'host', id: 'i-0abc', name: 'edge-1.example.com' },
    state: 'open',
    link: 'https://scanner.example.com/findings/901',
    observables: [
      { kind: 'ip', value: '198.51.100.4' },
      { kind: 'ip', value: '2001:db8::4' },
      { kind: 'host', value: 'edge-1.example.com' },
    ],
  });
  expect(open?.labels).toEqual({ team: 'network', tool: 'portwatch' });
  expect(ended).toMatchObject({
    severity: 'medium',
    state: 'resolved',
    link: undefined,
    labels: { team: 'nobody', tool: 'portwatch' },
  });
  expect(SCANNER).toContain(open?.payload);
  expect(JSON.parse(open?.payload ?? '')).toMatchObject({ finding_id: 901 });
});

test('without any mapping the usual names are understood', () => {
  const record = {
    event_type: 'Login.Failed',
    message: 'Too many failed logins',
    level: 'warn',
    timestamp: '2026-03-05T10:00:00Z',
    host: 'sso-1.example.com',
    user: 'eve',
    src_ip: '192.0.2.44',
    url: 'https://sso.example.com/log/7',
    attempts: 12,
    locked: true,
    api_key: 'hush',
    nested: { a: 1 },
  };
  const draft = plain.draft(JSON.stringify(record));
  expect(draft).toMatchObject({
    type: 'login.failed',
    severity: 'medium',
    title: 'Too many failed logins',
    occurredAt: Date.parse('2026-03-05T10:00:00Z'),
    subject: { kind: 'host', id: 'sso-1.example.com' },
    state: undefined,
    link: 'https://sso.example.com/log/7',
    observables: [
      { kind: 'ip', value: '192.0.2.44' },
      { kind: 'user', value: 'eve' },
      { kind: 'url', value: 'https://sso.example.com/log/7' },
      { kind: 'host', value: 'sso-1.example.com' },
    ],
    labels: { attempts: '12', locked: 'true', level: 'warn' },
  });
  expect(JSON.stringify(draft.labels)).not.toContain('hush');
});

test('a record that says nothing known is an event all the same', () => {
  expect(plain.draft('{"a":{"b":1}}')).toMatchObject({
    type: 'notification',
    title: 'notification',
    severity: 'unknown',
  });
});

test.each([
  ['{"severity":"high"}', {}, 'high'],
  ['{"level":"P1"}', {}, 'critical'],
  ['{"priority":2}', {}, 'high'],
  ['{"priority":"2"}', {}, 'high'],
  ['{"severity_id":5}', {}, 'critical'],
  ['{"severity":3}', {}, 'unknown'],
  ['{"severity":3}', { scale: 'syslog' }, 'high'],
  ['{"severity":3}', { scale: 'ocsf' }, 'medium'],
  ['{"severity":"9.8"}', { scale: 'cvss' }, 'critical'],
  ['{"severity":99}', { scale: 'cvss' }, 'unknown'],
  ['{"severity":"Très grave"}', { severities: { 'très grave': 'critical' } }, 'critical'],
  ['{"severity":3}', { severities: { '3': 'low' } }, 'low'],
  ['{"x":"y"}', { map: { severity: 'low' } }, 'low'],
  ['{"a":null,"b":"error"}', { map: { severity: ['/a', '/b', 'low'] } }, 'high'],
])('of %s and the settings %j the severity is %s', (body, settings, severity) => {
  expect(openFormat(json, settings).draft(body).severity).toBe(severity);
});

test('the id of the config, else of the scheme, else the text makes a notification this one', () => {
  const stripe = openFormat(json, { map: { id: '/id' } });
  const retried = STRIPE.replace('"pending_webhooks": 1', '"pending_webhooks": 0');
  expect(stripe.draft(retried).dedupeKey).toBe(stripe.draft(STRIPE).dedupeKey);
  expect(stripe.draft(STRIPE.replace('Event000001', 'Event000002')).dedupeKey).not.toBe(
    stripe.draft(STRIPE).dedupeKey,
  );
  expect(plain.draft(retried).dedupeKey).not.toBe(plain.draft(STRIPE).dedupeKey);
  expect(plain.draft(STRIPE).dedupeKey).toBe(plain.draft(STRIPE).dedupeKey);
  expect(plain.draft(retried, {}, 'msg_1').dedupeKey).toBe(plain.draft(STRIPE, {}, 'msg_1').dedupeKey);
  expect(plain.draft(STRIPE, {}, 'msg_2').dedupeKey).not.toBe(plain.draft(STRIPE, {}, 'msg_1').dedupeKey);
  const [first, second] = plain.drafts('[{"a":1},{"a":1}]', {}, 'msg_1');
  expect(first?.dedupeKey).not.toBe(second?.dedupeKey);
});

test('two numbers that one double stands for are not taken for one id', () => {
  const source = openFormat(json, { map: { id: '/id', matter: '/id' } });
  const [a, b] = ['{"id":9007199254740993}', '{"id":9007199254740992}'].map((body) => source.draft(body));
  expect(a?.dedupeKey).not.toBe(b?.dedupeKey);
  expect(a?.fingerprint).not.toBe(b?.fingerprint);
});

test('updates of a matter share its fingerprint; without a matter there is no state', () => {
  const [first] = scanner.drafts(SCANNER);
  const [later] = scanner.drafts(SCANNER.replace('"status": "new"', '"status": "Fixed"'));
  expect(later).toMatchObject({ state: 'resolved', fingerprint: first?.fingerprint });
  expect(later?.dedupeKey).not.toBe(first?.dedupeKey);
  const [lost] = scanner.drafts(SCANNER.replace('"finding_id": 901,', ''));
  expect(lost?.state).toBeUndefined();
});

test.each([
  ['closed', 'resolved'],
  ['OK', 'resolved'],
  ['investigating', 'open'],
])('without words of the config "%s" means %s', (status, state) => {
  const source = openFormat(json, { map: { matter: 'one', state: '/status' } });
  expect(source.draft(JSON.stringify({ status })).state).toBe(state);
});

test("reads Slack's outer event by a mapping, and never shows its token", () => {
  const slack = openFormat(json, {
    map: {
      type: '/event/type',
      title: '/event/text',
      id: '/event_id',
      occurredAt: ['/event/ts', '/event_time'],
    },
  });
  const draft = slack.draft(SLACK);
  expect(draft).toMatchObject({ type: 'message', title: 'The site is down!', occurredAt: 1_772_700_000_000 });
  expect(JSON.stringify(draft.labels)).not.toContain('not-to-be-shown');
});

test.each([
  ['one record', '{"message":"a"}', 1],
  ['an array', '[{"message":"a"},{"message":"b"}]', 2],
  ['one a line', '{"message":"a"}\n{"message":"b"}\n', 2],
])('takes a body of %s', (_name, body, count) => {
  expect(plain.drafts(body)).toHaveLength(count);
});

test('the records of an inner array: none is none, one without brackets is one, too many are refused', () => {
  expect(scanner.drafts('{"findings":[]}')).toEqual([]);
  expect(scanner.drafts('{"findings":{"finding_id":1}}')).toHaveLength(1);
  expect(scanner.detail('{"results":[]}')).toContain('no array at /findings');
  expect(scanner.detail('{"findings":[1]}')).toContain('index 0');
  expect(scanner.detail(`{"findings":[${'{},'.repeat(1_000)}{}]}`)).toContain('more than 1000');
});

test('finds only what is the own of the record', () => {
  const source = openFormat(json, {
    map: { title: ['/constructor/name', '/__proto__/x', '/toString', 'none'] },
  });
  expect(source.draft('{"__proto__":{"x":"evil"},"constructor":{"name":"evil"}}').title).toBe('none');
});

test('tells at start what is wrong with a mapping', () => {
  expect(faultTexts(settingsFaults(json, SCANNER_SETTINGS))).toEqual([]);
  expect(faultTexts(settingsFaults(json, { items: 'findings' }))).toEqual([
    'items: must be a JSON Pointer such as /findings',
  ]);
  const faults = faultTexts(
    settingsFaults(json, {
      resolved: ['closed'],
      map: { title: ['/a', '/b~2'], labels: { team: '/x~' }, subject: { id: '/~9' } },
    }),
  );
  expect(faults.map((text) => text.split(':')[0])).toEqual([
    'map.title[1]',
    'map.labels.team',
    'map.subject.id',
    'resolved',
  ]);
  expect(faultTexts(settingsFaults(json, { map: { state: '/status' } }))).toEqual([
    'map.state: needs `map.matter`, which names what is open or resolved',
  ]);
});

test('whatever is sent, it never throws and its events are sound', () => {
  expectSafe(plain, [SCANNER, STRIPE, SLACK]);
  expectSafe(scanner, [SCANNER]);
});
