import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import { at } from '../support/ask.ts';
import { expectedDocument } from '../support/incident-document.ts';
import { endOfUpstreams, type IncidentStage, stageIncidents } from '../support/incident-stage.ts';
import { fixtureData } from '../support/incident-upstream-data.ts';
import type { UpstreamFault } from '../support/incident-upstream-fault.ts';
import { until } from '../support/until.ts';
import { endOfVisits } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfUpstreams();
});

describe('a feed that fails', () => {
  let stage: IncidentStage;
  let good: string;
  beforeAll(async () => {
    stage = await stageIncidents();
    await until('the first document', async () => (await stage.document()).status === 200);
    good = (await stage.document()).text;
  });

  /** Waits until lists count as stale, while every answer is the last good one. */
  const staleWithGoodAnswers = (lists: string) =>
    until(`${lists} to be stale`, async () => {
      const { status, text, headers } = await stage.document();
      expect([status, text === good]).toEqual([200, true]);
      return String(headers['tocsin-incidents-stale']).includes(lists);
    });

  const recovered = async (): Promise<void> => {
    stage.upstream.heal();
    await until('all lists to be fresh', async () => {
      const { headers } = await stage.document();
      return headers['tocsin-incidents-stale'] === undefined;
    });
    expect((await stage.document()).text).toBe(good);
  };

  const faults: readonly [string, string, UpstreamFault][] = [
    ['answers 500', 'status_refused', { kind: 'answer', status: 500 }],
    ['hangs in the middle of a body', 'timeout', { kind: 'hang', at: 'mid_body' }],
    ['sends half a JSON', 'not_json', { kind: 'truncated' }],
    ['has changed its shape', 'shape_changed', { kind: 'answer', body: '{"items":[]}' }],
    ['answers a page for people', 'shape_changed', { kind: 'answer', body: '[]' }],
    ['drops connections', 'connection_reset', { kind: 'drop', at: 'mid_body' }],
    ['sends a bomb', 'too_large', { kind: 'huge', bytes: 80_000_000, coding: 'gzip' }],
  ];
  it.each(faults)('in one list that %s keeps that list and names it as stale', async (_, reason, fault) => {
    stage.upstream.fail('probing', fault);
    await staleWithGoodAnswers('elevate/probing');
    expect(at(await stage.list('probing'), 'error', 'reason')).toBe(reason);
    expect(at(await stage.list('denial'), 'error')).toBeNull();
    await recovered();
  });

  it('altogether is answered from what was last good, named as stale, and told of once, as is its recovery', async () => {
    stage.upstream.fail('*', { kind: 'drop', at: 'before' });
    const lists = [
      'denial',
      'intrusion',
      'executable',
      'misuse',
      'unauthorized',
      'probing',
      'other',
      'identities',
    ];
    await staleWithGoodAnswers(lists.map((name) => `elevate/${name}`).join(', '));
    const ofFeed = async (): Promise<unknown[]> => {
      const events = await stage.events('source=tocsin&subject=elevate');
      return events.map((event) => at(event, 'type')).filter((type) => String(type).includes('lists_'));
    };
    await until('the alert', async () => (await ofFeed())[0] === 'tocsin.feed.lists_stale');
    const before = (await ofFeed()).length;
    await recovered();
    await until('word of its recovery', async () => (await ofFeed())[0] === 'tocsin.feed.lists_recovered');
    expect(await ofFeed()).toHaveLength(before + 1);
  });

  it('to name half of its identities loses nobody, says so, and takes them back', async () => {
    const whose = new Map(stage.upstream.identities);
    for (const [index, address] of [...whose.keys()].entries()) {
      if (index % 2 === 0) stage.upstream.identify(address, undefined);
    }
    await until(
      'the alert',
      async () => (await stage.events('source=tocsin&type=tocsin.feed.identities_lost')).length > 0,
    );
    expect((await stage.document()).text).toBe(good);
    expect(at(await stage.list('identities'), 'unresolved')).toBe(2_500);
    for (const [address, employee] of whose) stage.upstream.identify(address, employee);
    await until(
      'word of their return',
      async () => (await stage.events('source=tocsin&type=tocsin.feed.identities_recovered')).length > 0,
    );
    expect((await stage.document()).text).toBe(good);
  });

  it('in single records keeps the others, and lists those that are no incidents', async () => {
    const ids = async () => (await stage.there.operator('GET', '/api/v1/incidents/invalid')).json;
    const sane = { priority: 'low', employee_id: 5, timestamp: 1_700_000_010 };
    stage.upstream.add(
      'misuse',
      sane,
      { ...sane, priority: 'urgent' },
      { ...sane, timestamp: 'now' },
      42,
      null,
    );
    await stage.refreshed();
    expect((await stage.document()).json).toEqual(
      expectedDocument({
        identities: stage.upstream.identities,
        lists: new Map(stage.upstream.lists).set('misuse', stage.upstream.records('misuse').slice(0, 301)),
      }),
    );
    expect(at(await stage.list('misuse'), 'invalid')).toBe(4);
    expect(at(await ids(), 'items', 3, 'fault')).toBeDefined();
    expect(at(await ids(), 'items', 4, 'fault')).toBeUndefined();
  });

  it('to name an employee is listed as unresolved, and attributed once it does', async () => {
    const record = { priority: 'high', ip: '198.51.100.77', timestamp: 1_700_000_020 };
    stage.upstream.add('probing', record);
    await stage.refreshed();
    const unresolved = async (): Promise<unknown> =>
      (await stage.there.operator('GET', '/api/v1/incidents/unresolved')).json;
    expect(at(await unresolved(), 'items', 0, 'address')).toBe('198.51.100.77');
    expect((await stage.document()).headers['tocsin-incidents-unresolved']).toBe('1');
    stage.upstream.identify('198.51.100.77', 31_337);
    await stage.refreshed();
    const { json } = await stage.document();
    expect(at(json, '31337', 'high', 'incidents', 0)).toEqual({ ...record, type: 'probing' });
    expect(at(await unresolved(), 'items', 0)).toBeUndefined();
    // A mapping that moves holds from then on, and not for what was there.
    stage.upstream.identify('198.51.100.77', 31_338);
    await stage.refreshed();
    stage.upstream.add('probing', { ...record, timestamp: 1_700_000_021 });
    await stage.refreshed();
    const moved = (await stage.document()).json;
    expect([at(moved, '31337', 'high', 'count'), at(moved, '31338', 'high', 'count')]).toEqual([1, 1]);
  });
});

describe('a feed of a hundred times the data', () => {
  it('is taken over whole, and left again', async () => {
    const records = Array.from({ length: 30_000 }, (_, index) => ({
      priority: 'low',
      reported_by: index % 1_000,
      timestamp: 1_600_000_000 + index,
      source_ip: '203.0.113.7',
    }));
    const { identities } = fixtureData();
    const none = Object.fromEntries(elevateTypes.map(({ type }) => [type, []]));
    const stage = await stageIncidents({
      upstream: { data: { lists: { ...none, denial: records }, identities } },
    });
    await until('all of them', async () => at(await stage.list('denial'), 'count') === 30_000, 60_000);
    expect((await stage.document()).json).toEqual(expectedDocument(stage.upstream));
    await stage.refreshed();
    expect(at((await stage.events('type=incident.backlog'))[0], 'labels', 'incidents')).toBe('30000');
    stage.upstream.replace('denial', records.slice(0, 300));
    await until('what it was', async () => at(await stage.list('denial'), 'count') === 300, 60_000);
    expect((await stage.document()).json).toEqual(expectedDocument(stage.upstream));
  });
});
