import { describe, expect, test } from 'vitest';
import type { EventDraft } from '../../events/event.ts';
import { openSqreen, sampleNames, sampleText, signedRequest } from '../../../tests/support/sqreen-samples.ts';

function drafts(body: string): readonly EventDraft[] {
  const parsed = openSqreen().parse(signedRequest(body));
  if (parsed.kind === 'invalid') throw new Error(parsed.detail);
  return parsed.drafts;
}

function draft(record: object): EventDraft {
  const [only] = drafts(JSON.stringify([record]));
  if (!only) throw new Error('no draft');
  return only;
}

const at = (text: string) => Date.parse(text);

/** What each public sample comes out as. */
const EXPECTED: Readonly<Record<string, readonly Partial<EventDraft>[]>> = {
  'v1-security-event.json': [
    {
      type: 'security_event.authentication.auth_tor_tentative',
      severity: 'medium',
      title: 'Connection to jeff45@harrell.com from TOR (135.96.171.118)',
      occurredAt: at('2016-12-21T07:22:32.732Z'),
      subject: { kind: 'application', id: '5dd058775c3feb0021c0bb43', name: 'Demo app' },
      labels: {
        environment: 'production',
        event_category: 'authentication',
        event_kind: 'auth_tor_tentative',
        is_tor: 'true',
        country: 'ROU',
      },
      observables: [
        { kind: 'ip', value: '135.96.171.118' },
        { kind: 'user', value: 'jeff45@harrell.com' },
      ],
      link: 'https://my.sqreen.com/application/d8b47501fad44fb28d09967e1f1b09a258d85f4ba5d44e759b886f9663e7cf01/events/587b234e4891d57c1bf5c8c9',
    },
  ],
  'v1-bot-scanning.json': [
    {
      type: 'security_event.http_error.bot_scanning',
      severity: 'medium',
      title: 'Potential Automated Vulnerability discovery from 127.0.0.1',
      occurredAt: at('2018-10-20T20:51:07.971Z'),
      subject: { kind: 'application', id: '5bc77cc99ea9ae0015e2b2c0', name: 'sqreen_sink' },
      observables: [{ kind: 'ip', value: '127.0.0.1' }],
    },
  ],
  'v1-pulse.json': [
    {
      type: 'pulse.account_takeover',
      severity: 'high',
      title: 'Massive account takeover attempts on user@example.com',
      occurredAt: at('2019-11-20T21:47:00.090Z'),
      state: 'open',
      subject: { kind: 'application', id: '5dd058775c3feb0021c0bb43', name: 'APPLICATION' },
      labels: { environment: 'production', pulse_genre: 'account_takeover', blocked: 'true' },
      observables: [{ kind: 'user', value: 'user@example.com' }],
      link: 'https://my.sqreen.com/application/5dd058775c3feb0021c0bb43/pulses/5dd5b454e56c7e0024169b4b',
    },
  ],
  'v1-security-response.json': [
    {
      type: 'security_response',
      severity: 'medium',
      title: 'Playbook ran: Test Playbook (APPLICATION)',
      occurredAt: at('2019-11-20T21:47:00.097Z'),
      subject: { kind: 'application', id: '5dd058775c3feb0021c0bb43', name: 'APPLICATION' },
      labels: { environment: 'production', playbook: 'Test Playbook' },
      observables: [
        { kind: 'ip', value: '127.0.0.1' },
        { kind: 'user', value: 'sqreen@example.com' },
      ],
      link: undefined,
    },
  ],
  'v2-security-event.json': [
    {
      type: 'security_event.http_error.not_found',
      severity: 'low',
      title: 'Potential Vulnerability discovery from 103.6.198.100',
      occurredAt: at('2021-01-30T10:03:54.905Z'),
      subject: { kind: 'application', id: '601366f227a5d5001fe83586', name: 'montres-berger' },
      labels: {
        environment: 'production',
        api_version: '2',
        event_category: 'http_error',
        event_kind: 'not_found',
        is_tor: 'false',
        country: 'MYS',
      },
      observables: [
        { kind: 'ip', value: '103.6.198.100' },
        { kind: 'host', value: 'jassid.mschosting.com' },
      ],
      link: 'https://my.sqreen.com/application/601366f227a5d5001fe83586/events/60152f0bbdc966000fc88b58',
    },
  ],
  'v2-waf.json': [
    {
      type: 'security_event.http_error.waf',
      severity: 'low',
      title: 'Attack tentative from 127.0.0.1',
      occurredAt: at('2020-06-08T18:41:14.475Z'),
      subject: { kind: 'application', id: '5ede853e66ff200020ad47db', name: 'romain_test' },
      observables: [{ kind: 'ip', value: '127.0.0.1' }],
    },
  ],
  'v2-playbook.json': [
    {
      type: 'security_response',
      severity: 'medium',
      title: 'Playbook ran: Test Playbook (montres-berger)',
      occurredAt: at('2021-02-08T12:45:00.399Z'),
      subject: { kind: 'application', id: '601366f227a5d5001fe83586', name: 'montres-berger' },
      labels: { environment: 'production', api_version: '2', playbook: 'Test Playbook' },
    },
  ],
  'v2-security-response.json': [
    {
      type: 'security_response',
      title: 'Playbook ran: Test Playbook (interview_backend)',
      occurredAt: at('2020-07-17T22:33:26.287Z'),
      subject: { kind: 'application', id: '5f0ba429f1115100257ee352', name: 'interview_backend' },
      observables: [
        { kind: 'ip', value: '127.0.0.1' },
        { kind: 'user', value: 'sqreen@example.com' },
      ],
    },
  ],
  'v2-test-message.json': [
    {
      type: 'test',
      severity: 'informational',
      title: 'Sqreen test (AppToMonitor)',
      occurredAt: at('2020-12-06T11:49:17.469Z'),
      subject: { kind: 'application', id: 'AppToMonitor', name: 'AppToMonitor' },
      link: 'http://test',
    },
  ],
  'v2-webhook-test-payload.json': [
    {
      type: 'test',
      severity: 'informational',
      title: 'Sqreen test (montres-berger)',
      occurredAt: at('2021-02-08T12:45:00.363Z'),
      observables: [{ kind: 'ip', value: '42.42.42.42' }],
    },
  ],
  'v2-notifications.json': [
    {
      type: 'security_event.authentication.auth_tor_tentative',
      severity: 'medium',
      occurredAt: at('2016-12-21T07:22:32.732Z'),
      subject: { kind: 'application', id: '587b23384891d57c1bf5bf4f', name: 'Demo app' },
    },
    {
      type: 'security_event.authentication.auth_new_location',
      severity: 'medium',
      title: 'Connection to tsanchez@yahoo.com from Sag, Romania',
      occurredAt: at('2017-01-04T07:22:32.732Z'),
      link: 'https://my.sqreen.com/application/d8b47501fad44fb28d09967e1f1b09a258d85f4ba5d44e759b886f9663e7cf01/events/587b234b4891d57c1bf5c766',
    },
  ],
};

