import { describe, expect, it } from 'vitest';
import { Parallel } from './parallel.ts';

/** One refresh of a feed that answers so slowly with so many at once; returns the time-outs. */
async function refresh(parallel: Parallel, lists: number, msOf: (count: number) => number): Promise<number> {
  let timeouts = 0;
  for (let left = lists; left > 0;) {
    const count = Math.min(left, parallel.limit);
    const ms = msOf(count);
    for (let one = 0; one < count; one += 1) await parallel.enter();
    for (let one = 0; one < count; one += 1) parallel.leave(Math.min(ms, 6_000), ms > 6_000);
    if (ms > 6_000) timeouts += count;
    else left -= count;
  }
  parallel.settle();
  return timeouts;
}

describe('how many lists are asked for at once', () => {
  it('stays at most while the feed keeps up', async () => {
    const parallel = new Parallel(7, 6_000);
    for (let round = 0; round < 5; round += 1)
      expect(await refresh(parallel, 7, (count) => 1_275 + 475 * count)).toBe(0);
    expect(parallel.limit).toBe(7);
  });

  it('comes to what a feed can bear that does one after the other, and stays there', async () => {
    const parallel = new Parallel(7, 6_000);
    const serial = (count: number) => 1_750 * count;
    await refresh(parallel, 7, serial);
    for (let round = 0; round < 10; round += 1) expect(await refresh(parallel, 7, serial)).toBe(0);
    expect(parallel.limit).toBe(3);
  });

  it('grows again by one with each refresh', async () => {
    const parallel = new Parallel(4, 6_000);
    await refresh(parallel, 7, (count) => (count > 2 ? 9_999 : 1_000));
    const limits = [];
    for (let round = 0; round < 5; round += 1) {
      await refresh(parallel, 7, () => 100);
      limits.push(parallel.limit);
    }
    expect(limits).toEqual([3, 4, 4, 4, 4]);
  });

  it('is at least one', async () => {
    const parallel = new Parallel(2, 6_000);
    for (let round = 0; round < 5; round += 1) {
      await parallel.enter();
      parallel.leave(6_000, true);
      parallel.settle();
    }
    expect(parallel.limit).toBe(1);
  });

  it('lets in who waits as others leave, in their order', async () => {
    const parallel = new Parallel(1, 6_000);
    const order: number[] = [];
    await parallel.enter();
    const waiting = [1, 2, 3].map(async (one) => {
      await parallel.enter();
      order.push(one);
      parallel.leave(1, false);
    });
    expect(order).toEqual([]);
    parallel.leave(1, false);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });
});
