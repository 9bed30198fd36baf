import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileEvent, sampleEvent } from '../../../tests/support/sample-event.ts';
import { expectSafe, expectSound, fixture, openFormat } from '../../../tests/support/source-formats.ts';
import type { EventDraft, TocsinEvent } from '../../events/event.ts';
import { newEventId } from '../../kernel/ids.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import { cloudEvent } from '../../targets/cloud-event.ts';
import type { Headers } from '../schemes/scheme.ts';
import { cloudevents } from './cloudevents.ts';

const format = openFormat(cloudevents);
const sample = (name: string) => fixture(`cloudevents/${name}.json`);
const of = (record: object) => format.draft(JSON.stringify({ specversion: '1.0', ...record }));

test('leaves it to the config how its senders are proved', () => {
  expect(cloudevents).not.toHaveProperty('scheme');
});

test('reads an event in structured mode', () => {
  expect(format.draft(sample('structured'))).toMatchObject({
    type: 'com.example.vault.sealed',
    severity: 'high',
    title: 'The vault was sealed',
    occurredAt: Date.parse('2024-05-06T07:08:09.123Z'),
    subject: { kind: 'subject', id: 'seal/primary' },
    link: 'https://vault.example.com/ui/seal',
    labels: { source: 'https://vault.example.com/cluster-1', team: 'platform', severitytext: 'ERROR' },
    state: undefined,
    internalAlert: undefined,
    payload: sample('structured'),
  });
});

test('reads a batch, each event with its own text, data of any kind', () => {
  const drafts = format.drafts(sample('batch'));
  expect(drafts.map(({ type, severity, title }) => [type, severity, title])).toEqual([
    ['com.example.vault.sealed', 'medium', 'A lease was revoked'],
    ['com.example.reading', 'unknown', 'com.example.reading'],
    ['com.example.reading', 'unknown', 'com.example.reading'],
  ]);
  expect(JSON.parse(drafts[2]?.payload ?? '')).toMatchObject({ id: 'B-3', data_base64: 'AAEC' });
  expect(format.drafts(' [ ] ')).toEqual([]);
});

test.each([
  [{ severity: 'Critical' }, 'critical'],
  [{ severitytext: 'WARN' }, 'medium'],
  [{ severitynumber: 5 }, 'informational'],
  [{ severitynumber: 13 }, 'medium'],
  [{ severitynumber: 17 }, 'high'],
  [{ severitynumber: 24 }, 'critical'],
  [{ severitynumber: 25 }, 'unknown'],
  [{ data: { severity: 'low' } }, 'low'],
  [{ severity: 'high', data: { severity: 'low' } }, 'high'],
  [{ data: { severity: 3 } }, 'unknown'],
])('%j is of severity %s', (attributes, severity) => {
  expect(of({ type: 'a', ...attributes }).severity).toBe(severity);
});

test('knows a repeat by source and id together, whatever else has changed', () => {
  const event = { type: 'a', source: '/s', id: '1' };
  const key = of(event).dedupeKey;
  expect(of({ ...event, data: { retry: 2 } }).dedupeKey).toBe(key);
  expect(of({ ...event, id: '2' }).dedupeKey).not.toBe(key);
  expect(of({ ...event, source: '/t' }).dedupeKey).not.toBe(key);
  expect(of({ type: 'a', id: '1' }).dedupeKey).not.toBe(of({ type: 'b', id: '1' }).dedupeKey);
});

test.each([
  ['{"type":"a"}', 'the item at index 0 has no specversion: a CloudEvent in structured mode is expected'],
  [
    '[{"specversion":"1.0"},{}]',
    'the item at index 1 has no specversion: a CloudEvent in structured mode is expected',
  ],
  ['7', 'the body must be a JSON object or an array of objects'],
  ['', 'the body is not valid JSON'],
])('refuses the body %s and says why', (body, detail) => {
  expect(format.detail(body)).toBe(detail);
});

test('takes a thousand events in a batch and no more', () => {
  const many = (count: number) => `[${Array.from({ length: count }, () => '{"specversion":"1.0"}').join()}]`;
  expect(format.drafts(many(1_000))).toHaveLength(1_000);
  expect(format.detail(many(1_001))).toBe('the array holds more than 1000 objects');
});

test('makes sound events of whatever is sent, and never throws', () => {
  const forwarded = cloudEvent(sampleEvent(), 'https://a.example');
  expectSafe(format, [sample('structured'), sample('batch'), forwarded]);
});

