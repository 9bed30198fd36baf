import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { dispose, newDirectory, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';
import { drawSeed } from './seeded.ts';
import { Stage } from './stage.ts';
import { figures, tally } from './tally.ts';
import { Traffic } from './traffic.ts';

const TEST_MS = 60_000;
const CONCURRENCY = 8;
const DISK_MEBIBYTES = 12;
const ballast = 'ballast';

interface Disk {
  readonly directory: string;
  fail(service: Service): void;
  mend(service: Service): void;
}

await describeWith('mount', 'SQLite on a disk that is full', () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const directory of mounted.splice(0)) run('umount', '--lazy', directory);
  });
  describeDisk(() => {
    const directory = newDirectory();
    run('mount', '-t', 'tmpfs', '-o', `size=${DISK_MEBIBYTES}m`, 'tmpfs', directory);
    mounted.push(directory);
    return {
      directory,
      fail: () => fill(join(directory, ballast)),
      mend: () => rmSync(join(directory, ballast)),
    };
  });
});

await describeWith('prlimit', 'SQLite on a disk that refuses writes', () =>
  describeDisk(() => ({
    directory: join(newDirectory(), 'data'),
    // No byte of a file beyond the first can be written: the soft limit, so that it can be lifted again.
    fail: ({ process }) => run('prlimit', `--pid=${process.pid}`, '--fsize=1:unlimited'),
    mend: ({ process }) => run('prlimit', `--pid=${process.pid}`, '--fsize=unlimited:unlimited'),
  })),
);

function describeDisk(makeDisk: () => Disk): void {
  let stage: Stage;
  afterEach(() => stage.close());
  afterAll(dispose);

  test(
    'answers 503 with Retry-After, is not ready, loses nothing acknowledged, and recovers by itself',
    async () => {
      const disk = makeDisk();
      stage = await Stage.open('sqlite', { concurrency: CONCURRENCY, dataDirectory: disk.directory });
      const traffic = new Traffic(drawSeed(), () => stage.url);
      const service = await stage.start();
      traffic.allow(50);
      await until('deliveries are under way', () => stage.sink.received.length > 20);

      disk.fail(service);
      traffic.allow(50);
      await until('it is not ready', async () => (await service.api('/readyz')).status === 503);
      const refused = await service.webhook('[{"message_id": "refused"}]');
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await service.api('/livez')).status).toBe(200);
      const read = await service.api('/api/v1/events?limit=1');
      expect(read.status).toBe(200);

      disk.mend(service);
      await until('it is ready', async () => (await service.api('/readyz')).status === 200);
      await traffic.end();
      await until('everything is delivered', async () => (await stage.pending()) === 0);
      const found = tally(traffic.acknowledged, await stage.stored(), stage.arrivals);
      process.stdout.write(`${figures('failing disk', found, 0)}; ${traffic.figures}\n`);
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
}

function fill(path: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  for (const size of [65_536, 4_096, 1]) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) writeFileSync(path, piece, { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
}
