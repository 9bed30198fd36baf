import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ListReport } from '../report.ts';
import { clock, IncidentStage } from './test-stage.ts';

const stage = new IncidentStage();
beforeAll(() => stage.open());
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('the status', () => {
  const list = (name: string, over: Partial<ListReport> = {}): ListReport => ({
    name,
    lastAttemptAt: clock.now() - 1_000,
    lastSuccessAt: clock.now() - 2_500,
    durationMs: 800,
    attempts: 1,
    error: undefined,
    count: 300,
    unresolved: 4,
    invalid: 1,
    ...over,
  });

  test('says of each list of each feed how it stands', async () => {
    const error = { reason: 'too_large', detail: 'more than 64 MiB', since: clock.now() - 90_000 } as const;
    stage.reports = [
      {
        id: 'elevate',
        kind: 'poll',
        refreshedAt: clock.now() - 4_000,
        durationMs: 3_000,
        document: undefined,
        failedInARow: 0,
        parallel: 4,
        breaker: 'closed',
        identities: list('identities'),
        types: [list('denial', { lastSuccessAt: undefined, error, attempts: 2 }), list('other')],
      },
    ];
    stage.published = {
      document: {
        plain: Buffer.of(),
        gzip: Buffer.of(),
        brotli: Buffer.of(),
        hash: '',
        unresolved: 4,
        incidents: 300,
      },
      changedAt: clock.now() - 60_000,
      refreshedAt: clock.now() - 2_500,
      stale: ['elevate/denial'],
    };
    const { json } = await stage.server.operator('/api/v1/incidents/status');
    expect(json).toMatchObject({
      feeds: [
        {
          id: 'elevate',
          kind: 'poll',
          durationMs: 3_000,
          parallel: 4,
          breaker: 'closed',
          identities: { name: 'identities', stale: false, ageSeconds: 2, error: null },
          types: [
            {
              name: 'denial',
              lastSuccessAt: null,
              ageSeconds: null,
              stale: true,
              count: 300,
              unresolved: 4,
              invalid: 1,
              attempts: 2,
              error: { ...error, since: '2025-12-31T23:58:30.000Z' },
            },
            { name: 'other', stale: false, lastSuccessAt: '2025-12-31T23:59:57.500Z' },
          ],
        },
      ],
      incidents: 300,
      unresolved: 4,
      documentChangedAt: '2025-12-31T23:59:00.000Z',
      documentAgeSeconds: 2,
    });
  });

  test('is there without a feed, without a document and without a store', async () => {
    stage.reader.away();
    const { status, json } = await stage.server.operator('/api/v1/incidents/status');
    expect(status).toBe(200);
    expect(json).toEqual({
      feeds: [],
      incidents: null,
      unresolved: null,
      documentChangedAt: null,
      documentAgeSeconds: null,
    });
  });
});
