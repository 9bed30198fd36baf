import { expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { KeptFact } from './kept-fact.ts';

const clock = new ManualClock();
const keptFact = <T>(ask: () => Promise<T>): KeptFact<T> =>
  new KeptFact({ clock, ask, keepMs: 10_000, waitMs: 2_000 });

test('is asked for once in its time, however many want it', async () => {
  let asked = 0;
  const fact = keptFact(async () => (asked += 1));
  await Promise.all([fact.refresh(), fact.refresh()]);
  await clock.advance(9_999);
  await fact.refresh();
  expect([asked, fact.value]).toEqual([1, 1]);
  await clock.advance(1);
  await fact.refresh();
  expect([asked, fact.value]).toEqual([2, 2]);
});

test('that is not answered in time is not known, holds nobody up, and is not asked for again meanwhile', async () => {
  let asked = 0;
  let answer = (_: string): void => {};
  const fact = keptFact(() => {
    asked += 1;
    return new Promise<string>((resolve) => (answer = resolve));
  });
  for (let round = 0; round < 3; round++) {
    const refreshed = fact.refresh();
    await clock.advance(20_000);
    await refreshed;
    expect([asked, fact.value]).toEqual([1, undefined]);
  }
  answer('late');
  await clock.advance(0);
  expect(fact.value).toBe('late');
});

test('whose question fails is not known', async () => {
  let isAway = false;
  const fact = keptFact(async () => {
    if (isAway) throw new Error('away');
    return 'there';
  });
  await fact.refresh();
  expect(fact.value).toBe('there');
  isAway = true;
  await clock.advance(10_000);
  await fact.refresh();
  expect(fact.value).toBeUndefined();
});
