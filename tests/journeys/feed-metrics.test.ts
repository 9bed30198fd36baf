import { afterAll, describe, expect, it } from 'vitest';
import { at } from '../support/ask.ts';
import { endOfUpstreams, type IncidentStage, stageIncidents } from '../support/incident-stage.ts';
import { scrape, scrapeUntil } from '../support/metrics.ts';
import { endOfVisits, visit } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfUpstreams();
});

const elevate = { feed: 'elevate' };

/** With the incidents of the fixture listed and stored. */
async function staged(options: Parameters<typeof stageIncidents>[0] = {}): Promise<IncidentStage> {
  const stage = await stageIncidents(options);
  await stage.refreshed();
  return stage;
}

describe('the metrics of a feed', () => {
  it('tell what it lists, whom it names, and that it is asked', async () => {
    const stage = await staged();
    const record = { priority: 'high', ip: '198.51.100.77', timestamp: 1_700_000_020 };
    stage.upstream.add('probing', record, { ...record, priority: 'urgent' });
    for (const address of [...stage.upstream.identities.keys()].slice(0, 900))
      stage.upstream.identify(address, undefined);
    await stage.refreshed();
    const { value, series } = await scrape(stage.there.url);
    const probing = { ...elevate, type: 'probing' };
    expect(value('tocsin_incidents_listed', probing)).toBe(301);
    expect(value('tocsin_incidents_unresolved', probing)).toBe(1);
    expect(value('tocsin_incidents_invalid', probing)).toBe(1);
    expect(value('tocsin_feed_identities_known', elevate)).toBe(5_000);
    expect(value('tocsin_feed_identities_forgotten', elevate)).toBe(900);
    expect(value('tocsin_feed_leading', elevate)).toBe(1);
    expect(value('tocsin_incidents_document_bytes')).toBe((await stage.document()).text.length);
    expect(value('tocsin_incidents_told_total', elevate)).toBe(1);
    expect(value('tocsin_feed_refreshes_total', { ...elevate, outcome: 'complete' })).toBeGreaterThan(2);
    expect(series('tocsin_feed_list_failures_total')).toEqual([]);
    const lists = series('tocsin_feed_list_last_success_timestamp_seconds').map(({ list }) => list);
    expect(lists).toHaveLength(8);
  });

  it('count the refreshes in which lists failed, and the lists by the reason; and name those that are stale', async () => {
    const stage = await staged();
    const list = (name: string) => ({ ...elevate, list: name });
    const before = await scrape(stage.there.url);
    expect(before.value('tocsin_feed_list_stale', list('denial'))).toBe(0);
    stage.upstream.fail('denial', { kind: 'answer', status: 500 });
    const partial = await scrapeUntil('denial to be stale', stage.there.url, ({ value }) => {
      return value('tocsin_feed_list_stale', list('denial')) === 1;
    });
    expect(partial.value('tocsin_feed_list_stale', list('misuse'))).toBe(0);
    const success = 'tocsin_feed_list_last_success_timestamp_seconds';
    expect(partial.value(success, list('denial'))).toBeLessThan(partial.value(success, list('misuse')) ?? 0);
    const refreshes = partial.value('tocsin_feed_refreshes_total', { ...elevate, outcome: 'partial' }) ?? 0;
    const failures = { ...elevate, reason: 'status_refused' };
    expect(refreshes).toBeGreaterThan(0);
    expect(partial.value('tocsin_feed_list_failures_total', failures)).toBe(refreshes);
    stage.upstream.fail('*', { kind: 'answer', status: 500 });
    const failed = await scrapeUntil('a refresh without any list', stage.there.url, ({ value }) => {
      return (value('tocsin_feed_refreshes_total', { ...elevate, outcome: 'failed' }) ?? 0) > 0;
    });
    const seen = failed.series('tocsin_feed_refreshes_total').map(({ outcome }) => outcome);
    expect(seen.toSorted()).toEqual(['complete', 'failed', 'partial']);
    const all = seen.reduce(
      (sum, outcome = '') => sum + (failed.value('tocsin_feed_refreshes_total', { outcome }) ?? 0),
      0,
    );
    expect(failed.value('tocsin_feed_refresh_duration_seconds_count', elevate)).toBe(all);
  });

  it('count what is sent to it: what was new, what was known and what is none', async () => {
    const there = await visit({
      config:
        'feeds:\n  - {id: pushed, kind: push, scheme: sqreen, key: "${SIGNATURE_KEY}", backlog: events}\n',
    });
    const path = '/api/v1/incidents/feeds/pushed';
    const record = { type: 'misuse', employee_id: 1, priority: 'low', timestamp: 1_700_000_000 };
    const body = JSON.stringify([record, { ...record, employee_id: 2 }, { ...record, priority: 'urgent' }]);
    expect((await there.webhook(body, { path })).status).toBe(200);
    const again = await there.webhook(body, { path });
    expect(at(again.json, 'repeats')).toBe(3);
    expect((await there.webhook('{', { path })).status).toBe(422);
    const { value, series } = await scrape(there.url);
    const pushed = (outcome: string) => value('tocsin_incidents_pushed_total', { feed: 'pushed', outcome });
    expect([pushed('taken'), pushed('invalid'), pushed('repeat')]).toEqual([2, 1, 3]);
    expect(value('tocsin_incidents_told_total', { feed: 'pushed' })).toBe(2);
    // Nobody asks it, and nothing of it is late.
    expect(series('tocsin_feed_leading')).toEqual([]);
    expect(series('tocsin_feed_list_stale')).toEqual([]);
  });

  it('are not there without a feed', async () => {
    const there = await visit();
    const { types } = await scrape(there.url);
    expect([...types.keys()].filter((name) => /^tocsin_(?:feed|incidents)_/.test(name))).toEqual([]);
  });
});
