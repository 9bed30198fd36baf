import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleNames, sampleRecords } from '../../../tests/support/sqreen-samples.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { identityOf, notificationId } from './identity.ts';
import { readNotification } from './notification.ts';

function identityIn(text: string, source = 'sqreen') {
  const record: unknown = JSON.parse(text);
  if (!isJsonObject(record)) throw new TypeError('an object was expected');
  return identityOf(source, readNotification(record), text);
}
const identity = (record: object, source?: string) => identityIn(JSON.stringify(record), source);

const samples = sampleNames.flatMap((name) =>
  sampleRecords(name).map((record, index) => ({ name: `${name} [${index}]`, record })),
);
const pulse = {
  sqreen_payload_type: 'pulse',
  application_id: 'a1',
  id: 'p1',
  incidents_count: 0,
  pulse_genre: 'http_scan',
};

test.each(samples)("takes the sender's retry of $name for the same notification", ({ record }) => {
  const retried = Object.fromEntries(Object.entries({ ...record, retry_count: 7 }).toReversed());
  expect(identityIn(JSON.stringify(retried, undefined, 2))).toEqual(identity(record));
});

test('takes no two of the samples for the same notification, except for two public copies of one body', () => {
  const keys = samples.map(({ name, record }) => [identity(record).dedupeKey, name.replace('-min', '')]);
  expect(new Set(keys.map(([key]) => key)).size).toBe(new Set(keys.map(([, name]) => name)).size);
});

test('keeps a key where retry_count is not at the top apart', () => {
  expect(identity({ message: { retry_count: 1 } }).dedupeKey).not.toBe(
    identity({ message: { retry_count: 2 } }).dedupeKey,
  );
});

test('takes a pulse that goes on for another notification of the same matter', () => {
  const before = identity(pulse);
  const after = identity({ ...pulse, incidents_count: 5 });
  expect(after.dedupeKey).not.toBe(before.dedupeKey);
  expect(after.fingerprint).toBe(before.fingerprint);
});

test.each([
  ['id', { ...pulse, id: 'p2' }],
  ['application', { ...pulse, application_id: 'a2' }],
  ['type', { ...pulse, sqreen_payload_type: 'incident' }],
])('takes another %s for another notification and another matter', (_what, other) => {
  expect(identity(other).dedupeKey).not.toBe(identity(pulse).dedupeKey);
  expect(identity(other).fingerprint).not.toBe(identity(pulse).fingerprint);
});

test('takes the same text from another source for another notification', () => {
  expect(identity(pulse, 'other')).not.toEqual(identity(pulse, 'sqreen'));
});

test('takes a notification without any id by its content', () => {
  const bare = { sqreen_payload_type: 'test', event_kind: 'x' };
  expect(identity({ ...bare, retry_count: 1 })).toEqual(identity(bare));
  expect(identity({ ...bare, event_kind: 'y' }).fingerprint).not.toBe(identity(bare).fingerprint);
});

test('takes the runs of one playbook for one matter, each for its own notification', () => {
  const run = (date: string) => ({
    message_type: 'security_response',
    date_created: date,
    message: { playbook: { id: 'pb' } },
  });
  expect(identity(run('1')).fingerprint).toBe(identity(run('2')).fingerprint);
  expect(identity(run('1')).dedupeKey).not.toBe(identity(run('2')).dedupeKey);
});

test('tells two ids apart that are one double', () => {
  const withId = (id: string) => `{"sqreen_payload_type":"security_event","retry_count":0,"id":${id}}`;
  const one = identityIn(withId('9007199254740992'));
  expect(identityIn(withId('9007199254740993')).dedupeKey).not.toBe(one.dedupeKey);
  expect(identityIn(withId('9007199254740992').replace('"retry_count":0', '"retry_count":1')).dedupeKey).toBe(
    one.dedupeKey,
  );
});

test('gives SHA-256 in hex', () => {
  const { dedupeKey, fingerprint } = identity(pulse);
  expect(dedupeKey).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test('takes the first id present, in the order of the contract', () => {
  const all = { message_id: 'm', event_id: 'e', id: 'i', message: { event_id: 'me', id: 'mi' } };
  const idIn = (record: object) => notificationId(readNotification({ ...record }));
  expect(idIn(all)).toBe('m');
  expect(idIn({ ...all, message_id: null })).toBe('e');
  expect(idIn({ ...all, message_id: '', event_id: null })).toBe('me');
  expect(idIn({ ...all, message_id: null, event_id: '', message: { id: 'mi' } })).toBe('mi');
  expect(idIn({ message_id: null, id: 'i', message: {} })).toBe('i');
  expect(idIn({ sqreen_payload_type: 'security_event', event_id: 'e', id: 'i' })).toBe('e');
  expect(idIn({ sqreen_payload_type: 'security_event', id: 'i' })).toBe('i');
  expect(idIn({ id: 12 })).toBe('12');
  expect(idIn({ id: ['x'], message_id: {}, event_id: false })).toBe('');
});

test('gives equal keys for equal content and no others, whatever retry_count says', () => {
  const record = fc.dictionary(fc.constantFrom('id', 'event_id', 'a'), fc.jsonValue({ maxDepth: 1 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(record, record, fc.nat(9), (one, other, retry_count) => {
      const isSame = isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
      const retried = identity({ retry_count, ...other });
      expect(retried).toEqual(identity(other));
      expect(retried.dedupeKey === identity(one).dedupeKey).toBe(isSame);
    }),
  );
});

test('gives another key when anything in the content changes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.string(),
      fc.jsonValue({ maxDepth: 1 }),
      ({ record }, key, value) => {
        fc.pre(
          key !== 'retry_count' &&
            key !== '__proto__' &&
            JSON.stringify(record[key]) !== JSON.stringify(value),
        );
        expect(identity({ ...record, [key]: value }).dedupeKey).not.toBe(identity(record).dedupeKey);
      },
    ),
  );
});
