import { Type, type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { severities } from '../events/event.ts';
import { ocsfFinding } from './ocsf.ts';
import { recordBody, recordFormats, recordMediaTypes } from './record.ts';
import { ALERT_MARK } from './text.ts';

const oneOf = (...values: number[]): TSchema => Type.Union(values.map((value) => Type.Literal(value)));
const text = Type.String({ minLength: 1, pattern: '^[^\\n\\r]*$' });
const time = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false };

/**
 * What OCSF 1.5.0 requires of a Detection Finding, and the values of what we set besides
 * (https://github.com/ocsf/ocsf-schema, tag 1.5.0: events/base_event.json, events/findings/finding.json,
 * events/findings/detection_finding.json, objects/finding_info.json, objects/metadata.json, objects/product.json,
 * objects/observable.json, objects/resource_details.json, objects/key_value_object.json).
 */
const detectionFinding = Type.Object(
  {
    activity_id: oneOf(1, 2, 3),
    activity_name: Type.Optional(text),
    category_uid: oneOf(2),
    category_name: Type.Optional(text),
    class_uid: oneOf(2004),
    class_name: Type.Optional(text),
    type_uid: oneOf(200401, 200402, 200403),
    severity_id: oneOf(0, 1, 2, 3, 4, 5, 6, 99),
    severity: Type.Optional(text),
    status_id: Type.Optional(oneOf(0, 1, 2, 3, 4, 5, 99)),
    status: Type.Optional(text),
    is_alert: Type.Optional(Type.Boolean()),
    time,
    message: Type.Optional(text),
    finding_info: Type.Object(
      {
        uid: text,
        title: Type.Optional(text),
        types: Type.Optional(Type.Array(text)),
        created_time: Type.Optional(time),
        src_url: Type.Optional(text),
      },
      closed,
    ),
    metadata: Type.Object(
      {
        version: Type.Literal('1.5.0'),
        product: Type.Object({ name: text, vendor_name: text, url_string: Type.Optional(text) }, closed),
        uid: Type.Optional(text),
        correlation_uid: Type.Optional(text),
        event_code: Type.Optional(text),
        log_provider: Type.Optional(text),
        original_time: Type.Optional(text),
        logged_time: Type.Optional(time),
        tags: Type.Optional(Type.Array(Type.Object({ name: text, value: Type.String() }, closed))),
      },
      closed,
    ),
    observables: Type.Optional(
      Type.Array(Type.Object({ type_id: oneOf(1, 2, 4, 5, 6), type: text, value: Type.String() }, closed)),
    ),
    // At least one of name and uid.
    resources: Type.Optional(
      Type.Array(Type.Object({ uid: text, name: Type.Optional(text), type: Type.Optional(text) }, closed)),
    ),
    unmapped: Type.Optional(Type.Object({})),
    raw_data: Type.Optional(Type.String()),
  },
  closed,
);

const bare = {
  occurredAt: undefined,
  subject: undefined,
  link: undefined,
  labels: {},
  observables: [],
  payload: '',
};

describe('ocsfFinding', () => {
  it.each([
    ['an attack', sampleEvent()],
    ['an internal alert', internalEvent()],
    ['hostile texts', hostileEvent()],
    ['an end', sampleEvent({ state: 'resolved' })],
    ['countries', sampleEvent({ geo: { source: 'RU', destination: undefined, allowed: false } })],
    ['hardly anything', sampleEvent(bare)],
    ['an impossible time', sampleEvent({ occurredAt: Number.NaN })],
    ['a fraction of a ms', sampleEvent({ occurredAt: 1_769_860_800_250.5 })],
  ])('has all that the schema requires, and nothing it does not know: %s', (_name, event) => {
    const record: unknown = JSON.parse(ocsfFinding(event, 'https://tocsin.example'));
    expect(Check(detectionFinding, record), JSON.stringify(record)).toBe(true);
  });

  it('says who, what, when and whereby', () => {
    const event = sampleEvent();
    expect(JSON.parse(ocsfFinding(event, 'https://tocsin.example'))).toMatchObject({
      activity_id: 1,
      type_uid: 200_401,
      severity_id: 4,
      severity: 'High',
      status_id: 1,
      is_alert: true,
      time: Date.UTC(2026, 0, 31, 12, 0, 0, 250),
      message: event.title,
      finding_info: { uid: event.fingerprint, title: event.title, types: [event.type], src_url: event.link },
      metadata: {
        uid: event.id,
        correlation_uid: event.fingerprint,
        log_provider: 'sqreen',
        original_time: '2026-01-31T12:00:00.250Z',
        logged_time: event.receivedAt,
        tags: [
          { name: 'environment', value: 'production' },
          { name: 'account.email', value: 'jeff45@harrell.com' },
        ],
      },
      observables: [
        { type_id: 2, type: 'IP Address', value: '135.96.171.118' },
        { type_id: 5, type: 'Email Address', value: 'jeff45@harrell.com' },
      ],
      resources: [{ type: 'application', uid: '5dd058775c3feb0021c0bb43', name: 'Demo app' }],
      raw_data: event.payload,
    });
  });

  it('closes the finding that the beginning of its matter created', () => {
    const [begun, over] = (['open', 'resolved'] as const).map((state) =>
      JSON.parse(ocsfFinding(sampleEvent({ state }), '')),
    );
    expect(begun).toMatchObject({ activity_id: 1, type_uid: 200_401, status_id: 1, is_alert: true });
    expect(over).toMatchObject({ activity_id: 3, type_uid: 200_403, status_id: 4, is_alert: false });
    expect(over.finding_info.uid).toBe(begun.finding_info.uid);
    expect(over.metadata.uid).not.toBe(begun.metadata.uid);
  });

  it("has OCSF's number for each of our severities", () => {
    const ids = severities.map(
      (severity) => JSON.parse(ocsfFinding(sampleEvent({ severity }), '')).severity_id,
    );
    expect(ids).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('marks an internal alert, with its fields', () => {
    const event = internalEvent();
    const { message, finding_info: info, unmapped } = JSON.parse(ocsfFinding(event, ''));
    expect(message).toBe(`${ALERT_MARK} ${event.title}`);
    expect(info.title).toBe(message);
    expect(unmapped).toEqual({ internal_alert: event.internalAlert });
  });

  it('tells the countries, for which OCSF has no place without an address', () => {
    const geo = { source: 'RU', destination: 'private', allowed: false };
    expect(JSON.parse(ocsfFinding(sampleEvent({ geo }), '')).unmapped).toEqual({ geo });
  });
});

describe('recordBody', () => {
  it('is a JSON record in every format that it names', () => {
    for (const format of recordFormats) {
      const event = hostileEvent();
      const body = recordBody(format, event, 'https://tocsin.example');
      expect(JSON.stringify(JSON.parse(body))).toContain(event.id);
      expect(recordMediaTypes[format]).toMatch(/^application\/(?:[a-z]+\+)?json$/);
    }
  });
});
