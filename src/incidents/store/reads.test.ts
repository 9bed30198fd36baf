import { describe, expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../../tests/contracts/on-each-store.ts';
import type { AttributedIncident, IncidentId } from '../incident.ts';
import type { IncidentFilter, RiskScale } from './port.ts';
import { IncidentStore } from './store.ts';
import { commit, incident, priorityOf, T, write } from './test-incidents.ts';

const DAY = 86_400_000;
const scale: RiskScale = { weights: { low: 1, medium: 3, high: 10, critical: 30 }, halfLifeMs: DAY };

await onEachStore('what is read of incidents', (stage) => {
  describe('find', () => findReads(stage));
  describe('risk', () => riskReads(stage));
  describe('counts', () => countReads(stage));
  describe('sweep', () => sweeps(stage));
});

const put = (stage: Stage, ...all: readonly AttributedIncident[]) =>
  commit(stage.store, ...all.map((one) => write.insertKnown(one)));

/** All pages, each of `limit`. */
async function idsOf(stage: Stage, filter: IncidentFilter, limit = 2): Promise<IncidentId[]> {
  const store = new IncidentStore(stage.store);
  const ids: IncidentId[] = [];
  let after: IncidentId | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const page = await store.find(filter, limit, after);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === undefined) return ids;
    after = page.next;
  }
  throw new Error('the pages have no end');
}

const newestFirst = (all: readonly AttributedIncident[]) =>
  all
    .map(({ id }) => id)
    .sort()
    .toReversed();

function findReads(stage: Stage): void {
  const all = [
    incident({
      stated: '7',
      priority: 'low',
      type: 'denial',
      sourceAddress: '1.1.1.1',
      record: '{"a":"100%_Sure"}',
    }),
    incident({ address: '10.0.0.1', priority: 'critical', type: 'probing', record: '{"b":"Ähre"}' }),
    incident({
      address: '10.0.0.1',
      employee: '8',
      priority: 'high',
      feed: 'badges',
      record: '{"c":"100x Sure"}',
    }),
    incident({ address: '10.0.0.2', sourceAddress: '10.0.0.1', stated: '7', priority: 'medium' }),
    incident({ address: '10.0.0.1', sourceAddress: '10.0.0.1', priority: 'low' }),
    incident({ fault: 'priority_unknown', priority: undefined }),
    incident({ fault: 'timestamp_invalid', timestamp: 0 }),
  ];
  const valid = all.filter(({ fault }) => fault === undefined);
  const [denial, probing, badge, , both] = all;

  test.each<readonly [IncidentFilter, (one: AttributedIncident) => boolean]>([
    [{}, () => true],
    [{ feed: 'badges' }, ({ feed }) => feed === 'badges'],
    [{ type: 'probing' }, ({ type }) => type === 'probing'],
    [{ priority: 'low' }, ({ priority }) => priority === 'low'],
    [{ priorityMin: 'high' }, ({ priority }) => priority === 'high' || priority === 'critical'],
    [{ employee: '7' }, ({ employee }) => employee === '7'],
    [{ employee: '7', attributed: false }, () => false],
    [{ employee: '7', attributed: true, type: 'denial' }, (one) => one === denial],
    [{ attributed: true }, ({ employee }) => employee !== undefined],
    [{ attributed: false }, ({ employee }) => employee === undefined],
    [{ address: '10.0.0.1' }, (one) => [one.address, one.sourceAddress].includes('10.0.0.1')],
    [{ address: '10.0.0.1', priorityMin: 'high' }, (one) => one === probing || one === badge],
    [{ address: '1.1.1.1', text: 'sure' }, (one) => one === denial],
    [{ text: '100%_sURE' }, (one) => one === denial],
    [{ text: '100' }, (one) => one === denial || one === badge],
    [{ text: 'ähre' }, () => false],
    [{ text: 'Ähre' }, (one) => one === probing],
    [{ text: "'\\" }, () => false],
    [{ listed: true }, (one) => one !== both],
    [{ listed: false }, (one) => one === both],
  ])('finds what fits %j, newest first and in pages', async (filter, fits) => {
    await put(stage, ...all);
    if (both) await commit(stage.store, write.delist(both.id, T));
    expect(await idsOf(stage, filter)).toEqual(newestFirst(valid.filter(fits)));
    expect(await new IncidentStore(stage.store).count(filter, 100)).toBe(valid.filter(fits).length);
  });

  test('records with a fault are found by themselves', async () => {
    await put(stage, ...all);
    const faulty = all.filter(({ fault }) => fault !== undefined);
    expect(await idsOf(stage, { invalid: true })).toEqual(newestFirst(faulty));
    expect(await idsOf(stage, { invalid: false })).toEqual(newestFirst(valid));
  });

  test('a period is of the incidents’ own time, from its beginning to before its end', async () => {
    const times = [T, T + 0.5, T + 1, T + 1.999, T + 2].map((at) => incident({ at }));
    await put(stage, ...times);
    expect(await idsOf(stage, { since: T + 1, until: T + 2 })).toEqual(newestFirst(times.slice(2, 4)));
  });

  test('is counted up to the limit', async () => {
    await put(stage, ...all);
    expect(await new IncidentStore(stage.store).count({}, 3)).toBe(3);
  });

  test('a text is looked for in so many at once, and all are found by going on', async () => {
    const many = Array.from({ length: 5_030 }, (_, n) =>
      incident({ record: `{"n":"${n % 2_000 === 7 ? 'needle' : 'hay'}"}`, address: n % 2 ? 'a' : 'b' }),
    );
    await put(stage, ...many);
    const needles = newestFirst(many.filter(({ record }) => record.includes('needle')));
    const store = new IncidentStore(stage.store);
    expect(await idsOf(stage, { text: 'NEEDLE' }, 10)).toEqual(needles);
    expect(await idsOf(stage, { text: 'needle', address: 'a' }, 1)).toEqual(needles);
    const page = await store.find({ text: 'needle' }, 10);
    expect(page.items.map(({ id }) => id)).toEqual(needles.slice(0, 2));
    expect((await store.find({ text: 'nowhere' }, 10)).next).toBe(page.next);
    expect(await store.count({ text: 'needle' }, 10)).toBe(3);
  });
}

