import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import { type Counted, Tally } from './tally.ts';

const CAPS = { messagesMax: 10, bytesMax: 1_000 };
const REFRESH_MS = 5_000;

function counting(refreshMs?: number) {
  const clock = new ManualClock();
  const answers: (Counted | Error)[] = [];
  let counts = 0;
  const tally = new Tally(
    CAPS,
    async () => {
      counts += 1;
      const answer = answers.shift() ?? { messages: 0, bytes: 0, firstEnd: Infinity };
      if (answer instanceof Error) throw answer;
      return answer;
    },
    clock,
    refreshMs,
  );
  return { clock, tally, answers, counts: () => counts };
}

test('what is there is counted once, and refusing costs no other look', async () => {
  const { clock, tally, answers, counts } = counting();
  answers.push({ messages: 10, bytes: 100, firstEnd: 1 });
  for (let n = 0; n < 1_000; n++) {
    await tally.ready();
    expect(tally.take(1)).toBe('messagesMax');
    await clock.advance(100);
  }
  expect(counts()).toBe(1);
});

test('a count that fails is told, and made at the next call', async () => {
  const { tally, answers } = counting();
  answers.push(new StoreUnavailable('away'), { messages: 3, bytes: 30, firstEnd: 7 });
  await expect(tally.ready()).rejects.toBeInstanceOf(StoreUnavailable);
  await tally.ready();
  expect(tally.usage).toEqual({ messages: 3, bytes: 30 });
  expect(tally.firstEnd).toBe(7);
});

test('room is taken before the commit, and given back when nothing came of it', async () => {
  const { tally } = counting();
  await tally.ready();
  for (let n = 0; n < 10; n++) expect(tally.take(50)).toBeUndefined();
  expect(tally.take(1)).toBe('messagesMax');
  tally.taken(50, undefined);
  expect(tally.take(551)).toBe('bytesMax');
  expect(tally.take(550)).toBeUndefined();
  expect(tally.usage).toEqual({ messages: 10, bytes: 1_000 });
});

test('over replicas what others made is counted anew after a few seconds, while callers go on', async () => {
  const { clock, tally, answers } = counting(REFRESH_MS);
  await tally.ready();
  expect(tally.take(100)).toBeUndefined();
  tally.taken(100, 1);
  answers.push({ messages: 9, bytes: 900, firstEnd: 2 });
  // Another is on its way: it may be counted, or not; twice is better than not at all.
  expect(tally.take(20)).toBeUndefined();
  await clock.advance(REFRESH_MS - 1);
  await tally.ready();
  await clock.advance(0);
  expect(tally.usage).toEqual({ messages: 2, bytes: 120 });
  await clock.advance(1);
  await tally.ready();
  await clock.advance(0);
  expect(tally.usage).toEqual({ messages: 10, bytes: 920 });
  expect(tally.firstEnd).toBe(2);
});

test('a count that takes long is made seldom, and one that fails is made again', async () => {
  const clock = new ManualClock();
  const askedAt: number[] = [];
  const start = clock.now();
  const count = (): Promise<Counted> => {
    askedAt.push(clock.now() - start);
    if (askedAt.length === 2) return Promise.reject(new StoreUnavailable('away'));
    const counted = { messages: 0, bytes: 0, firstEnd: Infinity };
    return new Promise((resolve) => void clock.after(1_000, () => resolve(counted)));
  };
  const tally = new Tally(CAPS, count, clock, REFRESH_MS);
  void tally.ready();
  await clock.advance(1_000);
  for (let second = 0; second < 130; second++) {
    await tally.ready();
    await clock.advance(1_000);
  }
  expect(askedAt).toEqual([0, 51_000, 56_000, 107_000]);
});
