import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { type Leadership, StoreUnavailable } from '../../storage/store.ts';
import { RefreshLoop, type RefreshLoopOptions } from './refresh-loop.ts';
import { askedFeed, promised, silent } from './test-feeds.ts';

const EVERY_MS = 1_000;
const feed = askedFeed({ everyMs: EVERY_MS });

let clock: ManualClock;
let told: string[];
beforeEach(() => {
  clock = new ManualClock();
  told = [];
});

const loopOf = (over: Partial<RefreshLoopOptions> = {}): RefreshLoop =>
  new RefreshLoop({
    feed,
    refresh: async () => void told.push('refresh'),
    gained: async () => void told.push('gained'),
    lost: () => void told.push('lost'),
    leadership: undefined,
    clock,
    log: silent,
    ...over,
  });

/** Whoever leads is what `leads` says, or nobody knows. */
const leadershipOf = (leads: () => boolean | undefined): Leadership => ({
  async leads() {
    const answer = leads();
    if (answer === undefined) throw new StoreUnavailable('away');
    return answer;
  },
  async resign() {},
});

describe('a feed that is asked again and again', () => {
  it('is asked at once, and then from the beginning of one time to that of the next', async () => {
    const delays: number[] = [];
    const lasting = {
      now: () => clock.now(),
      after: (ms: number, run: () => void) => (delays.push(ms), clock.after(ms, run)),
    };
    const refresh = async (): Promise<void> => {
      const end = performance.now() + 30;
      while (performance.now() < end);
    };
    const loop = loopOf({ clock: lasting, refresh });
    loop.start();
    await clock.advance(0);
    expect(delays).toHaveLength(1);
    expect(delays[0]).toBeLessThanOrEqual(EVERY_MS - 30);
    expect(delays[0]).toBeGreaterThan(EVERY_MS / 2);
    loop.stop();
  });

  it('is never asked twice at once, however often it is stopped and started meanwhile', async () => {
    const waiting = [promised<void>(), promised<void>(), promised<void>()];
    let underWay = 0;
    let most = 0;
    let begun = 0;
    const loop = loopOf({
      async refresh() {
        most = Math.max(most, ++underWay);
        await waiting[begun++]?.promise;
        underWay -= 1;
      },
    });
    loop.start();
    await clock.advance(10 * EVERY_MS);
    expect(begun).toBe(1);
    for (let time = 0; time < 3; time++) {
      loop.stop();
      loop.start();
    }
    await clock.advance(10 * EVERY_MS);
    expect(begun).toBe(1);
    waiting[0]?.resolve();
    await clock.advance(10 * EVERY_MS);
    expect([begun, most]).toEqual([2, 1]);
    waiting[1]?.resolve();
    waiting[2]?.resolve();
    await clock.advance(0);
    const before = begun;
    await clock.advance(2 * EVERY_MS + EVERY_MS / 2);
    // One chain of refreshes is left, not one for each start.
    expect(begun - before).toBeLessThanOrEqual(3);
    loop.stop();
  });

  it('is asked again after a refresh that came to nothing', async () => {
    const refresh = async (): Promise<void> => {
      told.push('refresh');
      throw new Error('nothing');
    };
    const loop = loopOf({ refresh });
    loop.start();
    await clock.advance(2 * EVERY_MS);
    expect(told.length).toBeGreaterThan(1);
    loop.stop();
    const before = told.length;
    await clock.advance(5 * EVERY_MS);
    expect(told).toHaveLength(before);
  });
});

describe('a feed of several processes', () => {
  it('is asked by the one that leads, after it has taken over what the one before it had', async () => {
    let leads = false;
    const loop = loopOf({ leadership: leadershipOf(() => leads) });
    loop.start();
    await clock.advance(3 * EVERY_MS);
    expect([told, loop.isLeading]).toEqual([[], false]);
    leads = true;
    await clock.advance(EVERY_MS);
    expect([told.slice(0, 2), loop.isLeading]).toEqual([['gained', 'refresh'], true]);
    await clock.advance(3 * EVERY_MS);
    expect(told.filter((one) => one === 'gained')).toHaveLength(1);
    leads = false;
    await clock.advance(EVERY_MS);
    expect([told.at(-1), loop.isLeading]).toEqual(['lost', false]);
  });

  it('is asked on by who led while nobody can say who leads, and by nobody else', async () => {
    let leads: boolean | undefined;
    const loop = loopOf({ leadership: leadershipOf(() => leads) });
    loop.start();
    await clock.advance(3 * EVERY_MS);
    expect(told).toEqual([]);
    leads = true;
    await clock.advance(EVERY_MS);
    leads = undefined;
    told.length = 0;
    await clock.advance(3 * EVERY_MS);
    expect([told.length >= 2, new Set(told)]).toEqual([true, new Set(['refresh'])]);
    loop.stop();
  });

  it('is not led in before what the one before had is known', async () => {
    let isAway = true;
    const gained = async (): Promise<void> => {
      if (isAway) throw new StoreUnavailable('away');
    };
    const loop = loopOf({ leadership: leadershipOf(() => true), gained });
    loop.start();
    await clock.advance(3 * EVERY_MS);
    expect([told, loop.isLeading]).toEqual([[], false]);
    isAway = false;
    await clock.advance(EVERY_MS);
    expect(told).toContain('refresh');
    loop.stop();
  });

  it('tells a refresh that took long whether another one leads by now', async () => {
    let leads: boolean | undefined = true;
    const answers: unknown[] = [];
    const loop = loopOf({
      leadership: leadershipOf(() => leads),
      async refresh(stillLeads) {
        answers.push(await stillLeads());
        leads = undefined;
        answers.push(await stillLeads().catch((error: unknown) => error));
        leads = false;
        answers.push(await stillLeads());
      },
    });
    loop.start();
    await clock.advance(0);
    expect(answers).toEqual([true, expect.any(StoreUnavailable), false]);
    expect(told).toEqual(['gained', 'lost']);
    loop.stop();
  });
});