function riskReads(stage: Stage): void {
  const later = incident({ stated: '9', priority: 'critical', at: T + 400 * DAY, type: 'denial' });
  const all = [
    incident({ stated: '1', priority: 'critical', at: T - DAY, type: 'denial' }),
    incident({ stated: '1', priority: 'low', at: T - 2 * DAY }),
    incident({ stated: '2', priority: 'high', at: T }),
    incident({ employee: '2', address: 'a', priority: 'medium', at: T - DAY / 2 }),
    incident({ stated: '3', priority: 'critical', at: 1_000 }),
    incident({ stated: '4', priority: undefined, fault: 'priority_unknown' }),
    incident({ priority: 'critical' }),
    later,
  ];

  test('those with most points are told first; what is to come counts as new, what is very old as nothing', async () => {
    await put(stage, ...all);
    const store = new IncidentStore(stage.store);
    const risks = await store.riskiest(scale, T, 10, {});
    expect(risks.map(({ employee }) => employee)).toEqual(['9', '1', '2', '3']);
    expect(risks.map(({ score }) => score)).toEqual([
      30,
      expect.closeTo(15.25, 9),
      expect.closeTo(10 + 3 * Math.SQRT1_2, 9),
      expect.closeTo(0, 9),
    ]);
    expect(risks[1]).toMatchObject({ counts: { low: 1, medium: 0, high: 0, critical: 1 }, lastAt: T - DAY });
    expect(await store.riskiest(scale, T, 2, {})).toEqual(risks.slice(0, 2));
    const of = async (filter: IncidentFilter) =>
      (await store.riskiest(scale, T, 10, filter)).map(({ employee }) => employee);
    expect(await of({ type: 'denial' })).toEqual(['9', '1']);
    expect(await of({ since: T, until: T + 1 })).toEqual(['2']);
    expect(await of({ feed: 'badges' })).toEqual([]);
    await commit(stage.store, write.delist(later.id, T));
    expect(await of({ listed: true, feed: 'elevate' })).toEqual(['1', '2', '3']);
    expect(await of({ listed: false })).toEqual(['9']);
  });

  test('somebody is told with all that is known of them', async () => {
    await put(stage, ...all);
    const [first] = all;
    if (first) await commit(stage.store, write.delist(first.id, T));
    const identity = { address: 'a', employee: '1', forgottenAt: T };
    await commit(
      stage.store,
      write.identity(identity),
      write.identity({ ...identity, employee: '2', address: 'b' }),
    );
    const store = new IncidentStore(stage.store);
    expect(await store.employee('1', scale, T)).toEqual({
      employee: '1',
      score: expect.closeTo(15.25, 9),
      counts: { low: 1, medium: 0, high: 0, critical: 1 },
      firstAt: T - 2 * DAY,
      lastAt: T - DAY,
      byType: { denial: 1, misuse: 1 },
      listed: 1,
      addresses: [{ feed: 'elevate', ...identity }],
    });
    expect(await store.employee('4', scale, T)).toBeUndefined();
    expect(await store.employee('nobody', scale, T)).toBeUndefined();
  });
}

function countReads(stage: Stage): void {
  test('are of each step that has any', async () => {
    const all = [0, 1, 999, 1_000, 5_999.5, 6_000].map((ms, n) =>
      incident({ at: T + ms, priority: priorityOf(n) }),
    );
    await put(stage, ...all, incident({ at: T - 1 }), incident({ at: T, fault: 'too_long' }));
    const store = new IncidentStore(stage.store);
    const none = { low: 0, medium: 0, high: 0, critical: 0 };
    expect(await store.counts({ since: T, until: T + 6_000 }, 1_000)).toEqual([
      { at: T, counts: { ...none, low: 1, medium: 1, high: 1 } },
      { at: T + 1_000, counts: { ...none, critical: 1 } },
      { at: T + 5_000, counts: { ...none, low: 1 } },
    ]);
    const period = { since: T, until: T + 7_000, priority: 'medium', text: '"N"' } as const;
    expect(await store.counts(period, 7_000)).toEqual([{ at: T, counts: { ...none, medium: 2 } }]);
    await expect(store.counts({ since: T, until: T + 2_001 }, 1)).rejects.toThrow(RangeError);
  });
}

function sweeps(stage: Stage): void {
  test('deletes what left the list before that, so many at once, and nothing that is listed', async () => {
    const store = new IncidentStore(stage.store);
    const all = Array.from({ length: 5 }, () => incident());
    await put(stage, ...all);
    for (const [n, { id }] of all.slice(1).entries()) await commit(stage.store, write.delist(id, T + n));
    expect(await store.sweep(T + 3, 2)).toBe(2);
    expect(await store.sweep(T + 3, 2)).toBe(1);
    expect(await store.sweep(T + 3, 2)).toBe(0);
    expect(await idsOf(stage, {})).toEqual(newestFirst([all[0], all[4]].filter((one) => one !== undefined)));
  });
}
