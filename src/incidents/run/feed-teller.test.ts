import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleFeed } from '../../../tests/support/incident-lists.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { FeedTeller } from './feed-teller.ts';
import type { FeedReport, ListReport } from '../report.ts';
import { conditionsOf } from '../telling/conditions.ts';
import { feedReport, listReport, silent } from './test-feeds.ts';
import { TestBench } from './test-bench.ts';

const feed = sampleFeed({ staleAfterMs: 60_000 });

let bench: TestBench;
let teller: FeedTeller;
beforeEach(async () => {
  bench = await TestBench.open();
  teller = process();
});
afterEach(() => bench.close());

const process = (): FeedTeller =>
  new FeedTeller({ journal: bench.journal, ingest: bench.ingest, clock: bench.clock, log: silent });
const now = () => bench.clock.now();
const error = { reason: 'timeout', detail: 'late', since: 0 } as const;

/** A report in which the first list is so, and the others are well. */
const withList = (over: Partial<ListReport>, rest: Partial<FeedReport> = {}): FeedReport => {
  const [first, ...others] = feed.types.map(({ type }) => type);
  const types = [listReport(String(first), now(), over), ...others.map((name) => listReport(name, now()))];
  return feedReport(now(), { types, ...rest });
};
const forgotten = (unresolved: number): FeedReport =>
  feedReport(now(), { identities: listReport('identities', now(), { count: 100 - unresolved, unresolved }) });

describe('how a feed stands', () => {
  it('is told when it turns, once each time, and never that it is well from the first', async () => {
    const faulty = { invalid: 3 };
    for (const over of [{}, faulty, faulty, {}, {}, faulty]) await teller.look(feed, withList(over));
    expect(await bench.told()).toEqual([
      'tocsin.feed.records_invalid',
      'tocsin.feed.records_recovered',
      'tocsin.feed.records_invalid',
    ]);
  });

  it('is told once by two processes, and not again by one that starts later', async () => {
    const other = process();
    await Promise.all([teller, other].map((one) => one.look(feed, withList({ invalid: 1 }))));
    await process().look(feed, withList({ invalid: 1 }));
    expect(await bench.told()).toEqual(['tocsin.feed.records_invalid']);
  });

  it('is told again by a process that has told so before, once it knows what others have told since', async () => {
    await teller.look(feed, withList({ invalid: 1 }));
    await process().look(feed, withList({}));
    teller.load(await bench.reader.conditions());
    await teller.look(feed, withList({ invalid: 1 }));
    expect(await bench.told()).toHaveLength(3);
  });

  it('is told later when it could not be stored', async () => {
    await teller.look(feed, withList({}));
    bench.loses = 'submission';
    await expect(teller.look(feed, withList({ invalid: 1 }))).rejects.toThrow(StoreUnavailable);
    bench.loses = undefined;
    await teller.look(feed, withList({ invalid: 1 }));
    expect(await bench.told()).toEqual(['tocsin.feed.records_invalid']);
  });

  it('fails only after three refreshes in a row, and is well again only with one that is whole', async () => {
    for (const failedInARow of [1, 2]) await teller.look(feed, withList({ error }, { failedInARow }));
    expect(await bench.told()).toEqual([]);
    for (const failedInARow of [3, 4]) await teller.look(feed, withList({ error }, { failedInARow }));
    await teller.look(feed, withList({ error }, { failedInARow: 1 }));
    expect(await bench.told()).toEqual(['tocsin.feed.lists_failing']);
    await teller.look(feed, withList({}));
    expect(await bench.told()).toEqual(['tocsin.feed.lists_failing', 'tocsin.feed.lists_recovered']);
  });

  it('is stale when a list is too old, and one that never came when it should have', async () => {
    await teller.look(feed, withList({ lastSuccessAt: now() - 60_001 }));
    expect(await bench.told()).toEqual(['tocsin.feed.lists_stale']);
    const standpoint = { now: 70_000, startedAt: 0, staleAfterMs: 60_000, told: () => undefined };
    const [lists] = conditionsOf(feedReport(undefined), standpoint);
    expect(lists?.state).toBe('stale');
    expect(conditionsOf(feedReport(undefined), { ...standpoint, now: 60_000 })[0]?.state).toBe('good');
  });

  it('has lost its identities from a tenth on, and has them back below a fiftieth', async () => {
    for (const missing of [9, 10, 9, 2]) await teller.look(feed, forgotten(missing));
    expect(await bench.told()).toEqual(['tocsin.feed.identities_lost']);
    for (const missing of [1, 9]) await teller.look(feed, forgotten(missing));
    expect(await bench.told()).toEqual(['tocsin.feed.identities_lost', 'tocsin.feed.identities_recovered']);
  });
});

describe('a first list', () => {
  it('is summed up once, whoever finds it, and says how many there were', async () => {
    const report = withList({ count: 12, unresolved: 2 });
    const types = feed.types.map(({ type }) => type);
    await Promise.all([teller, process()].map((one) => one.filled(feed, report, types)));
    await process().filled(feed, report, types);
    const events = await bench.events();
    expect(events.map(({ type }) => type)).toEqual(['incident.backlog']);
    expect(JSON.parse(String(events[0]?.payload))).toMatchObject({ incidents: 12, unresolved: 2 });
    const [stored] = await bench.reader.feeds();
    expect(stored?.filled).toEqual(types.toSorted());
  });
});
