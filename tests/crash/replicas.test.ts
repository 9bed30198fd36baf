import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, expect, test } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { dispose } from '../support/service.ts';
import { until } from '../support/until.ts';
import { drawSeed } from './seeded.ts';
import { Stage } from './stage.ts';
import { figures, tally } from './tally.ts';
import { Traffic } from './traffic.ts';

const TEST_MS = 90_000;
const CONCURRENCY = 8;

await describeWith('postgres', 'two replicas on one PostgreSQL', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  afterAll(dispose);

  test(
    'share what one took in and send nothing twice; one killed with -9, the other finishes well before the lease ends',
    async () => {
      stage = await Stage.open('postgres', { concurrency: CONCURRENCY, lease: '5m', timeout: '30s' });
      const held: ServerResponse[] = [];
      stage.sink.answer((_, response) => void held.push(response));
      const one = await stage.start();
      await stage.start();
      const traffic = new Traffic(drawSeed(), () => one.url);
      // More than one process takes into its memory.
      traffic.allow(600);
      await until('all is taken in', () => traffic.begun === 600, 30_000);
      await until('both are sending', () => held.length === 2 * CONCURRENCY);
      stage.sink.answer((_, response) => response.end('ok'));
      for (const response of held) response.end('ok');
      await until('everything is delivered', async () => (await stage.pending()) === 0, 60_000);
      const shared = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
      expect(shared).toMatchObject({ notStored: [], notArrived: [], repeatedInOneLife: [] });
      expect(shared.repeatedAfter).toEqual(new Map());
      expect(new Set(stage.arrivals.map(({ life }) => life))).toEqual(new Set([1, 2]));

      stage.sink.answer((_, response) => void setTimeout(() => response.end('ok'), 20));
      const before = stage.sink.received.length;
      traffic.allow(200);
      await until('the first is sending again', () => stage.sink.received.length > before + 2 * CONCURRENCY);
      await one.kill();
      traffic.moveTo(() => stage.url);
      await traffic.end();
      await until('the second finishes alone', async () => (await stage.pending()) === 0, 60_000);

      const found = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
      process.stdout.write(`${figures('postgres, two replicas', found, 1)}; ${traffic.figures}\n`);
      expect(found).toMatchObject({
        events: traffic.acknowledged.size,
        notStored: [],
        storedTwice: [],
        notArrived: [],
        repeatedInOneLife: [],
      });
      expect([...found.repeatedAfter.keys()].filter((life) => life !== 1)).toEqual([]);
      expect(found.repeatedAfter.get(1) ?? 0).toBeLessThanOrEqual(CONCURRENCY);
    },
    TEST_MS,
  );
});

await describeWith('postgres', 'a service whose database connections are cut', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  afterAll(dispose);

  test(
    'again and again in the middle of traffic: lives on, loses nothing, sends nothing twice',
    async () => {
      stage = await Stage.open('postgres', { concurrency: CONCURRENCY, lease: '12s', timeout: '2s' });
      const traffic = new Traffic(drawSeed(), () => stage.url);
      const service = await stage.start();
      for (let cut = 0; cut < 8; cut++) {
        const before = stage.sink.received.length;
        traffic.allow(40);
        await until('deliveries are under way', () => stage.sink.received.length > before + 10);
        await stage.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      }
      await traffic.end();
      await until('everything is delivered', async () => (await stage.pending()) === 0, 40_000);
      const found = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
      process.stdout.write(`${figures('postgres, connections cut', found, 0)}; ${traffic.figures}\n`);
      expect(found).toMatchObject({
        events: traffic.acknowledged.size,
        notStored: [],
        storedTwice: [],
        notArrived: [],
        repeatedInOneLife: [],
      });
      expect(await service.stop()).toBe(0);
    },
    TEST_MS,
  );
});
