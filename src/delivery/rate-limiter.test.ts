import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { onEachStore, onPostgres } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { describeWith, redisUrl } from '../../tests/support/needs.ts';
import { openTestStore } from '../../tests/support/test-store.ts';
import { until } from '../../tests/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Logger, silentLogger } from '../kernel/log.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import { openRedisValues } from '../storage/ephemeral/redis.ts';
import { connectRedis } from '../storage/redis/connection.ts';
import { openSql } from '../storage/ephemeral/sql.ts';
import { StoreUnavailable, type Store } from '../storage/store.ts';
import { type LimiterContext, RateLimiter } from './rate-limiter.ts';
import { SECOND, TestProcess, testTarget } from './test-delivery.ts';

const WINDOW_START = Date.UTC(2026, 0, 31, 12);

function start(options: { processes?: number; log?: Logger } = {}) {
  const clock = new ManualClock(undefined, WINDOW_START);
  const memory = openMemory(clock);
  let asked = 0;
  let isAway = false;
  const ephemeral: Ephemeral = {
    ...memory,
    async increment(...call) {
      asked += 1;
      if (isAway) throw new StoreUnavailable('away');
      return memory.increment(...call);
    },
  };
  const context: LimiterContext = {
    ephemeral,
    clock,
    log: options.log ?? silentLogger,
    processes: () => options.processes ?? 1,
  };
  return {
    clock,
    limiter: (limit: number, periodMs = SECOND) => new RateLimiter('t', { limit, periodMs }, context),
    asked: () => asked,
    away: (value: boolean) => void (isAway = value),
  };
}

/** Takes as many as can be had now. */
async function drain(limiter: RateLimiter, now: () => number, wanted = 100): Promise<number> {
  let taken = 0;
  while (taken < wanted) {
    if (limiter.take(now())) taken += 1;
    else if (limiter.spentUntil(now()) > 0) break;
    else await limiter.refill(wanted - taken);
  }
  return taken;
}

describe('a rate limit', () => {
  test('gives out the limit in each window, and tells when the next one begins', async () => {
    const { clock, limiter } = start();
    const one = limiter(10);
    expect(await drain(one, () => clock.now())).toBe(10);
    expect(one.spentUntil(clock.now())).toBe(WINDOW_START + SECOND);
    await clock.advance(SECOND - 1);
    expect(await drain(one, () => clock.now())).toBe(0);
    await clock.advance(1);
    expect(await drain(one, () => clock.now())).toBe(10);
  });

  test('holds over all replicas together, whoever asks first', async () => {
    const { clock, limiter } = start();
    const replicas = [limiter(100), limiter(100), limiter(100)];
    const taken = await Promise.all(replicas.map((one) => drain(one, () => clock.now())));
    expect(taken.reduce((sum, count) => sum + count)).toBe(100);
    expect(taken.filter((count) => count > 0).length).toBeGreaterThan(1);
  });

  test('asks the counter a few times a window, not for every attempt', async () => {
    const { clock, limiter, asked } = start();
    const one = limiter(1_000);
    let taken = 0;
    while (taken < 900) taken += await drain(one, () => clock.now(), 1);
    expect(asked()).toBeLessThanOrEqual(20);
  });

  test('what is left of a window is not carried over into the next', async () => {
    const { clock, limiter } = start();
    const one = limiter(100);
    await drain(one, () => clock.now(), 1);
    await clock.advance(SECOND);
    expect(await drain(one, () => clock.now(), 1_000)).toBe(100);
  });

  test('while the counter is away nothing more of that window goes out, then each process its share; told once', async () => {
    const told: string[] = [];
    const log: Logger = { ...silentLogger, warn: (_, message) => void told.push(message) };
    const { clock, limiter, away } = start({ processes: 3, log });
    const one = limiter(10);
    expect(await drain(one, () => clock.now(), 2)).toBe(2);
    away(true);
    expect(await drain(one, () => clock.now())).toBeLessThanOrEqual(8);
    for (let window = 0; window < 20; window++) {
      await clock.advance(SECOND);
      expect(await drain(one, () => clock.now())).toBe(3);
    }
    expect(told).toHaveLength(1);
    away(false);
    await clock.advance(10 * SECOND);
    await drain(one, () => clock.now());
    await clock.advance(SECOND);
    expect(await drain(one, () => clock.now())).toBe(10);
  });

  test('with fewer permits than processes, each takes its turn at windows while the counter is away', async () => {
    const { clock, limiter, away } = start({ processes: 4 });
    const one = limiter(1);
    away(true);
    await drain(one, () => clock.now());
    let taken = 0;
    for (let window = 0; window < 40; window++) {
      await clock.advance(SECOND);
      taken += await drain(one, () => clock.now());
    }
    expect(taken).toBe(10);
  });
});

