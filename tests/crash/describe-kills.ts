import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { migrations } from '../../src/storage/migrations/index.ts';
import { dispose, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';
import type { CrashSite } from './crash-point.ts';
import { drawSeed, seeded } from './seeded.ts';
import { type Dialect, Stage } from './stage.ts';
import { figures, tally } from './tally.ts';
import { Traffic } from './traffic.ts';

const CONCURRENCY = 16;
const TEST_MS = 120_000;
const DEATH_MS = 30_000;
/** Requests of one to five notifications that each process gets to see before it is killed. */
const REQUESTS = 120;
/** The claim comes after kills that leave something to be claimed. */
const SITES: readonly CrashSite[] = [
  'before-commit',
  'after-commit',
  'before-settle',
  'after-claim',
  'after-settle',
];
const RANDOM_KILLS = 3;

/** The guarantees that hold whenever and wherever the process is killed, on one kind of store. */
export function describeKills(dialect: Dialect): void {
  let stage: Stage;
  afterEach(() => stage.close());
  afterAll(dispose);

  describe('killed with -9', () => {
    test(
      'at each point of the way and at random: loses nothing it acknowledged, repeats at most what was in flight',
      async () => {
        const seed = drawSeed();
        const draw = seeded(seed);
        stage = await Stage.open(dialect, { concurrency: CONCURRENCY });
        const traffic = new Traffic(seed, () => stage.url);
        const known = new Map<string, readonly string[]>();
        const note = async (): Promise<void> => {
          for (const [key, ids] of (await stage.stored()).events) known.set(key, known.get(key) ?? ids);
        };

        for (const site of SITES) {
          const service = await stage.start({ site, hit: site === 'after-claim' ? 1 : draw(3, 8) });
          traffic.allow(REQUESTS);
          expect(await death(service)).toBe('SIGKILL');
        }
        for (let kill = 0; kill < RANDOM_KILLS; kill++) {
          const service = await stage.start();
          await note();
          traffic.allow(REQUESTS);
          await new Promise((resolve) => setTimeout(resolve, draw(20, 400)));
          await service.kill();
        }
        const last = await stage.start();
        traffic.allow(REQUESTS);
        await traffic.end();
        await until('everything is delivered', async () => (await stage.pending()) === 0, 60_000);

        const stored = await stage.stored();
        const found = tally(traffic.acknowledged, stored, stage.arrivals);
        process.stdout.write(`${figures(dialect, found, stage.lives - 1)}; ${traffic.figures}\n`);
        expect(found).toMatchObject({
          events: traffic.acknowledged.size,
          deliveries: traffic.acknowledged.size,
          notStored: [],
          storedTwice: [],
          notArrived: [],
          repeatedInOneLife: [],
          unsteady: [],
        });
        expect(Math.max(0, ...found.repeatedAfter.values())).toBeLessThanOrEqual(CONCURRENCY);
        for (const [key, ids] of known) expect(stored.events.get(key)).toEqual(ids);
        expect(await last.stop()).toBe(0);
      },
      TEST_MS,
    );

    test(
      'during a bulk replay: asked again it goes on with the rest, and replays nothing twice',
      async () => {
        const seed = drawSeed();
        const settings = { retryAttempts: 1, breakerFailures: 0 };
        stage = await Stage.open(dialect, { concurrency: CONCURRENCY, settings });
        const traffic = new Traffic(seed, () => stage.url);
        stage.sink.answer((_, response) => response.writeHead(500).end('no'));
        const first = await stage.start({ site: 'before-replay', hit: 2 });
        traffic.allow(350);
        await traffic.end();
        await until('every delivery is given up', async () => (await stage.pending()) === 0);
        const refused = stage.sink.received.length;
        stage.sink.answer((_, response) => response.end('ok'));

        expect(await deathOf(first, replay(first))).toBe('SIGKILL');
        const second = await stage.start({ site: 'after-replay', hit: 2 });
        expect(await deathOf(second, replay(second))).toBe('SIGKILL');
        const last = await stage.start();
        expect((await replay(last)).status).toBe(202);
        await until('every replay is delivered', async () => (await stage.pending()) === 0, 60_000);

        const { events, deliveries } = await stage.stored();
        const dead = deliveries.filter(({ status }) => status === 'dead');
        const replays = deliveries.filter(({ status }) => status === 'delivered');
        const found = tally(traffic.acknowledged, { events, deliveries }, stage.arrivals.slice(refused));
        process.stdout.write(`${figures(`${dialect}, bulk replay`, found, 2)}\n`);
        expect(dead.length).toBe(traffic.acknowledged.size);
        expect(replays.length).toBe(traffic.acknowledged.size);
        expect(new Set(replays.map(({ replayOf }) => replayOf))).toEqual(new Set(dead.map(({ id }) => id)));
        expect(found).toMatchObject({ notStored: [], notArrived: [], repeatedInOneLife: [], unsteady: [] });
        expect(Math.max(0, ...found.repeatedAfter.values())).toBeLessThanOrEqual(CONCURRENCY);
      },
      TEST_MS,
    );

    test(
      'while a receiver says that it is gone: its target is disabled and told of, or neither; what it gives up has its fallback once',
      async () => {
        const seed = drawSeed();
        stage = await Stage.open(dialect, { concurrency: CONCURRENCY, hasFallback: true });
        stage.sink.answer(({ path }, response) =>
          path.endsWith('/other') ? response.end('ok') : response.writeHead(410).end('gone'),
        );
        const traffic = new Traffic(seed, () => stage.url);
        traffic.allow(40);
        for (const [site, isDone] of [
          ['before-disable', false],
          ['after-disable', true],
        ] as const) {
          expect(await death(await stage.start({ site, hit: 1 }))).toBe('SIGKILL');
          expect(await disabledAndTold(stage)).toEqual(isDone ? [1, 1, 1] : [0, 0, 0]);
        }
        const last = await stage.start();
        traffic.allow(40);
        await traffic.end();
        stage.sink.answer((_, response) => response.end('ok'));
        const enabled = await last.api('/api/v1/targets/sink/enable', { method: 'POST' });
        expect(enabled.status).toBe(200);
        await until('nothing to be on its way', async () => (await stage.pending()) === 0, 60_000);

        expect(await disabledAndTold(stage)).toEqual([0, 1, 1]);
        const { events, deliveries } = await stage.stored();
        const found = tally(traffic.acknowledged, { events, deliveries }, stage.arrivals);
        process.stdout.write(`${figures(`${dialect}, a target disabled`, found, 2)}\n`);
        expect(found).toMatchObject({ notStored: [], storedTwice: [], notArrived: [], unsteady: [] });
        const given = deliveries.filter(({ status }) => status === 'dead' || status === 'skipped');
        const fallbacks = deliveries.filter(({ fallbackOf }) => fallbackOf !== null);
        expect(given.length).toBeGreaterThan(0);
        expect(fallbacks.map(({ fallbackOf }) => fallbackOf).sort()).toEqual(
          given.map(({ id }) => id).sort(),
        );
      },
      TEST_MS,
    );

    test(
      'during a migration: the next start finds all of it or nothing',
      async () => {
        stage = await Stage.open(dialect, { concurrency: CONCURRENCY });
        for (const hit of [2, 20]) {
          expect(await stage.startAndDie({ site: 'migration', hit })).toBe('SIGKILL');
        }
        const service = await stage.start();
        const traffic = new Traffic(1, () => stage.url);
        traffic.allow(5);
        await traffic.end();
        await until('everything is delivered', async () => (await stage.pending()) === 0);
        const applied = await stage.query('SELECT number FROM schema_migrations ORDER BY number');
        expect(applied.map(({ number }) => Number(number))).toEqual(migrations.map(({ number }) => number));
        expect((await stage.stored()).events.size).toBe(traffic.acknowledged.size);
        expect(await service.stop()).toBe(0);
      },
      TEST_MS,
    );
  });
}

/** How many targets are disabled, and how often that was told of and noted in the audit log. */
async function disabledAndTold(stage: Stage): Promise<number[]> {
  const counts = [
    "SELECT count(*) AS n FROM target_states WHERE state = 'disabled'",
    "SELECT count(*) AS n FROM events WHERE type = 'tocsin.target.disabled'",
    "SELECT count(*) AS n FROM audit WHERE action = 'target.disable'",
  ];
  const found: number[] = [];
  for (const sql of counts) found.push(Number((await stage.query(sql))[0]?.['n']));
  return found;
}

/** How the process ended that was to die of `asked`. */
async function deathOf(service: Service, asked: Promise<unknown>): Promise<number | string> {
  const [ended] = await Promise.all([death(service), asked.catch(() => 'no answer, as it should be')]);
  return ended;
}

/** How the process ended; fails when it does not come to its point. */
async function death(service: Service): Promise<number | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it never came to its point:\n${service.stderr()}`)), DEATH_MS);
  });
  try {
    return await Promise.race([service.exited, late]);
  } finally {
    clearTimeout(timer);
  }
}

const replay = (service: Service): Promise<Response> =>
  service.api('/api/v1/replay', {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
