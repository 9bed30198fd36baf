import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listAt, textAt } from '../../../tests/support/ask.ts';
import { storedIncident } from './test-reader.ts';
import { IncidentStage, NOW } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('counts over time', () => {
  test('are by priority in steps, without those in which nothing was', async () => {
    stage.reader.incidents = [
      storedIncident({ timestamp: NOW - 3_600 }),
      storedIncident({ timestamp: NOW - 3_599, priority: 'high' }),
      storedIncident({ timestamp: NOW - 5 * 3_600 }),
      storedIncident({ timestamp: NOW - 8 * 86_400 }),
    ];
    const { json } = await stage.server.operator('/api/v1/incidents/counts');
    const none = { low: 0, medium: 0, high: 0, critical: 0 };
    expect(json).toEqual({
      since: '2025-12-25T00:00:00.000Z',
      until: '2026-01-01T00:00:00.000Z',
      step: '1h',
      points: [
        { at: '2025-12-31T19:00:00.000Z', counts: { ...none, low: 1 } },
        { at: '2025-12-31T23:00:00.000Z', counts: { ...none, low: 1, high: 1 } },
      ],
    });
  });

  test('are of a feed, a type, a priority, an employee', async () => {
    stage.reader.incidents = [
      storedIncident({ timestamp: NOW - 9 }),
      storedIncident({ timestamp: NOW - 8, type: 'denial' }),
    ];
    const { json } = await stage.server.operator(
      '/api/v1/incidents/counts?feed=elevate&type=denial&priority=low&employee=7&step=1d',
    );
    expect(listAt(json, 'points')).toEqual([
      { at: '2025-12-31T00:00:00.000Z', counts: { low: 1, medium: 0, high: 0, critical: 0 } },
    ]);
  });

  test('beyond 2,000 steps are refused with what to ask instead, which is then answered', async () => {
    const asked = '/api/v1/incidents/counts?since=2025-01-01T00:00:00Z';
    const { status, json } = await stage.server.operator(`${asked}&step=1m`);
    expect(status).toBe(400);
    const [, step] = /"step=(\w+)"/.exec(textAt(json, 'detail')) ?? [];
    expect(step).toBe('6h');
    expect((await stage.server.operator(`${asked}&step=${step}`)).status).toBe(200);
  });

  test.each([
    'step=0s',
    'step=1ms',
    'step=hour',
    'since=2026-01-02T00:00:00Z',
    'since=2025-01-01T00:00:00Z&until=2025-01-01T00:00:00Z',
    'since=2025-02-30T25:00:00Z',
    'until=0000-01-01T00:00:00Z&since=0000-01-01T00:00:00Z',
    'until=0000-01-01T00:00:00Z&step=999999999d',
  ])('with %s are refused', async (query) => {
    expect((await stage.server.operator(`/api/v1/incidents/counts?${query}`)).status).toBe(400);
  });

  test.each(['step=999999999d', 'step=999999999d&until=1980-01-01T00:00:00Z', 'until=1960-01-01T00:00:00Z'])(
    'with %s are answered',
    async (query) => {
      expect((await stage.server.operator(`/api/v1/incidents/counts?${query}`)).status).toBe(200);
    },
  );

  test('keep to the years that an instant can be written in, wherever an offset leads', async () => {
    const ends = 'since=0000-01-01T00:00:00%2B14:00&until=9999-12-31T23:59:59-14:00';
    const { json } = await stage.server.operator(`/api/v1/incidents/counts?${ends}&step=9999d`);
    expect(json).toMatchObject({ since: '0000-01-01T00:00:00.000Z', until: '9999-12-31T23:59:59.999Z' });
  });
});
