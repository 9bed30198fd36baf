import { expect, test } from 'vitest';
import { type Logger, silentLogger } from '../kernel/log.ts';
import { Journal } from './journal.ts';
import type { Passed, Submission } from './statement.ts';
import { type Store, StoreRefused, StoreUnavailable } from './store.ts';

interface Commit {
  readonly batch: readonly Submission[];
  /** Lets it go through: every group passes but those that write `missed`. */
  succeed(): void;
  fail(error: Error): void;
}

/** A store whose commits wait for the test's word; it does nothing else. */
class HeldStore implements Pick<Store, 'commit' | 'commitsMax'> {
  readonly commitsMax: number;
  readonly commits: Commit[] = [];

  constructor(commitsMax = 1) {
    this.commitsMax = commitsMax;
  }

  commit(batch: readonly Submission[]): Promise<readonly Passed[]> {
    return new Promise((resolve, reject) => {
      this.commits.push({ batch, succeed: () => resolve(batch.map(passedOf)), fail: reject });
    });
  }

  /** The commit number `n`, from 0, once the journal asks for it. */
  async reached(n: number): Promise<Commit> {
    for (let turn = 0; turn < 20; turn++) {
      const commit = this.commits[n];
      if (commit !== undefined) return commit;
      await turnOfTheLoop();
    }
    throw new Error(`the journal made ${this.commits.length} commits, not ${n + 1}`);
  }
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const passedOf = (submission: Submission): Passed =>
  submission.map(({ writes }) => writes.every(({ row }) => row[0] !== 'missed'));

const writing = (text: string): Submission => [{ writes: [{ statement: 's', row: [text] }] }];
const textsOf = (commit: Commit): unknown[] =>
  commit.batch.map((submission) => submission[0]?.writes[0]?.row[0]);

function start(commitsMax = 1, log: Logger = silentLogger) {
  const held = new HeldStore(commitsMax);
  return { held, journal: new Journal(held, log) };
}

test('everything of one turn of the event loop shares a commit', async () => {
  const { held, journal } = start();
  const done = ['a', 'b', 'c'].map((text) => journal.submit(writing(text)));
  const commit = await held.reached(0);
  expect(textsOf(commit)).toEqual(['a', 'b', 'c']);
  commit.succeed();
  expect(await Promise.all(done)).toEqual([[true], [true], [true]]);
});

test('whatever arrives while a commit is under way goes into the next one', async () => {
  const { held, journal } = start();
  const first = journal.submit(writing('a'));
  const commit = await held.reached(0);
  const later: Promise<Passed>[] = [];
  for (const text of ['b', 'c', 'd']) {
    later.push(journal.submit(writing(text)));
    await turnOfTheLoop();
  }
  expect(held.commits).toHaveLength(1);
  commit.succeed();
  await first;
  const next = await held.reached(1);
  expect(textsOf(next)).toEqual(['b', 'c', 'd']);
  next.succeed();
  await Promise.all(later);
});

test('nobody hears of success before the store does', async () => {
  const { held, journal } = start();
  let heard = false;
  const done = journal.submit(writing('a')).then(() => (heard = true));
  const commit = await held.reached(0);
  await turnOfTheLoop();
  expect(heard).toBe(false);
  commit.succeed();
  await done;
});

test('each submission hears which of its own groups passed', async () => {
  const { held, journal } = start();
  const done = [
    journal.submit([...writing('x'), ...writing('missed')]),
    journal.submit([]),
    journal.submit(writing('missed')),
  ];
  (await held.reached(0)).succeed();
  expect(await Promise.all(done)).toEqual([[true, false], [], [false]]);
});

test('as many commits run at once as the store takes, and no more', async () => {
  const { held, journal } = start(2);
  const done = [journal.submit(writing('a'))];
  await held.reached(0);
  done.push(journal.submit(writing('b')));
  await held.reached(1);
  done.push(journal.submit(writing('c')));
  await turnOfTheLoop();
  await turnOfTheLoop();
  expect(held.commits).toHaveLength(2);
  held.commits[1]?.succeed();
  (await held.reached(2)).succeed();
  held.commits[0]?.succeed();
  await Promise.all(done);
});

test('one submission that the store refuses does not take the others of its commit down', async () => {
  const { held, journal } = start();
  const done = ['a', 'bad', 'c'].map((text) => journal.submit(writing(text)));
  const outcome = Promise.allSettled(done);
  (await held.reached(0)).fail(new StoreRefused('a constraint'));
  for (const n of [1, 2, 3]) {
    const alone = await held.reached(n);
    expect(alone.batch).toHaveLength(1);
    if (textsOf(alone)[0] === 'bad') alone.fail(new StoreRefused('a constraint'));
    else alone.succeed();
  }
  const [a, bad, c] = await outcome;
  expect(a).toEqual({ status: 'fulfilled', value: [true] });
  expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'StoreRefused' } });
  expect(c).toEqual({ status: 'fulfilled', value: [true] });
});