const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-type': 'com.example.vault.sealed',
  'ce-source': '/vault',
  'ce-id': '1',
  'ce-severitynumber': '17',
  'ce-subject': 'Euro%20%E2%82%AC',
};
const under = (scheme: string) =>
  cloudevents.open({ internalAlerts: false }, { id: 'source-1', ownApplication: {}, scheme });
const binary = (headers: Headers, body: string | Buffer, scheme = 'bearer'): EventDraft => {
  const parsed = under(scheme).parse({ headers, body: Buffer.from(body), messageId: undefined });
  if (parsed.kind === 'invalid' || parsed.drafts[0] === undefined) throw new Error('it was refused');
  return parsed.drafts[0];
};

test.each(['bearer', 'mtls'])('takes binary mode under %s, which proves the headers too', (scheme) => {
  expect(binary(BINARY, '{"n":1.00}', scheme)).toMatchObject({
    type: 'com.example.vault.sealed',
    severity: 'high',
    subject: { kind: 'subject', id: 'Euro €' },
  });
});

test.each(['standard', 'hmac', 'github', 'sns', 'slack', 'stripe'])(
  'refuses binary mode under %s, which proves the body alone',
  (scheme) => {
    const message = { headers: BINARY, body: Buffer.from('{}'), messageId: undefined };
    expect(under(scheme).parse(message)).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining('send structured mode'),
    });
  },
);

test('keeps of binary mode what structured mode would have been, data byte for byte', () => {
  expect(binary(BINARY, '{"n":1.00}').payload).toContain('"data":{"n":1.00}}');
  expect(JSON.parse(binary(BINARY, 'plain').payload)).toMatchObject({
    data: 'plain',
    type: BINARY['ce-type'],
  });
  expect(JSON.parse(binary(BINARY, Buffer.from([0xff])).payload)).toMatchObject({ data_base64: '/w==' });
  expect(JSON.parse(binary(BINARY, '').payload)).not.toHaveProperty('data');
  const structured = format.draft(binary(BINARY, '{}').payload);
  expect(structured.dedupeKey).toBe(binary(BINARY, '{}').dedupeKey);
});

test('lets the media type say that it is structured mode, whatever headers are put to it', () => {
  const headers = { ...BINARY, 'content-type': 'application/cloudevents+json; charset=utf-8' };
  expect(format.draft(sample('structured'), headers).title).toBe('The vault was sealed');
});

test('reads quoted headers, and refuses those that are no UTF-8 or come twice', () => {
  expect(binary({ ...BINARY, 'ce-subject': String.raw`"a \"b\""` }, '').subject?.id).toBe('a "b"');
  expect(() => binary({ ...BINARY, 'ce-subject': '%C0%A0' }, '')).toThrow('refused');
  expect(() => binary({ ...BINARY, 'ce-subject': ['a', 'b'] }, '')).toThrow('refused');
});