const LIMIT = 8;
const DELIVERIES = 24;

/** Two engines that send to one target, and what each window of a second had of attempts. */
async function attemptsOfTwo(stores: readonly Store[], ephemerals: readonly Ephemeral[]): Promise<number[]> {
  const processes = stores.map((store, n) => {
    const ephemeral = ephemerals[n] ?? openMemory(systemClock);
    const limits = { ephemeral, clock: systemClock, log: silentLogger, processes: () => 2 };
    return new TestProcess(store, systemClock, { name: `process-${n}`, limits });
  });
  try {
    for (const one of processes) await one.start([testTarget('t', { rateLimit: `${LIMIT}/s` })]);
    for (let n = 0; n < DELIVERIES; n++) await processes[n % processes.length]?.take('t');
    const [first] = processes;
    if (first === undefined) throw new TypeError('no process');
    const { deliveries } = first;
    await until(
      'all to be delivered',
      async () => (await deliveries.count({ status: 'delivered' })) === DELIVERIES,
    );
    const ids = (await deliveries.list({}, 100)).map(({ id }) => id);
    const windows = new Map<number, number>();
    for (const { startedAt } of await deliveries.attempts(ids)) {
      const window = Math.floor(startedAt / SECOND);
      windows.set(window, (windows.get(window) ?? 0) + 1);
    }
    return [...windows.values()];
  } finally {
    for (const one of processes) await one.stop(async () => {});
  }
}

function expectWithinLimit(windows: readonly number[]): void {
  expect(windows.reduce((sum, count) => sum + count, 0)).toBe(DELIVERIES);
  expect(Math.max(...windows)).toBeLessThanOrEqual(LIMIT);
  expect(windows.length).toBeGreaterThanOrEqual(DELIVERIES / LIMIT);
}

await onEachStore('a rate limit of two engines that share a counter', (stage) => {
  test('in the store: no second has more attempts than the limit, and all arrives', async () => {
    const values = openSql(stage.store, systemClock);
    expectWithinLimit(await attemptsOfTwo([stage.store, stage.store], [values, values]));
  });

  test('in memory: the same', async () => {
    const values = openMemory(systemClock);
    expectWithinLimit(await attemptsOfTwo([stage.store, stage.store], [values, values]));
  });
});

await onPostgres('a rate limit of two replicas on PostgreSQL', (stage) => {
  test('no second has more attempts than the limit, and all arrives', async () => {
    const stores = [stage.store, await stage.openAnother()];
    expectWithinLimit(
      await attemptsOfTwo(
        stores,
        stores.map((store) => openSql(store, systemClock)),
      ),
    );
  });

  test('not even while the counter is away: then each has its share', async () => {
    const stores = [stage.store, await stage.openAnother()];
    const away: Ephemeral = {
      ...openMemory(systemClock),
      increment: () => Promise.reject(new StoreUnavailable('away')),
    };
    const windows = await attemptsOfTwo(stores, [away, away]);
    expectWithinLimit(windows);
  });
});

await describeWith('redis', 'a rate limit of two engines that share a Redis', () => {
  const open: Store[] = [];
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });

  test('no second has more attempts than the limit, and all arrives', async () => {
    const store = await openTestStore();
    open.push(store);
    const prefix = `tocsin-test-${randomUUID()}:`;
    const connections = [
      await connectRedis(redisUrl, silentLogger, prefix),
      await connectRedis(redisUrl, silentLogger, prefix),
    ];
    expectWithinLimit(await attemptsOfTwo([store, store], connections.map(openRedisValues)));
    for (const connection of connections) connection.close();
  });
});
