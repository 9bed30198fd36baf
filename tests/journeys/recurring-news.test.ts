import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const TEXT = secret('a-text-shared-with-a-sender');
const config = `
sources:
  - {id: alerts, kind: alertmanager, key: "\${TEXT}"}
  - {id: panels, kind: grafana, key: "\${TEXT}"}
  - {id: issues, kind: sentry, key: "\${TEXT}"}
  - {id: code, kind: github, key: "\${TEXT}"}
`;

const BEGUN = '2026-03-02T06:00:00Z';
const alert = (status: string, endsAt = '0001-01-01T00:00:00Z', startsAt = BEGUN) => ({
  version: '4',
  alerts: [{ status, startsAt, endsAt, fingerprint: 'f1', labels: { alertname: 'HostDown' } }],
});
const issue = (action: string) => ({
  action,
  data: { issue: { id: '9', status: action === 'resolved' ? 'resolved' : 'unresolved', title: 'It broke' } },
});
const found = (action: string, dismissedAt?: string) => ({
  action,
  alert: {
    number: 4,
    created_at: BEGUN,
    state: dismissedAt === undefined ? 'open' : 'dismissed',
    dismissed_at: dismissedAt,
    rule: { id: 'sql-injection' },
    tool: { name: 'CodeQL' },
  },
  repository: { id: 1, full_name: 'a/b' },
});

describe('a sender whose notifications bear no id', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config, env: { TEXT } });
  });
  afterAll(endOfVisits);

  /** For each notification, in a row, whether it made an event. */
  async function news(source: string, bodies: readonly object[]): Promise<boolean[]> {
    const made: boolean[] = [];
    const count = async (): Promise<number> =>
      listAt((await there.operator('GET', `/api/v1/events?source=${source}&limit=100`)).json, 'items').length;
    for (const one of bodies) {
      const body = JSON.stringify(one);
      const mac = createHmac('sha256', TEXT).update(body).digest('hex');
      const headers = {
        authorization: `Bearer ${TEXT}`,
        'sentry-hook-signature': mac,
        'x-hub-signature-256': `sha256=${mac}`,
      };
      const before = await count();
      expect(
        (await there.ask({ method: 'POST', path: `/api/v1/sources/${source}`, headers, body })).status,
      ).toBe(200);
      made.push((await count()) > before);
    }
    return made;
  }

  it.each(['alerts', 'panels'])(
    'of %s: an alert is told as it begins, ends, and fires again with the time of the first time',
    async (source) => {
      const [firing, over] = [alert('firing'), alert('resolved', '2026-03-02T06:05:00Z')];
      const row = [firing, firing, over, over, firing, firing, alert('resolved', '2026-03-02T06:15:00Z')];
      expect(await news(source, row)).toEqual([true, false, true, false, true, false, true]);
      expect(await news(source, [alert('firing', undefined, '2026-03-02T06:20:00Z')])).toEqual([true]);
    },
  );

  it('of an issue: each time it is resolved and reopened by hand is told, and each once', async () => {
    const row = ['created', 'resolved', 'unresolved', 'resolved', 'resolved', 'unresolved', 'unresolved'].map(
      issue,
    );
    expect(await news('issues', row)).toEqual([true, true, true, true, false, true, false]);
  });

  it('of code: each time an alert is dismissed and reopened is told, and it stands as it was told last', async () => {
    const dismissed = () => found('closed_by_user', new Date().toISOString());
    expect(await news('code', [found('created'), dismissed(), found('reopened_by_user')])).toEqual([
      true,
      true,
      true,
    ]);
    expect(await news('code', [dismissed(), found('reopened_by_user'), found('reopened_by_user')])).toEqual([
      true,
      true,
      false,
    ]);
    const { json } = await there.operator('GET', '/api/v1/matters?source=code');
    expect(listAt(json, 'items').map((matter) => at(matter, 'state'))).toEqual(['open']);
  });
});