describe.each(sampleNames)('%s', (name) => {
  const made = drafts(sampleText(name));
  test('comes out as the event it tells of', () => {
    expect(made).toMatchObject(EXPECTED[name.replace('-min', '')] ?? ['no expectation']);
  });
  test('keeps each notification byte for byte', () => {
    for (const { payload } of made) expect(sampleText(name)).toContain(payload);
    expect(made.map(({ payload }) => JSON.parse(payload))).toEqual(JSON.parse(sampleText(name)));
  });
  test('is about no application of ours when none is configured', () => {
    expect(made.map((one) => one.internalAlert)).toEqual(made.map(() => undefined));
  });
});

test('takes an object without any field', () => {
  expect(draft({})).toMatchObject({
    type: 'notification',
    severity: 'unknown',
    title: 'Sqreen notification',
    occurredAt: undefined,
    subject: undefined,
    labels: {},
    observables: [],
    link: undefined,
    payload: '{}',
  });
});

test.each([
  ['brand_new', 'brand_new'],
  ['Account Takeover!', 'account_takeover'],
  ['a.b-c_9', 'a.b-c_9'],
  ['..a...b..', 'a.b'],
  ['攻撃', 'notification'],
  ['', 'notification'],
  [7, '7'],
  [null, 'notification'],
  [{}, 'notification'],
  ['x'.repeat(1e6), 'x'.repeat(120)],
])('keeps an unknown type as far as types can tell it: %j', (message_type, type) => {
  expect(draft({ message_type, message: {} }).type).toBe(type);
});

