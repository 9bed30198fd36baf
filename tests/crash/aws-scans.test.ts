import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { dispose } from '../support/service.ts';
import type { CrashPoint } from './crash-point.ts';
import { accountWith, type Wrongs } from './scan-account.ts';
import { ScanLives } from './scan-lives.ts';
import { faultsOf, noFaults, scanned, tallyScans } from './scan-tally.ts';
import { drawSeed, seeded } from './seeded.ts';

const TEST_MS = 240_000;
const READING_MS = 150;

const first: Wrongs = { publicBuckets: [0, 10], plainVolumes: [0, 20] };
/** All of those are mended, and others are wrong: several pages of both. */
const second: Wrongs = { publicBuckets: [10, 40], plainVolumes: [20, 70] };
/** Some go, some stay, some come back. */
const third: Wrongs = { publicBuckets: [0, 15], plainVolumes: [10, 40] };

describe('a scan, killed with -9, on SQLite', () => {
  let lives: ScanLives;
  afterEach(() => lives.close());
  afterAll(dispose);

  const dieAt = async (points: readonly CrashPoint[]): Promise<void> => {
    for (const point of points) await lives.startAndDie(point);
  };

  /** Kills one while it reads. */
  const dieReading = async (calls: number): Promise<void> => {
    lives.aws.faults.latencyMs = READING_MS;
    await lives.killAfterCalls(calls);
    lives.aws.faults.latencyMs = 0;
  };

  test(
    'at each point of its life, in the first scan and in later ones: all that is so is open once, each change told once, the backlog summed up once',
    async () => {
      const draw = seeded(drawSeed());
      lives = await ScanLives.open(accountWith(first));

      await dieAt([{ site: 'after-begin', hit: 1 }]);
      await dieReading(draw(1, 60));
      await dieAt([
        { site: 'before-identified', hit: 1 },
        { site: 'before-opened', hit: 1 },
        { site: 'after-opened', hit: draw(1, 2) },
        { site: 'before-fill', hit: 1 },
        { site: 'after-fill', hit: 1 },
        { site: 'before-scan-end', hit: 1 },
        { site: 'after-scan-end', hit: 1 },
      ]);
      const known = await lives.start();
      await scanned(known);
      const backlog = await tallyScans(known);
      expect(faultsOf(backlog, [first])).toEqual(noFaults);
      expect(backlog.backlogs).toEqual([backlog.open.length]);
      await known.kill();

      lives.become(accountWith(second));
      await dieReading(draw(1, 60));
      await dieAt([
        { site: 'before-opened', hit: draw(1, 3) },
        { site: 'after-opened', hit: draw(1, 2) },
        { site: 'before-resolved', hit: 1 },
        { site: 'after-resolved', hit: 1 },
        { site: 'before-scan-end', hit: 1 },
      ]);
      const changed = await lives.start();
      await scanned(changed);
      expect(faultsOf(await tallyScans(changed), [first, second])).toEqual(noFaults);
      await changed.kill();

      lives.become(accountWith(third));
      await dieAt([
        { site: 'after-resolved', hit: 2 },
        { site: 'after-scan-end', hit: 1 },
      ]);
      const last = await lives.start();
      await scanned(last);
      const found = await tallyScans(last);
      process.stdout.write(
        `sqlite: ${found.open.length} open, ${found.toldOpened.size} told, ${lives.ends} kills\n`,
      );
      expect(faultsOf(found, [first, second, third])).toEqual(noFaults);
      expect(found.backlogs).toEqual(backlog.backlogs);
      expect(await last.stop()).toBe(0);
    },
    TEST_MS,
  );
});
