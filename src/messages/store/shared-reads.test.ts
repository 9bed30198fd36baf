import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../storage/store.ts';
import { SharedReads } from './shared-reads.ts';

test('asks once for what is wanted in one turn, each id once, and at most 16 at a time', async () => {
  const asked: (readonly string[])[] = [];
  const reads = new SharedReads(async (ids) => {
    asked.push(ids);
    return new Map(ids.filter((id) => id !== 'gone').map((id) => [id, `content of ${id}`]));
  });
  const ids = ['a', 'b', 'a', 'gone', ...Array.from({ length: 40 }, (_, n) => `n${n}`)];
  const contents = await Promise.all(ids.map((id) => reads.read(id)));
  expect(contents).toEqual(ids.map((id) => (id === 'gone' ? undefined : `content of ${id}`)));
  expect(asked.map(({ length }) => length)).toEqual([15, 16, 12]);
  await reads.read('later');
  expect(asked).toHaveLength(4);
});

test('a store out of reach is told to everybody who asked, and to nobody after them', async () => {
  let isOut = true;
  const reads = new SharedReads(async (ids) => {
    if (isOut) throw new StoreUnavailable('it is out');
    return new Map(ids.map((id) => [id, 'content']));
  });
  const [one, other] = await Promise.allSettled([reads.read('a'), reads.read('b')]);
  expect([one?.status, other?.status]).toEqual(['rejected', 'rejected']);
  isOut = false;
  expect(await reads.read('a')).toBe('content');
});
