import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at, listAt } from '../../../tests/support/ask.ts';
import { storedIncident } from './test-reader.ts';
import { IncidentStage, NOW, scale } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('employees', () => {
  beforeEach(() => {
    stage.reader.incidents = [
      storedIncident({ timestamp: NOW, priority: 'critical', employee: '9' }),
      storedIncident({ timestamp: NOW - 86_400, priority: 'high' }),
      storedIncident({ timestamp: NOW, priority: 'medium', type: 'probing' }),
    ];
  });

  test('are listed by a score that the answer lets anybody reckon', async () => {
    const { json } = await stage.server.operator('/api/v1/incidents/employees?limit=1');
    expect(json).toMatchObject({
      items: [{ employee: '9', score: 30, counts: { critical: 1 }, lastAt: '2026-01-01T00:00:00.000Z' }],
      scale: { weights: scale.weights, halfLifeSeconds: 86_400, at: '2026-01-01T00:00:00.000Z' },
    });
    expect(listAt(json, 'items')).toHaveLength(1);
  });

  test('by a type have the score of that type', async () => {
    const { json } = await stage.server.operator('/api/v1/incidents/employees?type=probing');
    expect(listAt(json, 'items')).toEqual([expect.objectContaining({ employee: '7', score: 3 })]);
  });

  test('are told one by one, with the newest incidents', async () => {
    const { json } = await stage.server.operator('/api/v1/incidents/employees/7');
    expect(json).toMatchObject({
      employee: '7',
      score: 8,
      counts: { low: 0, medium: 1, high: 1, critical: 0 },
      byType: { misuse: 1, probing: 1 },
      firstAt: '2025-12-31T00:00:00.000Z',
      lastAt: '2026-01-01T00:00:00.000Z',
      listed: 2,
      addresses: [{ feed: 'elevate', address: '10.0.0.7', forgottenAt: null }],
      scale: { halfLifeSeconds: 86_400 },
    });
    expect(listAt(json, 'latest').map((one) => at(one, 'type'))).toEqual(['probing', 'misuse']);
  });

  test('without an incident are 404', async () => {
    expect((await stage.server.operator('/api/v1/incidents/employees/8')).status).toBe(404);
  });
});