test('a store that is away fails all of the commit, once, and the next commit is tried', async () => {
  const { held, journal } = start();
  const outcome = Promise.allSettled(['a', 'b'].map((text) => journal.submit(writing(text))));
  (await held.reached(0)).fail(new StoreUnavailable('away'));
  for (const one of await outcome) {
    expect(one).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
  }
  expect(held.commits).toHaveLength(1);
  const next = journal.submit(writing('c'));
  (await held.reached(1)).succeed();
  expect(await next).toEqual([true]);
});

test('says in the log that a commit failed, with how many it held and no word of what they held', async () => {
  const lines: unknown[] = [];
  const { held, journal } = start(1, {
    ...silentLogger,
    error: (fields, message) => lines.push({ fields, message }),
  });
  const outcome = Promise.allSettled(['secret-1', 'secret-2'].map((text) => journal.submit(writing(text))));
  (await held.reached(0)).fail(new StoreUnavailable('the disk is full'));
  await outcome;
  expect(lines).toMatchObject([{ fields: { submissions: 2 } }]);
  expect(JSON.stringify(lines)).toMatch(/the disk is full/);
  expect(JSON.stringify(lines)).not.toMatch(/secret/);
});

test('a commit is bounded in submissions, and nothing of the rest is lost or turned round', async () => {
  const { held, journal } = start();
  const done = Array.from({ length: 1_300 }, (_, n) => journal.submit(writing(`${n}`)));
  const seen: unknown[] = [];
  for (let n = 0; seen.length < done.length; n++) {
    const commit = await held.reached(n);
    expect(commit.batch.length).toBeLessThanOrEqual(512);
    seen.push(...textsOf(commit));
    commit.succeed();
  }
  await Promise.all(done);
  expect(seen).toEqual(Array.from({ length: 1_300 }, (_, n) => `${n}`));
});

test('a store with nothing to do is not kept waiting for the end of a busy turn', async () => {
  const { held, journal } = start();
  const done = Array.from({ length: 40 }, (_, n) => journal.submit(writing(`${n}`)));
  expect(held.commits).toHaveLength(1);
  for (let n = 0; n < 2; n++) (await held.reached(n)).succeed();
  await Promise.all(done);
});

test('a commit is bounded in characters too, but never so that a long notification waits for ever', async () => {
  const { held, journal } = start();
  const megabytes = (n: number): Submission => writing('x'.repeat(n * 1_000_000));
  const done = [9, 1, 1, 1, 1, 1].map((n) => journal.submit(megabytes(n)));
  const sizes: number[] = [];
  for (const n of [0, 1, 2]) {
    const commit = await held.reached(n);
    sizes.push(commit.batch.length);
    commit.succeed();
  }
  await Promise.all(done);
  expect(sizes).toEqual([1, 4, 1]);
});

test('a backlog that no store will work off is refused rather than kept', async () => {
  const { held, journal } = start();
  const first = journal.submit(writing('first'));
  const commit = await held.reached(0);
  const waiting = Array.from({ length: 20_000 }, () => journal.submit(writing('x')));
  await expect(journal.submit(writing('one too many'))).rejects.toBeInstanceOf(StoreUnavailable);
  commit.succeed();
  await first;
  for (let n = 1; n <= 40; n++) (await held.reached(n)).succeed();
  await Promise.all(waiting);
});

test('a backlog of long notifications is refused before it fills the memory', async () => {
  const { held, journal } = start();
  const first = journal.submit(writing('first'));
  const commit = await held.reached(0);
  // One text, many times: it is counted as often as it would be written.
  const long = 'x'.repeat(16_000_000);
  const waiting = Array.from({ length: 16 }, () => journal.submit(writing(long)));
  await expect(journal.submit(writing(long))).rejects.toBeInstanceOf(StoreUnavailable);
  const short = journal.submit([]);
  commit.succeed();
  await first;
  for (let n = 1; n <= 17; n++) (await held.reached(n)).succeed();
  await Promise.all([...waiting, short]);
  const again = journal.submit(writing(long));
  (await held.reached(18)).succeed();
  expect(await again).toEqual([true]);
});

test('drained means that nothing waits and nothing is under way', async () => {
  const { held, journal } = start();
  await journal.drain();
  const done = [journal.submit(writing('a'))];
  let drained = false;
  const drain = journal.drain().then(() => (drained = true));
  const commit = await held.reached(0);
  done.push(journal.submit(writing('b')));
  commit.succeed();
  const last = await held.reached(1);
  expect(drained).toBe(false);
  last.fail(new StoreUnavailable('away'));
  await drain;
  await Promise.allSettled(done);
});
