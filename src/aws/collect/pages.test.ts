import { expect, test } from 'vitest';
import { read, unread } from '../inventory/reading.ts';
import { allPages, type Page } from './pages.ts';

const attempted = { action: 'ec2:DescribeVpcs', region: 'us-west-2' } as const;
const pagesOf = (...pages: readonly Page<number>[]) => {
  const tokens: (string | undefined)[] = [];
  return {
    tokens,
    ask: (token: string | undefined) => {
      tokens.push(token);
      return Promise.resolve(read(pages[tokens.length - 1] ?? { items: [] }));
    },
  };
};

test('goes on past an empty page', async () => {
  const { ask, tokens } = pagesOf(
    { items: [1], next: 'a' },
    { items: [], next: 'b' },
    { items: [2], next: '' },
  );
  expect(await allPages(attempted, ask)).toEqual({ items: [1, 2], failures: [] });
  expect(tokens).toEqual([undefined, 'a', 'b']);
});

test.each([
  ['with more pages', { items: [1, 2, 3], next: 'a' }],
  ['in one page', { items: [1, 2, 3, 4] }],
])('holds so much and no more, and says so: %s', async (_, first) => {
  const { ask } = pagesOf(first, { items: [4] });
  expect(await allPages(attempted, ask, 3)).toEqual({
    items: [1, 2, 3],
    failures: [{ kind: 'failed', ...attempted, code: 'TooMany' }],
  });
});

test('as much as it may hold is whole', async () => {
  const { ask } = pagesOf({ items: [1, 2], next: 'a' }, { items: [3] });
  expect(await allPages(attempted, ask, 3)).toEqual({ items: [1, 2, 3], failures: [] });
});

test('goes in no circle, however wide', async () => {
  let asked = 0;
  const round = () => Promise.resolve(read({ items: [], next: ['a', 'b', 'c'][asked++ % 3] }));
  const { failures } = await allPages(attempted, round);
  expect(failures).toMatchObject([{ code: 'TokenRepeated' }]);
  expect(asked).toBe(4);
});

test('a list without end ends', async () => {
  let asked = 0;
  const on = () => Promise.resolve(read({ items: [], next: `page ${(asked += 1)}` }));
  expect((await allPages(attempted, on)).failures).toMatchObject([{ code: 'TooManyPages' }]);
});

test('keeps what was left out of the pages before it broke off', async () => {
  const gap = { kind: 'failed', ...attempted, code: 'INTERNAL' } as const;
  const denied = { kind: 'denied', ...attempted, code: 'AccessDenied' } as const;
  const ask = (token: string | undefined) =>
    Promise.resolve(token === undefined ? read({ items: [1], next: 'a', failures: [gap] }) : unread(denied));
  expect(await allPages(attempted, ask)).toEqual({ items: [1], failures: [gap, denied] });
});
