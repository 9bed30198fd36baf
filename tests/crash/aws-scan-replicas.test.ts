import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { dispose, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';
import type { CrashPoint } from './crash-point.ts';
import { accountWith, type Wrongs } from './scan-account.ts';
import { asleep, request, ScanLives } from './scan-lives.ts';
import { faultsOf, noFaults, scanned, type ScanTally, tallyScans } from './scan-tally.ts';

const TEST_MS = 180_000;
const TAKEN_OVER_MS = 30_000;

const first: Wrongs = { publicBuckets: [0, 10], plainVolumes: [0, 20] };
const second: Wrongs = { publicBuckets: [10, 40], plainVolumes: [20, 70] };

/** Two services over one database and one account. */
class Replicas {
  readonly lives: ScanLives;
  readonly database: TestDatabase;

  private constructor(lives: ScanLives, database: TestDatabase) {
    this.lives = lives;
    this.database = database;
  }

  static async open(): Promise<Replicas> {
    const database = await createDatabase();
    return new Replicas(await ScanLives.open(accountWith(first), database.url), database);
  }

  async close(): Promise<void> {
    await this.lives.close();
    await this.database.drop();
  }

  /** One that leads and is to end at a point of its scan, and another one; the scan is asked for at the other. */
  async pair(point: CrashPoint): Promise<{ readonly runner: Service; readonly other: Service }> {
    const runner = await this.lives.startArmed(point);
    const other = await this.lives.start();
    await request(other);
    return { runner, other };
  }

  /** As if the time had passed after which what makes a scan counts as gone, and its sessions were cut off. */
  async forgetRunner(): Promise<void> {
    await this.query("UPDATE aws_scans SET heartbeat_at = heartbeat_at - 120000 WHERE state = 'running'");
    await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 727466 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
  }

  async query(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

/** The other one makes the scan anew, of its own accord. */
const takenOver = (other: Service): Promise<ScanTally> =>
  until(
    'the other one to have scanned',
    async () => {
      const tally = await tallyScans(other);
      return tally.scans[0] === 'done' && tally.scans[1] === 'abandoned' && tally;
    },
    TAKEN_OVER_MS,
  );

await describeWith('postgres', 'two replicas that scan one account', () => {
  let replicas: Replicas;
  afterEach(() => replicas.close());
  afterAll(dispose);

  test(
    'of the one that scans, killed with -9 before the first summary, in the midst of changes, and before its end, the other takes over, and nothing is missed or told twice',
    async () => {
      replicas = await Replicas.open();
      const { lives } = replicas;
      const rounds: readonly (readonly [CrashPoint, readonly Wrongs[]])[] = [
        [{ site: 'before-fill', hit: 1 }, [first]],
        [{ site: 'after-opened', hit: 2 }, [first, second]],
        [{ site: 'before-scan-end', hit: 1 }, [first, second, first]],
      ];
      for (const [point, states] of rounds) {
        lives.become(accountWith(states.at(-1) ?? first));
        const { runner, other } = await replicas.pair(point);
        expect(await runner.exited).toBe('SIGKILL');
        await replicas.forgetRunner();
        const tally = await takenOver(other);
        expect(faultsOf(tally, states)).toEqual(noFaults);
        expect(tally.backlogs).toHaveLength(1);
        expect(await other.stop()).toBe(0);
      }
    },
    TEST_MS,
  );

  test.each([
    ['before it writes a page', { site: 'before-opened', hit: 2, isPause: true }],
    ['behind a page that it wrote', { site: 'after-opened', hit: 1, isPause: true }],
    ['before it ends its scan', { site: 'before-scan-end', hit: 1, isPause: true }],
  ] satisfies readonly (readonly [string, CrashPoint])[])(
    'of the one that scans, asleep %s until the other has taken over, nothing more is written when it wakes',
    async (_, point) => {
      replicas = await Replicas.open();
      const { lives } = replicas;
      const before = await lives.start();
      await scanned(before);
      expect(await before.stop()).toBe(0);
      lives.become(accountWith(second));
      const { runner, other } = await replicas.pair(point);
      await asleep(runner);
      await replicas.forgetRunner();
      const tally = await takenOver(other);
      expect(faultsOf(tally, [first, second])).toEqual(noFaults);
      // What it would write now would stand there: all is mended since.
      lives.become(accountWith({ publicBuckets: [0, 0], plainVolumes: [0, 0] }));
      await scanned(other);
      const mended = await tallyScans(other);
      runner.process.kill('SIGCONT');
      // Asked to end it waits for its scan.
      expect(await runner.stop()).toBe(0);
      expect(await tallyScans(other)).toEqual(mended);
      await scanned(other);
      const states = [first, second, { publicBuckets: [0, 0], plainVolumes: [0, 0] }] as const;
      expect(faultsOf(await tallyScans(other), states)).toEqual(noFaults);
    },
    TEST_MS,
  );
});
