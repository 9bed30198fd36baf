import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listed, sampleFeed } from '../../../tests/support/incident-lists.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { IncidentBook } from '../book/incident-book.ts';
import { ChangeWriter } from './change-writer.ts';
import { TestBench } from './test-bench.ts';
import { silentLogger } from '../../kernel/log.ts';
import type { Results, Work } from '../thread/protocol.ts';

const feed = sampleFeed();
const all = () => true;
const none = () => false;

let bench: TestBench;
let book: IncidentBook;
let writer: ChangeWriter;
beforeEach(async () => {
  bench = await TestBench.open();
  [book, writer] = process();
});
afterEach(() => bench.close());

/** The book and the writer of a process on the same store. */
function process(): [IncidentBook, ChangeWriter] {
  const own = new IncidentBook([feed]);
  const run = (work: Work): Results[Work['kind']] => {
    if (work.kind === 'changes') return own.changes(work.feed, work.limit);
    if (work.kind === 'stored') return own.stored(work.feed, work.mark) as undefined;
    if (work.kind === 'adopt')
      return own.adopt(work.feed, work.incidents, work.gone, work.identities) as undefined;
    throw new TypeError(work.kind);
  };
  const call = async <W extends Work>(work: W) => run(work) as Results[W['kind']];
  const metrics = { told() {} };
  return [
    own,
    new ChangeWriter({
      ...bench,
      ingest: bench.ingest,
      thread: () => ({ call }),
      metrics,
      log: silentLogger,
    }),
  ];
}

const records = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    priority: 'low',
    employee_id: 1,
    timestamp: 1_700_000_000 + n,
  }));
const take = (to: IncidentBook, count: number): void => {
  to.takeList(feed.id, 'misuse', listed(feed, 'misuse', records(count)));
};
const stored = () => bench.reader.find({}, 1_000).then(({ items }) => items);

describe('what has changed in a feed', () => {
  it('is stored page by page, all of it, each new incident with its event', async () => {
    take(book, 95);
    expect(await writer.write(feed, all, 0)).toEqual({ incidents: 95, told: 95 });
    expect([(await stored()).length, (await bench.told()).length]).toEqual([95, 95]);
    expect(await writer.write(feed, all, 0)).toEqual({ incidents: 0, told: 0 });
  });

  it('is stored without events where nothing is to be told', async () => {
    take(book, 300);
    expect(await writer.write(feed, none, 0)).toEqual({ incidents: 300, told: 0 });
    expect(await bench.told()).toEqual([]);
  });

  it('is stored and told with the next write when a commit fails, once', async () => {
    take(book, 50);
    bench.loses = 'submission';
    await expect(writer.write(feed, all, 0)).rejects.toThrow(StoreUnavailable);
    bench.loses = undefined;
    expect(await writer.write(feed, all, 0)).toEqual({ incidents: 50, told: 50 });
    expect((await bench.told()).length).toBe(50);
  });

  it('is told once when it was committed and the answer got lost', async () => {
    take(book, 10);
    bench.loses = 'answer';
    await expect(writer.write(feed, all, 0)).rejects.toThrow(StoreUnavailable);
    bench.loses = undefined;
    expect(await writer.write(feed, all, 0)).toEqual({ incidents: 0, told: 0 });
    expect((await bench.told()).length).toBe(10);
  });

  it('is told once when two processes find it at the same time', async () => {
    const [other, second] = process();
    for (const one of [book, other]) take(one, 60);
    const written = await Promise.all([writer.write(feed, all, 0), second.write(feed, all, 0)]);
    expect(written.reduce((sum, { told }) => sum + told, 0)).toBe(60);
    expect((await bench.told()).length).toBe(60);
  });

  it('keeps the employee that the store has, whomever this process would have found', async () => {
    const record = { priority: 'low', ip: '192.0.2.1', timestamp: 1_700_000_000 };
    const incidents = listed(feed, 'probing', [record]);
    book.takeIdentities(feed.id, new Map([['192.0.2.1', '1']]), 0);
    book.takeList(feed.id, 'probing', incidents);
    await writer.write(feed, all, 0);
    const [other, second] = process();
    other.takeIdentities(feed.id, new Map([['192.0.2.1', '2']]), 0);
    other.takeList(feed.id, 'probing', incidents);
    await second.write(feed, all, 0);
    const document = Buffer.concat(other.document().pieces).toString();
    expect(Object.keys(JSON.parse(document) as object)).toEqual(['1']);
    expect((await stored())[0]?.employee).toBe('1');
  });

  it('is gone and back in the store as on the list, and not told again', async () => {
    take(book, 2);
    await writer.write(feed, all, 0);
    take(book, 1);
    await writer.write(feed, all, 1_234);
    expect((await stored()).map(({ isListed, lastSeenAt }) => [isListed, lastSeenAt])).toEqual([
      [false, 1_234],
      [true, undefined],
    ]);
    take(book, 2);
    await writer.write(feed, all, 5_678);
    expect((await stored()).map(({ isListed }) => isListed)).toEqual([true, true]);
    expect((await bench.told()).length).toBe(2);
  });

  it('is looked at by one write after the other', async () => {
    take(book, 120);
    const both = await Promise.all([writer.write(feed, all, 0), writer.write(feed, all, 0)]);
    expect(both).toEqual([
      { incidents: 120, told: 120 },
      { incidents: 0, told: 0 },
    ]);
  });
});