test('never throws for headers and bytes in binary mode', () => {
  const headers = fc.dictionary(
    fc.constantFrom('ce-type', 'ce-id', 'ce-source', 'ce-data', 'ce-__proto__', 'ce-time', 'content-type'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(
      headers,
      fc.oneof(fc.uint8Array().map(Buffer.from), fc.json().map(Buffer.from)),
      (named, body) => {
        const message = { headers: { ...named, 'ce-specversion': '1.0' }, body, messageId: undefined };
        const parsed = under('bearer').parse(message);
        if (parsed.kind === 'notifications') for (const draft of parsed.drafts) expectSound(draft);
      },
    ),
  );
  const deep = `${'['.repeat(70)}${']'.repeat(70)}`;
  expect(() => binary(BINARY, deep)).toThrow('refused');
});

test('answers who asks by OPTIONS whether it may deliver', () => {
  const preflight = under('bearer').preflight;
  expect(
    preflight?.({ 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' }),
  ).toEqual({
    status: 200,
    headers: { 'WebHook-Allowed-Origin': 'eventgrid.azure.net', 'WebHook-Allowed-Rate': '*' },
    body: undefined,
  });
});

test.each([
  undefined,
  '',
  'a b',
  'a\r\nSet-Cookie: x',
  'https://a.example',
  ['a', 'b'],
  'x'.repeat(400),
  '-',
])('gives no answer to an origin %j that cannot be named back', (origin) => {
  expect(under('bearer').preflight?.({ 'webhook-request-origin': origin })).toBeUndefined();
});

/** An event as a Tocsin stores it that took this draft in. */
function stored(draft: EventDraft, source: string): TocsinEvent {
  const { dedupeKey: _key, endpoints: _endpoints, ...fields } = draft;
  return {
    ...fields,
    id: newEventId(),
    source,
    receivedAt: 1_800_000_000_000,
    geo: undefined,
    payloadSha256: sha256Hex(draft.payload),
  };
}

const original = sampleEvent({ state: 'open' });
const forwardedBody = cloudEvent(original, 'https://a.example');

test('makes of the event of another Tocsin what it was there', () => {
  const draft = format.draft(forwardedBody);
  expect(draft).toMatchObject({
    type: original.type,
    severity: original.severity,
    title: original.title,
    occurredAt: original.occurredAt,
    subject: original.subject,
    observables: original.observables,
    link: original.link,
    state: 'open',
    payload: forwardedBody,
  });
  expect(draft.labels).toEqual({
    ...original.labels,
    forwarded_by: 'https://a.example/sources/sqreen',
    origin: 'https://a.example/sources/sqreen',
    hops: '1',
  });
});

test('holds together what the other Tocsin held together', () => {
  const update = cloudEvent(sampleEvent({ title: 'More of it' }), 'https://a.example');
  const other = cloudEvent(sampleEvent({ fingerprint: 'f2'.repeat(16) }), 'https://a.example');
  expect(format.draft(update).fingerprint).toBe(format.draft(forwardedBody).fingerprint);
  expect(format.draft(update).dedupeKey).not.toBe(format.draft(forwardedBody).dedupeKey);
  expect(format.draft(other).fingerprint).not.toBe(format.draft(forwardedBody).fingerprint);
});

test("reaches the admins with another's internal alert only where the config says so", () => {
  const alert = { event_kind: 'x', blocked: true, nested: { a: 1 }, long: 'x'.repeat(5_000) };
  const body = cloudEvent(sampleEvent({ internalAlert: alert }), 'https://a.example');
  expect(format.draft(body)).toMatchObject({ internalAlert: undefined, labels: { internal: 'true' } });
  const trusting = openFormat(cloudevents, { internalAlerts: true });
  const told = trusting.draft(body).internalAlert;
  expect(told).toMatchObject({ event_kind: 'x', blocked: true });
  expect(told).not.toHaveProperty('nested');
  expect(String(told?.['long']).length).toBeLessThanOrEqual(2_048);
  expect(trusting.draft(forwardedBody).internalAlert).toBeUndefined();
});

test('ends a ring of Tocsins after one round', () => {
  const a = openFormat(cloudevents, {}, 'from-b');
  const b = openFormat(cloudevents, {}, 'from-a');
  const first = b.draft(forwardedBody);
  const back = a.draft(cloudEvent(stored(first, 'from-a'), 'https://b.example'));
  expect(back.labels).toMatchObject({ hops: '2', origin: 'https://a.example/sources/sqreen' });
  const again = b.draft(cloudEvent(stored(back, 'from-b'), 'https://a.example'));
  expect(again.labels['hops']).toBe('3');
  // B has seen it: a duplicate makes no event and no delivery.
  expect(again.dedupeKey).toBe(first.dedupeKey);
});

test('looks for where it began only in the payload of an event that was forwarded before', () => {
  const forged = sampleEvent({ payload: forwardedBody });
  const draft = format.draft(cloudEvent(forged, 'https://a.example'));
  expect(draft.labels['hops']).toBe('1');
  expect(draft.dedupeKey).not.toBe(format.draft(forwardedBody).dedupeKey);
  expect(of({ type: 'a', hops: 3, origin: 'x', internal: true, team: 'b' }).labels).toEqual({ team: 'b' });
});

test('takes for the event of a Tocsin only what is one', () => {
  const record: unknown = JSON.parse(forwardedBody);
  const change = (changes: object) =>
    format.draft(JSON.stringify({ ...Object(record), ...changes })).labels['hops'];
  expect(change({})).toBe('1');
  expect(change({ type: 'com.example.other' })).toBeUndefined();
  expect(change({ id: newEventId() })).toBeUndefined();
  expect(change({ data: { id: original.id } })).toBeUndefined();
});

test('makes sound events of hostile events of another Tocsin', () => {
  expectSound(format.draft(cloudEvent(hostileEvent(), 'https://a.example')));
});
