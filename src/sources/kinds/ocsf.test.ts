import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectSafe, expectSound, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import { ocsf } from './ocsf.ts';

const format = openFormat(ocsf);
const sample = (name: string) => fixture(`ocsf/${name}.json`);
const names = readdirSync(new URL('../../../../tests/fixtures/ocsf/', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));
const read = (name: string) => format.draft(sample(name));
const of = (record: object) => format.draft(JSON.stringify(record));

test('leaves it to the config how its senders are proved', () => {
  expect(ocsf).not.toHaveProperty('scheme');
});

test.each([
  ['detection-finding', 'detection_finding', 'critical', 'open', 'Files are being encrypted on ws-042'],
  [
    'detection-finding-closed',
    'detection_finding',
    'critical',
    'resolved',
    'Files are being encrypted on ws-042',
  ],
  ['compliance-passed', 'compliance_finding', 'informational', 'resolved', 'Passwords expire'],
  ['incident-on-hold', 'incident_finding', 'high', 'open', 'Ransomware on ws-042'],
  ['authentication-failed', 'authentication', 'low', undefined, 'Logon failed: wrong password'],
  ['security-finding', 'security_finding', 'critical', 'open', "An older producer's finding"],
])('%s: type, severity, state and title', (name, type, severity, state, title) => {
  expect(read(name)).toMatchObject({ type: `ocsf.${type}`, severity, state, title });
});

test('names the resource, else the device, else the user, else the account', () => {
  expect(read('detection-finding').subject).toEqual({ kind: 'resource', id: 'host-042', name: 'ws-042' });
  expect(read('authentication-failed').subject).toEqual({ kind: 'user', id: 'u-1', name: 'kim' });
  expect(of({ device: { hostname: 'a.example' } }).subject).toEqual({ kind: 'device', id: 'a.example' });
  expect(of({ cloud: { account: { uid: '1' } } }).subject).toEqual({ kind: 'account', id: '1' });
});

test('takes observables by their type, and from the usual places of a record that lists none', () => {
  expect(read('detection-finding').observables).toEqual([
    { kind: 'ip', value: '10.1.2.3' },
    { kind: 'user', value: 'kim' },
    { kind: 'url', value: 'https://c2.example.net/a' },
    { kind: 'host', value: 'c2.example.net' },
    { kind: 'host', value: 'ws-042.example.com' },
  ]);
  expect(read('authentication-failed').observables).toEqual([
    { kind: 'ip', value: '203.0.113.5' },
    { kind: 'host', value: 'laptop-9' },
    { kind: 'user', value: 'kim' },
  ]);
});

test('takes time in milliseconds, and the link and the product of a finding', () => {
  const draft = read('detection-finding');
  expect(draft.occurredAt).toBe(1714979100123);
  expect(draft.link).toBe('https://edr.example.com/detections/det-2024-0001');
  expect(draft.labels).toMatchObject({ product: 'Example EDR', class_uid: '2004', finding_type: 'Impact' });
});

test('holds the events of one finding together, and those of another product apart', () => {
  const open = read('detection-finding');
  const closed = read('detection-finding-closed');
  expect(closed.fingerprint).toBe(open.fingerprint);
  expect(closed.dedupeKey).not.toBe(open.dedupeKey);
  const finding = { class_uid: 2004, finding_info: { uid: '1' } };
  const matter = (product: string) => of({ ...finding, metadata: { product: { uid: product } } }).fingerprint;
  expect(matter('a')).not.toBe(matter('b'));
});

test.each([
  [0, 'unknown'],
  [1, 'informational'],
  [2, 'low'],
  [3, 'medium'],
  [4, 'high'],
  [5, 'critical'],
  [6, 'critical'],
  [99, 'unknown'],
  [7, 'unknown'],
  ['4', 'unknown'],
])('severity_id %s is %s', (id, severity) => {
  expect(of({ severity_id: id }).severity).toBe(severity);
});

test.each([
  [2004, { status_id: 1 }, 'open'],
  [2004, { status_id: 2 }, 'open'],
  [2004, { status_id: 3 }, 'resolved'],
  [2004, { status_id: 4 }, 'resolved'],
  [2004, { status_id: 5 }, 'resolved'],
  [2004, { status_id: 6 }, 'resolved'],
  [2004, { status: 'Suppressed' }, 'resolved'],
  [2004, { activity_id: 1 }, 'open'],
  [2004, { activity_id: 3, status_id: 1 }, 'resolved'],
  [2005, { status_id: 3 }, 'open'],
  [2005, { status_id: 5 }, 'resolved'],
  [2003, { activity_id: 2, compliance: { status: 'FAILED' } }, 'open'],
  [2003, { activity_id: 2, compliance: { status: 'PASSED' } }, 'resolved'],
  [3002, { status_id: 1, activity_id: 1 }, undefined],
])('class %i with %j is %s', (classUid, fields, state) => {
  expect(of({ class_uid: classUid, ...fields }).state).toBe(state);
});

test.each([
  [{ type_uid: 200_401 }, 'ocsf.detection_finding'],
  [{ class_uid: 6008 }, 'ocsf.application_error'],
  [{ class_uid: 5023 }, 'ocsf.cloud_resources_inventory_info'],
  [{ class_uid: 201_001, class_name: 'Registry Key Activity' }, 'ocsf.registry_key_activity'],
  [{ class_uid: 9_999_001 }, 'ocsf.class_9999001'],
  [{ class_uid: 5005 }, 'ocsf.class_5005'],
  [{}, 'ocsf.event'],
])('%j is of the type %s', (record, type) => {
  expect(of(record).type).toBe(type);
});

test('knows a repeat by its text or by the id that its proof covers, and by no id of the record', () => {
  const text = sample('detection-finding');
  expect(format.draft(text).dedupeKey).toBe(format.draft(text).dedupeKey);
  expect(format.draft(text, {}, 'm-1').dedupeKey).not.toBe(format.draft(text, {}, 'm-2').dedupeKey);
  const update = text.replace('Ransomware behaviour', 'Still going on');
  expect(format.draft(update).dedupeKey).not.toBe(format.draft(text).dedupeKey);
});

test('takes arrays and lines, each record with its own text', () => {
  const records = names.map((name) => JSON.stringify(JSON.parse(sample(name))));
  for (const body of [`[${records.join(' , ')}]`, records.join('\n')]) {
    const drafts = format.drafts(body, {}, 'm-1');
    expect(drafts.map(({ payload }) => payload)).toEqual(records);
    expect(new Set(drafts.map(({ dedupeKey }) => dedupeKey)).size).toBe(records.length);
  }
});

test('takes a thousand events in a body and no more', () => {
  const many = (count: number) => `[${Array.from({ length: count }, (_, n) => `{"time":${n}}`).join()}]`;
  expect(format.drafts(many(1_000))).toHaveLength(1_000);
  expect(format.detail(many(1_001))).toBe('the array holds more than 1000 objects');
});

test.each([
  ['[]', 'the array is empty: at least one object is expected'],
  ['"text"', 'the body must be a JSON object or an array of objects'],
  ['[{},null]', 'the item at index 1 is not an object'],
  ['{', 'the body is not valid JSON'],
])('refuses the body %s and says why', (body, detail) => {
  expect(format.detail(body)).toBe(detail);
});

test('makes sound events of whatever is sent, and never throws', () => {
  for (const name of names) expectSound(read(name));
  expectSafe(format, names.map(sample));
});
