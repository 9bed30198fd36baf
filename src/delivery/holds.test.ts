import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ManualClock } from '../../tests/support/manual-clock.ts';
import { openTestStore } from '../../tests/support/test-store.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import { type Logger, silentLogger } from '../kernel/log.ts';
import type { Store } from '../storage/store.ts';
import {
  clockOver,
  failing,
  HOUR,
  MINUTE,
  SECOND,
  TestProcess,
  type TestTarget,
  testTarget,
} from './test-delivery.ts';

const operator = { id: 'tok_1', name: 'ops', scope: 'operate' } as const;

let store: Store;
let clock: ManualClock;
const processes: TestProcess[] = [];

beforeEach(async () => {
  store = await openTestStore();
  clock = clockOver(store);
});
afterEach(async () => {
  for (const one of processes.splice(0)) await one.stop(() => clock.advance(5 * SECOND));
  await store.close();
});

async function start(targets: readonly TestTarget[], name = 'one'): Promise<TestProcess> {
  const limits = { ephemeral: openMemory(clock), clock, log: silentLogger, processes: () => 1 };
  const made = new TestProcess(store, clock, { name, limits });
  processes.push(made);
  await made.start(targets);
  return made;
}

describe('the breaker of a target', () => {
  test('once open sends nothing, burns no attempts, and leaves what waits in the table for others', async () => {
    const target = testTarget('t', { concurrency: 1 });
    target.answer = failing;
    const one = await start([target]);
    for (let n = 0; n < 20; n++) await one.take('t');
    await clock.advance(2 * SECOND);
    expect(target.jobs).toHaveLength(5);
    for (let n = 0; n < 10; n++) await one.take('t');
    await clock.advance(20 * SECOND);
    expect(target.jobs).toHaveLength(5);
    const waiting = await one.deliveries.list({ status: 'pending' }, 100);
    expect(waiting.filter(({ attempts }) => attempts === 0)).toHaveLength(25);
    const leased = await one.deliveries.claim('t', 100, clock.now(), {
      owner: 'another',
      until: clock.now() + 1,
    });
    expect(leased.filter(({ attempts }) => attempts === 0)).toHaveLength(25);
    expect(one.engine.holdOf('t')).toMatchObject({ reason: 'breaker_open' });
  });

  test('half open tries one; while that fails no more than one goes out at each pause', async () => {
    const target = testTarget('t', { breakerPause: '5s' });
    target.answer = failing;
    const one = await start([target]);
    for (let n = 0; n < 40; n++) await one.take('t');
    await clock.advance(SECOND);
    const before = target.jobs.length;
    await clock.advance(5 * SECOND);
    expect(target.jobs).toHaveLength(before + 1);
    await clock.advance(11 * SECOND);
    expect(target.jobs).toHaveLength(before + 2);
    await clock.advance(100 * SECOND);
    // After 20 s, and then every 40 s.
    expect(target.jobs).toHaveLength(before + 5);
  });

  test('closes with the first success, and everything that waited arrives', async () => {
    const target = testTarget('t');
    target.answer = failing;
    const one = await start([target]);
    for (let n = 0; n < 300; n++) await one.take('t');
    await clock.advance(10 * SECOND);
    target.answer = () => ({ kind: 'delivered' });
    await clock.advance(2 * MINUTE);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(300);
    expect(one.engine.holdOf('t')).toBeUndefined();
  });

  test('lets deliveries outlast an outage that is far longer than their attempts', async () => {
    const target = testTarget('t', { retryAttempts: 3, retryFirstDelay: '1s', breakerPause: '5s' });
    target.answer = failing;
    const one = await start([target]);
    for (let n = 0; n < 200; n++) await one.take('t');
    await clock.advance(5 * MINUTE);
    const dead = await one.deliveries.count({ status: 'dead' });
    target.answer = () => ({ kind: 'delivered' });
    await clock.advance(MINUTE);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(200 - dead);
    // Three attempts to a dead letter: of those in flight when it opened, and one every 40 s.
    expect(dead).toBeLessThan(20);
  });

  test('is not opened by refusals of single deliveries, and spares no other target', async () => {
    const [picky, broken] = [testTarget('picky'), testTarget('broken', { concurrency: 1 })];
    picky.answer = ({ attempt }) =>
      attempt === 1 ? { kind: 'rejected', reason: 'refused_by_receiver', status: 400 } : failing();
    broken.answer = failing;
    const one = await start([picky, broken]);
    for (let n = 0; n < 30; n++) await one.take('picky', 'broken');
    await clock.advance(SECOND);
    expect(picky.jobs).toHaveLength(30);
    expect(broken.jobs).toHaveLength(5);
  });

  test('off, attempts go on', async () => {
    const target = testTarget('t', { breakerFailures: 0 });
    target.answer = failing;
    const one = await start([target]);
    for (let n = 0; n < 50; n++) await one.take('t');
    await clock.advance(SECOND);
    expect(target.jobs).toHaveLength(50);
  });
});

