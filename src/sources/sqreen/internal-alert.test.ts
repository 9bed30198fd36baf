import { expect, test } from 'vitest';
import {
  openSqreen,
  sampleRecords,
  sampleText,
  signedRequest,
} from '../../../tests/support/sqreen-samples.ts';
import type { OwnApplication } from '../source.ts';

function alertsIn(body: string, own: OwnApplication) {
  const parsed = openSqreen(own).parse(signedRequest(body));
  if (parsed.kind === 'invalid') throw new Error(parsed.detail);
  return parsed.drafts.map((draft) => draft.internalAlert);
}
const alert = (record: object, own: OwnApplication) => alertsIn(JSON.stringify([record]), own)[0];

test('names the fields of the contract for a security event, v1', () => {
  expect(alertsIn(sampleText('v1-security-event.json'), { id: '5dd058775c3feb0021c0bb43' })).toEqual([
    {
      event_kind: 'auth_tor_tentative',
      humanized_description: 'Connection to jeff45@harrell.com from TOR (135.96.171.118)',
      event_category: 'authentication',
      date_occurred: '2016-12-21T07:22:32.732000+00:00',
      environment: 'production',
      url: 'https://my.sqreen.com/application/d8b47501fad44fb28d09967e1f1b09a258d85f4ba5d44e759b886f9663e7cf01/events/587b234e4891d57c1bf5c8c9',
    },
  ]);
});

test('names the same fields for a security event, v2, whose url has another name', () => {
  expect(alertsIn(sampleText('v2-security-event.json'), { id: '601366f227a5d5001fe83586' })).toEqual([
    {
      event_kind: 'not_found',
      humanized_description: 'Potential Vulnerability discovery from 103.6.198.100',
      event_category: 'http_error',
      date_occurred: '2021-01-30T10:03:54.905000+00:00',
      environment: 'production',
      url: 'https://my.sqreen.com/application/601366f227a5d5001fe83586/events/60152f0bbdc966000fc88b58',
    },
  ]);
});

const PULSE_FIELDS = {
  humanized_title: 'Massive account takeover attempts on user@example.com',
  pulse_genre: 'account_takeover',
  environment: 'production',
  date_started: '2019-11-20T21:47:00.090825+00:00',
  date_ended: null,
  blocked: true,
  url: 'https://my.sqreen.com/application/5dd058775c3feb0021c0bb43/pulses/5dd5b454e56c7e0024169b4b',
};

test('names the fields of the contract for a pulse, in v1 and wrapped as v2', () => {
  const own = { id: '5dd058775c3feb0021c0bb43' };
  expect(alertsIn(sampleText('v1-pulse.json'), own)).toEqual([PULSE_FIELDS]);
  const [message] = sampleRecords('v1-pulse.json');
  expect(alert({ message_type: 'account_takeover', message }, own)).toEqual(PULSE_FIELDS);
});

test('names the like for a playbook, a test and an unknown type', () => {
  expect(alertsIn(sampleText('v2-playbook.json'), { id: '601366f227a5d5001fe83586' })).toEqual([
    {
      message_type: 'security_response',
      playbook: 'Test Playbook',
      environment: 'production',
      date_created: '2021-02-08T12:45:00.399927+00:00',
      url: null,
    },
  ]);
  expect(alertsIn(sampleText('v2-test-message.json'), { name: 'AppToMonitor' })).toMatchObject([
    { event_kind: 'test_kind' },
  ]);
  expect(alert({ application_id: 'x', message_type: 'new' }, { id: 'x' })).toMatchObject({
    message_type: 'new',
  });
});

test.each([
  ['application_id', { application_id: 'own' }],
  ['message.application_id', { message: { application_id: 'own' } }],
  ['application.id', { application: { id: 'own' } }],
  ["the envelope's application.id", { application: { id: 'own' }, message: {} }],
  ['message.application.id', { message: { application: { id: 'own' } } }],
  ['a later one of them', { application_id: 'other', message: { application: { id: 'own' } } }],
])('knows our application by its id in %s', (_place, record) => {
  expect(alert(record, { id: 'own' })).toBeDefined();
  expect(alert(record, { id: 'another' })).toBeUndefined();
  expect(alert(record, { name: 'own' })).toBeUndefined();
});

test.each([
  ['application_name', { application_name: 'own' }],
  ['message.application_name', { message: { application_name: 'own' } }],
  ['application.name', { application: { name: 'own' } }],
  ["the envelope's application.name", { application: { name: 'own' }, message: {} }],
  ['message.application.name', { message: { application: { name: 'own' } } }],
])('knows our application by its name in %s', (_place, record) => {
  expect(alert(record, { name: 'own' })).toBeDefined();
  expect(alert(record, { name: 'Own' })).toBeUndefined();
});

test('knows no application as ours when none is configured', () => {
  expect(alert({ application_id: '', application_name: null }, {})).toBeUndefined();
  expect(alert({ application_id: '' }, { id: '' })).toBeUndefined();
});

test('gives null for fields of a wrong type, and one harmless line for text', () => {
  const record = {
    application_id: 'own',
    event_kind: ['x'],
    environment: {},
    event_category: 'a\nb',
    url: 'u'.repeat(9999),
  };
  const fields = alert({ sqreen_payload_type: 'security_event', ...record }, { id: 'own' });
  expect(fields).toMatchObject({ event_kind: null, environment: null, event_category: 'a b' });
  expect(String(fields?.['url']).length).toBe(2048);
});
