import { expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { ShortMemory } from './short-memory.ts';

function start(entriesMax = 10) {
  const clock = new ManualClock();
  const memory = new ShortMemory<string>(clock, 2_000, entriesMax);
  let asked = 0;
  const recall = (key: string, value: string | undefined) =>
    memory.recall(key, async () => {
      asked += 1;
      return value;
    });
  return { clock, memory, recall, asked: () => asked };
}

test('what was found is asked for once in its time, and anew after it', async () => {
  const { clock, recall, asked } = start();
  expect(await recall('a', 'first')).toBe('first');
  await clock.advance(1_999);
  expect(await recall('a', 'second')).toBe('first');
  await clock.advance(1);
  expect(await recall('a', 'second')).toBe('second');
  expect(asked()).toBe(2);
});

test('what was not found is asked for every time: it may come to be at any moment', async () => {
  const { recall } = start();
  expect(await recall('a', undefined)).toBeUndefined();
  expect(await recall('a', 'made')).toBe('made');
});

test('its time counts from the question, not from an answer that came late', async () => {
  const { clock, memory } = start();
  const slow = memory.recall('a', async () => {
    await clock.advance(1_500);
    return 'old';
  });
  expect(await slow).toBe('old');
  await clock.advance(500);
  expect(await memory.recall('a', async () => 'new')).toBe('new');
});

test('it holds no more than it may; the oldest makes room', async () => {
  const { recall, asked } = start(3);
  for (const key of ['a', 'b', 'c', 'd']) await recall(key, key);
  await recall('d', 'd');
  await recall('b', 'b');
  expect(asked()).toBe(4);
  await recall('a', 'a');
  expect(asked()).toBe(5);
});
