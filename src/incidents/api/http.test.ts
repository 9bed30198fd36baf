import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at, listAt, textAt } from '../../../tests/support/ask.ts';
import { storedIncident } from './test-reader.ts';
import { clock, IncidentStage, NOW } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const idsOf = (json: unknown): unknown[] => listAt(json, 'items').map((item) => at(item, 'id'));

describe('the list of incidents', () => {
  test('is newest first, in pages that follow each other', async () => {
    stage.reader.incidents = [0, 1, 2, 3, 4].map((n) => storedIncident({ timestamp: NOW - n }));
    const first = await stage.server.operator('/api/v1/incidents?limit=3');
    expect(idsOf(first.json)).toEqual(stage.reader.incidents.slice(0, 3).map(({ id }) => id));
    const second = await stage.server.operator(
      `/api/v1/incidents?limit=3&cursor=${textAt(first.json, 'nextCursor')}`,
    );
    expect(idsOf(second.json)).toEqual(stage.reader.incidents.slice(3).map(({ id }) => id));
    expect(at(second.json, 'nextCursor')).toBeNull();
  });

  test.each([
    ['feed=hr', { feed: 'hr' }],
    ['type=denial', { type: 'denial' }],
    ['priority=high', { priority: 'high' }],
    ['priorityMin=high', { priority: 'high' }],
    ['employee=42', { employee: '42' }],
    ['address=10.1.2.3', { sourceAddress: '10.1.2.3' }],
    ['text=NEEDLE', { record: '{"a":"a needle in it"}' }],
    ['since=2025-12-31T00:00:00Z', { timestamp: NOW - 60 }],
    ['since=2025-12-30T22:00:00-02:00&until=2026-01-01T00:00:00Z', { timestamp: NOW - 60 }],
    ['listed=false', { isListed: false, lastSeenAt: clock.now() }],
    ['attributed=false', { employee: undefined, identity: undefined }],
  ] as const)('with %s holds what fits it and nothing else', async (query, fitting) => {
    const one = storedIncident(fitting);
    stage.reader.incidents = [storedIncident({ timestamp: NOW - 3 * 86_400 }), one];
    const { json, status } = await stage.server.operator(`/api/v1/incidents?${query}`);
    expect(status).toBe(200);
    expect(idsOf(json)).toContain(one.id);
    expect(listAt(json, 'items')).toHaveLength(1);
  });

  test('does not pass for complete when its cursor’s incident was deleted', async () => {
    stage.reader.incidents = [storedIncident()];
    const gone = storedIncident({ timestamp: 5 }).id;
    const { status, json } = await stage.server.operator(`/api/v1/incidents?cursor=${gone}`);
    expect([status, at(json, 'code')]).toEqual([400, 'bad_request']);
  });

  test('of a page in which nothing was found says where to go on', async () => {
    const { id } = storedIncident();
    stage.reader.find = async () => ({ items: [], next: id });
    const { json } = await stage.server.operator('/api/v1/incidents?text=x');
    expect(json).toEqual({ items: [], nextCursor: id });
  });
});

describe('one incident', () => {
  test('is told with its record, of which the text is exact', async () => {
    const record = '{"priority":"low","n":12345678901234567890,"timestamp":1622505600.1234567}';
    const one = storedIncident({
      record,
      timestamp: 1_622_505_600.123_456_7,
      lastSeenAt: NOW * 1_000,
      isListed: false,
      sourceAddress: '10.9.9.9',
    });
    stage.reader.incidents = [one];
    const { json } = await stage.server.operator(`/api/v1/incidents/${one.id}`);
    expect(json).toEqual({
      id: one.id,
      feed: 'elevate',
      type: 'misuse',
      priority: 'low',
      timestamp: 1_622_505_600.123_456_7,
      occurredAt: '2021-06-01T00:00:00.123Z',
      employee: '7',
      identity: 'stated',
      address: null,
      sourceAddress: '10.9.9.9',
      firstSeenAt: '2021-06-01T00:00:00.123Z',
      lastSeenAt: '2026-01-01T00:00:00.000Z',
      listed: false,
      attributedAt: null,
      eventId: null,
      fault: null,
      record: JSON.parse(record),
      recordText: record,
    });
  });

  test('with a fault has neither a priority nor a time, and its text as far as it was kept', async () => {
    const one = storedIncident({
      fault: 'too_long',
      timestamp: 0,
      priority: undefined,
      record: '{"a":"cut of',
      employee: undefined,
      identity: undefined,
    });
    stage.reader.incidents = [one];
    const { json } = await stage.server.operator(`/api/v1/incidents/${one.id}`);
    expect(json).toMatchObject({
      fault: 'too_long',
      priority: null,
      timestamp: null,
      occurredAt: null,
      record: null,
      recordText: '{"a":"cut of',
    });
  });

  test('of a time that no calendar has is answered all the same', async () => {
    const one = storedIncident({ timestamp: 1e300, firstSeenAt: 0 });
    stage.reader.incidents = [one];
    const { json } = await stage.server.operator(`/api/v1/incidents/${one.id}`);
    expect(json).toMatchObject({ timestamp: 1e300, occurredAt: null });
  });

  test('that is not there is 404', async () => {
    const { status } = await stage.server.operator(`/api/v1/incidents/${storedIncident().id}`);
    expect(status).toBe(404);
  });
});

describe('what is filed under nobody', () => {
  test('is listed: the unresolved that the feed lists now, or those it does not any more', async () => {
    const nobody = { employee: undefined, identity: undefined };
    const now = storedIncident(nobody);
    const gone = storedIncident({ ...nobody, isListed: false, lastSeenAt: 1 });
    stage.reader.incidents = [storedIncident(), now, gone];
    expect(idsOf((await stage.server.operator('/api/v1/incidents/unresolved')).json)).toEqual([now.id]);
    const { json } = await stage.server.operator('/api/v1/incidents/unresolved?listed=false');
    expect(idsOf(json)).toEqual([gone.id]);
  });

  test('and the invalid with what is wrong with each, which the other lists leave out', async () => {
    const record = '{"priority":"urgent"}';
    const invalid = storedIncident({ fault: 'priority_unknown', priority: undefined, record });
    stage.reader.incidents = [storedIncident(), invalid];
    const { json } = await stage.server.operator('/api/v1/incidents/invalid?type=misuse');
    expect(listAt(json, 'items')).toEqual([
      expect.objectContaining({ id: invalid.id, fault: 'priority_unknown', text: record, listed: true }),
    ]);
    expect(idsOf((await stage.server.operator('/api/v1/incidents')).json)).not.toContain(invalid.id);
  });
});

test('a misspelt filter is refused rather than passed over', async () => {
  const { status, json } = await stage.server.operator('/api/v1/incidents?employe=7');
  expect(status).toBe(400);
  expect(textAt(json, 'detail')).toMatch(/employee/);
});