test('leaves the parts of a type out that are missing, and keeps dots out of them', () => {
  const type = (fields: object) => draft({ sqreen_payload_type: 'security_event', ...fields }).type;
  expect(type({})).toBe('security_event');
  expect(type({ event_kind: 'waf' })).toBe('security_event.waf');
  expect(type({ event_category: 'a.b', event_kind: ' ' })).toBe('security_event.a_b');
});

test('keeps the fields of a notification whose message is no object', () => {
  expect(draft({ message_type: 'test', message: 'hello', application_id: 'a' })).toMatchObject({
    type: 'test',
    subject: { id: 'a' },
  });
});

test('makes a title one harmless line of at most 300 characters', () => {
  expect(draft({ humanized_title: 'a\r\n\u0000b' }).title).toBe('a b');
  expect(draft({ humanized_description: 'x'.repeat(1e7) }).title).toBe(`${'x'.repeat(299)}…`);
  expect(draft({ humanized_title: ' \n', humanized_description: 'the second' }).title).toBe('the second');
});

test.each([
  'javascript:alert(1)',
  'ftp://a/',
  '//a/b',
  '/x',
  'http://',
  'https://a b/',
  'https://user:pw@a/',
  'https://a/\u0000',
  'https://[a/',
  'https://a/"><b>',
  `https://a/${'x'.repeat(2048)}`,
  5,
])('has no link for %j', (url) => {
  expect(draft({ url }).link).toBeUndefined();
});

test('takes the second link when the first is none', () => {
  expect(draft({ message: { url: 'x', event_url: 'https://my.sqreen.com/a?b=c#d' } }).link).toBe(
    'https://my.sqreen.com/a?b=c#d',
  );
});

test('has no time rather than a wrong one', () => {
  expect(draft({ date_occurred: '2021-02-30T00:00:00Z' }).occurredAt).toBeUndefined();
  expect(draft({ date_occurred: 1612788300 }).occurredAt).toBeUndefined();
  expect(draft({ date_occurred: 'soon', date_created: '2021-02-28T00:00:00Z' }).occurredAt).toBe(
    at('2021-02-28T00:00:00Z'),
  );
});

test('finds the users of a compromised account, as texts and as keys, each once', () => {
  const user_identifiers = ['a@example.com', { email: 'a@example.com', login: 'a' }, 12, null, ['x']];
  expect(draft({ message: { user_identifiers } }).observables).toEqual([
    { kind: 'user', value: 'a@example.com' },
    { kind: 'user', value: 'a' },
    { kind: 'user', value: '12' },
  ]);
  expect(draft({ humanized_accounts: 'a@example.com, b@example.com and 3 others' }).observables).toEqual([
    { kind: 'user', value: 'a@example.com' },
    { kind: 'user', value: 'b@example.com' },
  ]);
});

test('bounds observables and labels', () => {
  const ips = Array.from({ length: 5000 }, (_, n) => ({
    address: `10.0.${n >> 8}.${n & 255}`,
    hostname: n === 0 ? 'h'.repeat(257) : `h${n}`,
  }));
  const made = draft({ ips, environment: 'e'.repeat(1e6) });
  expect(made.observables.length).toBe(100);
  expect(made.observables.slice(0, 2).map(({ value }) => value)).toEqual(['10.0.0.0', '10.0.0.1']);
  expect(made.labels['environment']).toBe(`${'e'.repeat(255)}…`);
});

test('a pulse is open from its start to its end, and nothing else of Sqreen has a state', () => {
  const pulse = { sqreen_payload_type: 'pulse', date_started: '2021-02-08T12:00:00Z', id: 'p' };
  expect(draft({ ...pulse, date_ended: null })).toMatchObject({
    state: 'open',
    occurredAt: Date.UTC(2021, 1, 8, 12),
  });
  expect(draft({ ...pulse, date_ended: '2021-02-08T13:00:00Z' })).toMatchObject({
    state: 'resolved',
    occurredAt: Date.UTC(2021, 1, 8, 13),
    fingerprint: draft(pulse).fingerprint,
  });
  expect(draft({ ...pulse, date_ended: 'soon' }).state).toBe('open');
  expect(draft({ sqreen_payload_type: 'pulse', id: 'p' }).state).toBeUndefined();
  expect(draft({ sqreen_payload_type: 'security_event', date_ended: '2021-02-08T13:00:00Z' })).toMatchObject({
    state: undefined,
  });
});
