import { afterAll, expect, test } from 'vitest';
import { at } from '../support/ask.ts';
import { expectedDocument } from '../support/incident-document.ts';
import { AUTHORIZATION } from '../support/incident-stage.ts';
import { IncidentUpstream } from '../support/incident-upstream.ts';
import { scrape } from '../support/metrics.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase } from '../support/postgres.ts';
import { startRole } from '../support/role.ts';
import { newDirectory } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

await describeWith('postgres', 'a feed, with each role in a process of its own', () => {
  afterAll(endOfVisits);

  test('is asked by who collects alone; the API answers from what that one stored, also when it is gone', async () => {
    const database = await createDatabase();
    const upstream = await IncidentUpstream.start();
    const env = {
      DATABASE_URL: database.url,
      TOCSIN_INCIDENTS_URL: upstream.url,
      TOCSIN_INCIDENTS_EVERY: '200ms',
      ELEVATE_API_USER: upstream.user,
      ELEVATE_API_PASSWORD: secret(upstream.password),
    };
    const api = await visit({ env: { ...env, TOCSIN_ROLES: 'api' } });
    const deliver = await startRole('deliver', { directory: newDirectory(), env });
    const document = () => api.ask({ path: '/incidents', headers: { authorization: AUTHORIZATION } });
    // That is answered only once what is stored has been read.
    expect(at((await document()).json, 'code')).toBe('feed_cold');
    expect(upstream.requests).toEqual([]);

    const collect = await startRole('collect', { directory: newDirectory(), env });
    await until('the API to have what was stored', async () => (await document()).status === 200);
    await until('all of it', async () => {
      const { headers } = await document();
      return headers['tocsin-incidents-stale'] === undefined;
    });
    expect((await document()).json).toEqual(expectedDocument(upstream));
    const { value } = await scrape(api.url);
    expect(value('tocsin_feed_leading', { feed: 'elevate' })).toBe(0);
    expect(value('tocsin_feed_list_stale', { feed: 'elevate', list: 'denial' })).toBe(0);

    await collect.kill();
    const asked = upstream.requests.length;
    // Ten times as long as any other process would wait that asks.
    const last = await until('the answer to grow old', async () => {
      const answer = await document();
      return Number(answer.headers['age']) >= 2 && answer;
    });
    expect(last.json).toEqual(expectedDocument(upstream));
    expect(upstream.requests).toHaveLength(asked);
    await deliver.stop();
    await api.service.stop();
    await upstream.close();
    await database.drop();
  });
});
