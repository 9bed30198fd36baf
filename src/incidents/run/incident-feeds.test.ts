import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { IncidentFeeds } from './incident-feeds.ts';
import { TestBench } from './test-bench.ts';
import { promised, pushedFeed, silent } from './test-feeds.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import type { Results, ThreadOptions, Work } from '../thread/protocol.ts';
import { Workshop } from '../thread/workshop.ts';

const RESTART_MS = 2_000;
const feed = pushedFeed();

/** The thread's work without a thread: it can be made to die, at once or at a kind of work. */
class MortalThread {
  static readonly lives: MortalThread[] = [];
  static diesAt: Work['kind'] | undefined;
  /** What it loads waits for this. */
  static held: Promise<void> | undefined;
  readonly #workshop: Workshop;
  readonly #end = promised<ThreadEnded>();
  readonly ended = this.#end.promise;

  constructor(options: ThreadOptions) {
    this.#workshop = new Workshop(options);
    MortalThread.lives.push(this);
  }

  async call<W extends Work>(work: W): Promise<Results[W['kind']]> {
    if (work.kind === MortalThread.diesAt) this.die();
    if (work.kind === 'load') await MortalThread.held;
    const dead = this.ended.then((error): never => {
      throw error;
    });
    return Promise.race([dead, this.#workshop.run(work)]);
  }

  die(): void {
    this.#end.resolve(new ThreadEnded('died'));
  }

  async close(): Promise<void> {
    this.die();
  }
}

let bench: TestBench;
let feeds: IncidentFeeds;
beforeEach(async () => {
  bench = await TestBench.open();
  MortalThread.lives.length = 0;
  MortalThread.diesAt = undefined;
  MortalThread.held = undefined;
  feeds = new IncidentFeeds({
    feeds: [feed],
    reader: bench.reader,
    journal: bench.journal,
    ingest: bench.ingest,
    leadership: undefined,
    metrics: { refreshed() {}, pushed() {}, told() {} },
    openThread: (options) => new MortalThread(options),
    clock: bench.clock,
    log: silent,
  });
  feeds.start(true);
  await feeds.loaded(10_000);
});
afterEach(async () => {
  await feeds.stop();
  await bench.close();
});

const push = (timestamp: number) =>
  feeds.push(
    feed.id,
    Buffer.from(JSON.stringify([{ type: 'misuse', priority: 'low', employee_id: 7, timestamp }])),
  );
const document = () => feeds.publication()?.document?.plain.toString();
/** The document, once it holds something. */
const filled = () => document()?.includes('"timestamp":1') === true && document();
/** Until the pause before another start is over, and that start has come to something. */
const started = (lives: number) =>
  until(`life ${lives}`, async () => {
    await bench.clock.advance(RESTART_MS);
    await feeds.loaded(10_000);
    return MortalThread.lives.length >= lives;
  });

describe('feeds whose thread dies', () => {
  it('are answered from what was last good, start again, and go on with what is stored', async () => {
    expect(await push(1)).toMatchObject({ taken: 1 });
    await bench.clock.advance(250);
    const good = await until('the document', () => filled());
    MortalThread.lives[0]?.die();
    await expect(push(2)).rejects.toThrow(StoreUnavailable);
    expect(document()).toBe(good);
    await started(2);
    expect(document()).toBe(good);
    expect(await push(1)).toMatchObject({ taken: 0, repeats: 1 });
    expect(await push(2)).toMatchObject({ taken: 1 });
    expect(await bench.told()).toEqual(['incident.misuse', 'incident.misuse']);
  });

  it('keep nothing of what was not stored: it may be sent again, and is told once', async () => {
    MortalThread.diesAt = 'stored';
    await expect(push(1)).rejects.toThrow(StoreUnavailable);
    MortalThread.diesAt = undefined;
    await started(2);
    expect(await push(1)).toMatchObject({ repeats: 1 });
    expect(await bench.told()).toEqual(['incident.misuse']);
  });

  it('start again once for a thread that dies while it is told what is stored', async () => {
    await push(1);
    MortalThread.diesAt = 'load';
    MortalThread.lives[0]?.die();
    await started(2);
    MortalThread.diesAt = undefined;
    await started(3);
    await bench.clock.advance(5 * RESTART_MS);
    await feeds.loaded(10_000);
    expect(MortalThread.lives).toHaveLength(3);
    expect(await push(1)).toMatchObject({ repeats: 1 });
  });

  it('publish nothing of what is not all loaded', async () => {
    await push(1);
    await bench.clock.advance(250);
    const good = await until('the document', () => filled());
    const held = promised<void>();
    MortalThread.held = held.promise;
    MortalThread.lives[0]?.die();
    await until('another thread', async () => {
      await bench.clock.advance(RESTART_MS);
      return MortalThread.lives.length === 2;
    });
    await expect(feeds.call({ kind: 'document' })).rejects.toThrow(ThreadEnded);
    held.resolve();
    await feeds.loaded(10_000);
    await feeds.call({ kind: 'document' });
    expect(document()).toBe(good);
  });
});
