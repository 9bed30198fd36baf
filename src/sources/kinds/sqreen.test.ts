import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import {
  openSqreen,
  sampleNames,
  sampleRecords,
  sampleText,
  signatureVectors,
  signedRequest,
} from '../../../tests/support/sqreen-samples.ts';
import type { EventDraft } from '../../events/event.ts';
import { schemeFaults } from '../open-source.ts';
import { verificationSettings } from '../schemes/settings.ts';
import { sourceKinds } from './index.ts';
import { sqreen } from './sqreen.ts';

const source = openSqreen({ id: 'own' });
const parse = (body: string | Buffer) => source.parse(signedRequest(body));

test('is one of the kinds of source', () => {
  expect(sourceKinds.map(({ kind }) => kind)).toContain('sqreen');
});

test('needs a key that is not empty, of any length: the original knew no other rule', () => {
  expect(Value.Check(verificationSettings, { key: 'k', previousKey: 'p' })).toBe(true);
  expect(Value.Check(verificationSettings, { key: '' })).toBe(false);
  expect(Value.Check(verificationSettings, { key: 'k', previousKey: '' })).toBe(false);
  expect(schemeFaults(sqreen, { key: 'k' })).toEqual([]);
  expect(schemeFaults(sqreen, {}).map(({ path }) => path)).toEqual(['key']);
});

test('finds a previous key that is the key a fault, without telling it', () => {
  expect(schemeFaults(sqreen, { key: 'k', previousKey: 'p' })).toEqual([]);
  const [fault] = schemeFaults(sqreen, { key: 'hush-hush', previousKey: 'hush-hush' });
  expect(fault?.path).toBe('previousKey');
  expect(fault?.message).not.toContain('hush');
});

test.each(sampleNames)('verifies and parses a signed %s', (name) => {
  const request = signedRequest(sampleText(name));
  expect(source.verify(request)).toEqual({ kind: 'verified' });
  expect(source.parse(request).kind).toBe('notifications');
});

test.each(signatureVectors())(
  'reads the vector "$name" only if it is a list of notifications',
  ({ body }) => {
    expect(parse(body).kind).toBe(body.startsWith('[') ? 'notifications' : 'invalid');
  },
);

test('makes nothing of a body with one bad notification', () => {
  expect(parse('[{"sqreen_payload_type":"test"},7]')).toEqual({
    kind: 'invalid',
    detail: 'the item at index 1 is not an object',
  });
});

test('keeps the text of a hazardous key, and lets it change nothing', () => {
  const body = '[{"__proto__":{"application_id":"own"},"constructor":{"id":"own"},"id":"1","id":"2"}]';
  const parsed = parse(body);
  expect(parsed).toMatchObject({
    kind: 'notifications',
    drafts: [{ payload: body.slice(1, -1), subject: undefined, internalAlert: undefined }],
  });
});

/** Every guarantee of a draft that storage, rules and targets rely on. */
function expectSound(draft: EventDraft) {
  expect(draft.type).toMatch(/^[a-z0-9_.-]{1,160}$/);
  expect(draft.title.length).toBeGreaterThan(0);
  expect(draft.title.length).toBeLessThanOrEqual(300);
  expect(draft.dedupeKey).toMatch(/^[0-9a-f]{64}$/);
  expect(draft.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(draft.observables.length).toBeLessThanOrEqual(100);
  expect(draft.link ?? 'https://').toMatch(/^https?:\/\//i);
  expect(draft.occurredAt === undefined || Number.isSafeInteger(draft.occurredAt)).toBe(true);
  const texts = [
    draft.title,
    draft.subject?.id ?? '',
    draft.subject?.name ?? '',
    ...Object.values(draft.labels),
  ];
  for (const text of [...texts, ...draft.observables.map(({ value }) => value)]) {
    expect(text.length).toBeLessThanOrEqual(300);
    expect(/[\p{Cc}\p{Cs}]/u.test(text)).toBe(false);
  }
}

const FIELDS = [
  'message',
  'message_type',
  'sqreen_payload_type',
  'message_id',
  'id',
  'event_id',
  'application',
  'application_id',
  'application_name',
  'name',
  'environment',
  'api_version',
  'event_category',
  'event_kind',
  'pulse_genre',
  'blocked',
  'risk',
  'risk_coefficient',
  'ips',
  'address',
  'ip_cidr',
  'hostname',
  'is_tor',
  'geo',
  'code',
  'properties',
  'user_identifiers',
  'playbook',
  'url',
  'event_url',
  'humanized_title',
  'humanized_description',
  'humanized_accounts',
  'application_account_account_keys',
  'value',
  'date_occurred',
  'date_started',
  'date_created',
  'retry_count',
  '__proto__',
  'constructor',
  'toJSON',
  'length',
] as const;

/** JSON whose keys are Sqreen's and whose values are anything. */
const hostile = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'hostile' },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constantFrom(
        null,
        'own',
        'security_event',
        'pulse',
        'test',
        'https://a/',
        '2021-02-08T12:45:00.078701+00:00',
      ),
    ),
    fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'hostile' }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('node'), { maxKeys: 8, depthIdentifier: 'hostile' }),
  ),
})).node;

test('makes sound events of any objects, whatever their fields hold', () => {
  const records = fc.array(fc.dictionary(fc.constantFrom(...FIELDS), hostile), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(records, (array) => {
      const parsed = parse(JSON.stringify(array));
      if (parsed.kind === 'invalid') throw new Error(parsed.detail);
      expect(parsed.drafts.length).toBe(array.length);
      for (const draft of parsed.drafts) expectSound(draft);
    }),
    { numRuns: 500 },
  );
});

test('makes sound events of the samples with any one field replaced', () => {
  const samples = sampleNames.flatMap(sampleRecords);
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.constantFrom(...FIELDS), hostile, (record, field, value) => {
      const parsed = parse(JSON.stringify([{ ...record, [field]: value }]));
      if (parsed.kind === 'invalid') throw new Error(parsed.detail);
      for (const draft of parsed.drafts) expectSound(draft);
    }),
    { numRuns: 300 },
  );
});

test('never throws, whatever the bytes or the JSON', () => {
  const bytes = fc.oneof(
    fc.uint8Array().map((array) => Buffer.from(array)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(fc.property(bytes, (body) => ['notifications', 'invalid'].includes(parse(body).kind)));
});

test('takes strings of megabytes without growing the event', () => {
  const long = 'x'.repeat(5_000_000);
  const ips = [{ address: long, hostname: long, geo: { code: long } }];
  const message = {
    id: long,
    application_id: long,
    application_name: long,
    humanized_title: long,
    url: long,
    ips,
  };
  const parsed = parse(JSON.stringify([{ message_type: long, message }]));
  if (parsed.kind === 'invalid') throw new Error(parsed.detail);
  for (const draft of parsed.drafts) expectSound(draft);
});