describe('a Retry-After', () => {
  const busy = (retryAfterMs: number) => () =>
    ({ kind: 'retry', reason: 'rate_limited', status: 429, retryAfterMs }) as const;

  test('holds the whole target until then, deliveries that never asked included', async () => {
    const target = testTarget('t', { concurrency: 1 });
    target.answer = busy(90 * SECOND);
    const one = await start([target]);
    for (let n = 0; n < 10; n++) await one.take('t');
    const asked = clock.now();
    await clock.advance(SECOND);
    expect(target.jobs).toHaveLength(1);
    expect(one.engine.holdOf('t')).toEqual({ reason: 'receiver_asked', until: asked + 90 * SECOND });
    target.answer = () => ({ kind: 'delivered' });
    await one.take('t');
    await clock.advance(88 * SECOND);
    expect(target.jobs).toHaveLength(1);
    await clock.advance(30 * SECOND);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(11);
  });

  test('is heeded by the other replicas and after a restart', async () => {
    const [first, second, third] = [testTarget('t'), testTarget('t'), testTarget('t')];
    first.answer = busy(MINUTE);
    const one = await start([first]);
    const two = await start([second], 'two');
    await one.take('t');
    await clock.advance(3 * SECOND);
    first.answer = () => ({ kind: 'delivered' });
    await two.take('t');
    await clock.advance(20 * SECOND);
    const restarted = await start([third], 'restarted');
    await restarted.take('t');
    await clock.advance(30 * SECOND);
    expect(second.jobs.length + third.jobs.length).toBe(0);
    await clock.advance(30 * SECOND);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(3);
  });

  test('of a few in flight the longest counts', async () => {
    const target = testTarget('t', { concurrency: 3 });
    const ends: ((retryAfterMs: number) => void)[] = [];
    target.answer = () => new Promise((resolve) => ends.push((ms) => resolve(busy(ms)())));
    const one = await start([target]);
    for (let n = 0; n < 6; n++) await one.take('t');
    await clock.advance(0);
    const asked = clock.now();
    for (const [n, seconds] of [10, 60, 30].entries()) ends[n]?.(seconds * SECOND);
    await clock.advance(50 * SECOND);
    expect(target.jobs).toHaveLength(3);
    expect(one.engine.holdOf('t')).toEqual({ reason: 'receiver_asked', until: asked + MINUTE });
  });

  test('beyond a week holds nothing: each delivery is a dead letter that can be seen', async () => {
    const target = testTarget('t', { breakerFailures: 0 });
    target.answer = busy(8 * 24 * HOUR);
    const one = await start([target]);
    for (let n = 0; n < 3; n++) await one.take('t');
    await clock.advance(SECOND);
    expect(await one.deliveries.count({ status: 'dead' })).toBe(3);
    expect(one.engine.holdOf('t')).toBeUndefined();
  });

  test('is ended early by an operator only, on every replica', async () => {
    const [first, second] = [testTarget('t'), testTarget('t')];
    first.answer = busy(HOUR);
    const one = await start([first]);
    const two = await start([second], 'two');
    await one.take('t');
    await clock.advance(3 * SECOND);
    await one.control.change('t', { action: 'resume' }, operator);
    await clock.advance(3 * SECOND);
    expect(two.engine.holdOf('t')).toBeUndefined();
    first.answer = () => ({ kind: 'delivered' });
    const event = await one.take('t');
    await clock.advance(SECOND);
    expect([...first.jobs, ...second.jobs].map((job) => job.event.id)).toContain(event.id);
  });
});

