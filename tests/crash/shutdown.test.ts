import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { dispose, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';
import { drawSeed } from './seeded.ts';
import { type Dialect, Stage } from './stage.ts';
import { figures, tally } from './tally.ts';
import { Traffic } from './traffic.ts';

const TEST_MS = 60_000;
const CONCURRENCY = 8;
const REQUESTS = 300;

let stage: Stage;
afterEach(() => stage.close());
afterAll(dispose);

describe('stopped on SQLite', () => {
  describeStop('sqlite');
  test(
    'by a second SIGTERM: exits at once, and the next start delivers what was left',
    secondSignal,
    TEST_MS,
  );
  test(
    'by SIGTERM while clients hold a connection and say nothing, or half a request: ends all the same',
    silentClients,
    TEST_MS,
  );
});
await describeWith('postgres', 'stopped on PostgreSQL', () => describeStop('postgres'));

function describeStop(dialect: Dialect): void {
  test(
    'by SIGTERM in the middle of traffic: exit code 0, what is in flight ends well, nothing is lost or sent twice',
    async () => {
      stage = await Stage.open(dialect, { concurrency: CONCURRENCY });
      stage.sink.answer((_, response) => void setTimeout(() => response.end('ok'), 20));
      const traffic = new Traffic(drawSeed(), () => stage.url);
      const service = await stage.start();
      traffic.allow(REQUESTS);
      await until('traffic is under way', () => traffic.begun > 60 && stage.sink.received.length > 0);
      expect(traffic.begun).toBeLessThan(REQUESTS);
      expect(await service.stop()).toBe(0);
      await stage.start();
      await traffic.end();
      await until('everything is delivered', async () => (await stage.pending()) === 0);

      const found = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
      process.stdout.write(`${figures(`${dialect}, SIGTERM`, found, 0)}; ${traffic.figures}\n`);
      expect(found).toMatchObject({
        events: traffic.acknowledged.size,
        notStored: [],
        storedTwice: [],
        notArrived: [],
        repeatedInOneLife: [],
      });
      expect(found.repeatedAfter).toEqual(new Map());
    },
    TEST_MS,
  );
}

async function secondSignal(): Promise<void> {
  stage = await Stage.open('sqlite', { concurrency: CONCURRENCY });
  stage.sink.answer(() => {});
  const traffic = new Traffic(drawSeed(), () => stage.url);
  const service = await stage.start();
  traffic.allow(20);
  await traffic.end();
  await until('deliveries are under way', () => stage.sink.received.length === CONCURRENCY);
  service.process.kill('SIGTERM');
  await until('it takes nothing more', () => isClosed(service));
  service.process.kill('SIGTERM');
  // A stop that had waited for the receiver would end with 0.
  expect(await service.exited).toBe(1);

  stage.sink.answer((_, response) => response.end('ok'));
  await stage.start();
  await until('everything is delivered', async () => (await stage.pending()) === 0);
  const found = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
  expect(found).toMatchObject({ notStored: [], notArrived: [], repeatedInOneLife: [] });
}

async function silentClients(): Promise<void> {
  stage = await Stage.open('sqlite', { concurrency: CONCURRENCY });
  const service = await stage.start();
  const begun = ['', 'POST /v1/webhook HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf'];
  const clients = begun.map((text) => {
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    client.on('error', () => {});
    client.write(text);
    return client;
  });
  await Promise.all(clients.map((client) => once(client, 'connect')));
  // One that comes after them was served: theirs are accepted.
  expect((await service.api('/livez')).status).toBe(200);
  expect(await service.stop()).toBe(0);
  for (const client of clients) client.destroy();
}

async function isClosed({ url }: Service): Promise<boolean> {
  try {
    return (await fetch(`${url}/livez`)).status === 503;
  } catch {
    return true;
  }
}