describe('a pause', () => {
  test('holds what comes in and what waits for a retry, and lets all of it go at its end', async () => {
    const target = testTarget('t');
    target.answer = ({ attempt }) => (attempt === 1 ? failing() : { kind: 'delivered' });
    const one = await start([target]);
    await one.take('t');
    await clock.advance(SECOND);
    const wish = { action: 'pause', reason: 'moving', endsAt: clock.now() + 2 * MINUTE } as const;
    await one.control.change('t', wish, operator);
    target.answer = () => ({ kind: 'delivered' });
    for (let n = 0; n < 5; n++) await one.take('t');
    await clock.advance(119 * SECOND);
    expect(target.jobs).toHaveLength(1);
    expect(await one.deliveries.count({ status: 'pending' })).toBe(6);
    expect(one.engine.holdOf('t')).toEqual({ reason: 'target_paused', until: wish.endsAt });
    await clock.advance(5 * SECOND);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(6);
  });

  test('without an end lasts until it is resumed, over restarts; other replicas follow within seconds', async () => {
    const [first, second] = [testTarget('t'), testTarget('t')];
    const one = await start([first]);
    const two = await start([second], 'two');
    await one.control.change('t', { action: 'pause', reason: undefined, endsAt: undefined }, operator);
    await clock.advance(3 * SECOND);
    await two.take('t');
    await clock.advance(MINUTE);
    expect(second.jobs).toHaveLength(0);
    const third = testTarget('t');
    await start([third], 'restarted');
    await clock.advance(2 * MINUTE);
    expect(third.jobs).toHaveLength(0);
    await two.control.change('t', { action: 'resume' }, operator);
    await clock.advance(5 * SECOND);
    expect(first.jobs.length + second.jobs.length + third.jobs.length).toBe(1);
  });
});

describe('a disabled target', () => {
  test('holds what is on its way, skips what comes in, and sends the former once enabled', async () => {
    const target = testTarget('t', { concurrency: 1 });
    target.answer = failing;
    const one = await start([target]);
    const before = await one.take('t');
    await clock.advance(SECOND);
    await one.control.change('t', { action: 'disable', reason: 'moved' }, operator);
    target.answer = () => ({ kind: 'delivered' });
    const skipped = await one.take('t');
    await clock.advance(2 * MINUTE);
    expect(target.jobs).toHaveLength(1);
    expect(await one.deliveries.list({ event: skipped.id }, 5)).toMatchObject([
      { status: 'skipped', reason: 'target_disabled', attempts: 0, settledAt: expect.any(Number) },
    ]);
    expect(await one.deliveries.list({ event: before.id }, 5)).toMatchObject([{ status: 'pending' }]);
    await one.control.change('t', { action: 'enable' }, operator);
    await clock.advance(SECOND);
    expect(await one.deliveries.list({ event: before.id }, 5)).toMatchObject([{ status: 'delivered' }]);
    expect(await one.deliveries.list({ event: skipped.id }, 5)).toMatchObject([{ status: 'skipped' }]);
  });

  test('stays so over a reload that changes its settings, and a restart', async () => {
    const one = await start([testTarget('t')]);
    await one.control.change('t', { action: 'disable', reason: undefined }, operator);
    const changed = testTarget('t', { concurrency: 2 });
    one.use([changed]);
    await one.take('t');
    one.use([]);
    one.use([changed]);
    await one.take('t');
    const restarted = testTarget('t');
    const two = await start([restarted], 'two');
    await two.take('t');
    await clock.advance(MINUTE);
    expect(await one.deliveries.count({ status: 'skipped' })).toBe(3);
    expect(changed.jobs.length + restarted.jobs.length).toBe(0);
  });
});

describe('a rate limit', () => {
  test('spreads what is waiting over its windows, and holds up no other target', async () => {
    const [slow, quick] = [testTarget('slow', { rateLimit: '10/m' }), testTarget('quick')];
    const one = await start([slow, quick]);
    for (let n = 0; n < 35; n++) await one.take('slow', 'quick');
    await clock.advance(SECOND);
    expect(quick.jobs).toHaveLength(35);
    expect(slow.jobs.length).toBeLessThanOrEqual(10);
    expect(one.engine.holdOf('slow')).toMatchObject({ reason: 'rate_limited' });
    await clock.advance(5 * MINUTE);
    expect(slow.jobs).toHaveLength(35);
    const perMinute = new Map<number, number>();
    const ids = (await one.deliveries.list({ target: 'slow' }, 100)).map(({ id }) => id);
    for (const { startedAt } of await one.deliveries.attempts(ids)) {
      const minute = Math.floor(startedAt / MINUTE);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    expect(Math.max(...perMinute.values())).toBe(10);
  });
});

describe('what must not wait for ever', () => {
  test('a receiver that ignores the abort of its attempt keeps its place only until then', async () => {
    const target = testTarget('t', { concurrency: 1 });
    target.answer = () => new Promise(() => {});
    const one = await start([target]);
    await one.take('t');
    await one.take('t');
    await clock.advance(SECOND);
    target.answer = () => ({ kind: 'delivered' });
    await clock.advance(15 * SECOND);
    const rows = await one.deliveries.list({}, 10);
    expect(rows.map(({ status, reason }) => [status, reason])).toEqual([
      ['delivered', undefined],
      ['pending', 'timeout'],
    ]);
    await clock.advance(15 * SECOND);
    expect(await one.deliveries.count({ status: 'delivered' })).toBe(2);
  });

  test('a delivery that is tried again gets its turn while new ones take every place', async () => {
    // The limit keeps its queue short: a place is free from the end of an attempt until the next delivery comes.
    const target = testTarget('t', { rateLimit: '2/s', concurrency: 1 });
    target.answer = failing;
    const one = await start([target]);
    await clock.advance(130);
    await one.take('t');
    await clock.advance(0);
    const [first] = target.jobs;
    target.answer = () =>
      new Promise((resolve) => void clock.after(SECOND, () => resolve({ kind: 'delivered' })));
    for (let n = 0; n < 75; n++) {
      await one.take('t');
      await clock.advance(400);
    }
    const again = target.jobs.filter(({ deliveryId }) => deliveryId === first?.deliveryId);
    expect(again.length).toBeGreaterThan(1);
  });
});

test('a Retry-After that a second answer made longer holds over a restart, to the last moment', async () => {
  const target = testTarget('t', { concurrency: 2 });
  const waits: (() => void)[] = [];
  target.answer = () =>
    new Promise((resolve) => {
      waits.push(() => resolve({ kind: 'retry', reason: 'rate_limited', retryAfterMs: MINUTE }));
    });
  const one = await start([target]);
  await one.take('t');
  await one.take('t');
  await clock.advance(SECOND);
  waits[0]?.();
  await clock.advance(1.5 * SECOND);
  waits[1]?.();
  await clock.advance(SECOND);
  await processes.pop()?.stop(() => clock.advance(5 * SECOND));
  const again = testTarget('t');
  const two = await start([again], 'two');
  await two.take('t');
  await clock.advance(53.4 * SECOND);
  expect(again.jobs).toEqual([]);
  await clock.advance(5 * SECOND);
  expect(again.jobs.length).toBeGreaterThan(0);
});

test('deliveries of a target that is not configured any more wait, and the log says so once', async () => {
  const missing: unknown[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (fields, message) => {
      if (message.includes('not configured')) missing.push(fields['tocsin.target.id']);
    },
  };
  const target = testTarget('t');
  target.answer = failing;
  const one = new TestProcess(store, clock, { log });
  processes.push(one);
  await one.start([target]);
  await one.take('t');
  await clock.advance(SECOND);
  one.engine.use(new Map());
  await clock.advance(5 * MINUTE);
  expect(missing).toEqual(['t']);
  expect(await one.deliveries.list({}, 5)).toMatchObject([{ status: 'pending', attempts: 1 }]);
});
