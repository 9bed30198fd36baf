import { expect, test } from 'vitest';
import { onEachStore, onPostgres } from '../../../tests/contracts/on-each-store.ts';
import type { NewScan, ScanTally } from './port.ts';
import { NO_PROGRESS } from './scan-row.ts';
import { ACCOUNT, newScan, outcomeOf, RUNNER, scansOf, T } from './test-findings.ts';

const tally: ScanTally = {
  open: { informational: 0, low: 0, medium: 3, high: 0, critical: 1 },
  muted: 2,
  opened: 4,
  worse: 0,
  resolved: 1,
};
const done = { state: 'done', outcome: outcomeOf(), tally } as const;
const failed = { state: 'failed', detail: 'its credentials are refused' } as const;
const reading = { ...NO_PROGRESS, phase: 'reading', steps: 10, done: 4 } as const;

await onEachStore('scans', (stage) => {
  const scans = () => scansOf(stage.store);
  const claimOf = ({ id }: NewScan, runner = RUNNER) => ({ id, runner });
  const begun = async (over: Partial<NewScan> = {}) => {
    const scan = newScan(over);
    expect(await scans().request(scan)).toBe(true);
    expect(await scans().begin(claimOf(scan), scan.requestedAt)).toBe(true);
    return scan;
  };
  const ended = async (over: Partial<NewScan>, end: typeof done | typeof failed = done) => {
    const scan = await begun({ accountId: ACCOUNT, ...over });
    expect(await scans().end(claimOf(scan), scan.requestedAt + 1_000, end)).toBe(true);
    return scan;
  };
  const stateOf = async ({ id }: NewScan) => (await scans().get(id))?.state;

  test('one is kept as it was asked for, and shows how far it is', async () => {
    const scan = await begun({ regions: ['eu-west-1'], requestedBy: 'tok_1', trigger: 'request' });
    expect(await scans().beat(claimOf(scan), T + 5, reading)).toBe(true);
    expect(await scans().get(scan.id)).toEqual({
      ...scan,
      state: 'running',
      runner: RUNNER,
      heartbeatAt: T + 5,
      startedAt: T,
      endedAt: undefined,
      progress: reading,
      tally: undefined,
      detail: undefined,
      outcome: undefined,
    });
  });

  test('of an account that is asked for or runs, no second is asked for', async () => {
    const first = await begun();
    expect(await scans().request(newScan())).toBe(false);
    expect(await scans().request(newScan({ account: 'staging' }))).toBe(true);
    await scans().end(claimOf(first), T, done);
    expect(await scans().request(newScan())).toBe(true);
    expect(await scans().request(newScan())).toBe(false);
  });

  test('one that was left behind keeps nobody from asking for the next', async () => {
    const left = await begun();
    expect(await scans().request(newScan({ requestedAt: T + 60_000 }))).toBe(false);
    expect(await scans().request(newScan({ requestedAt: T + 60_001 }))).toBe(true);
    expect(await stateOf(left)).toBe('abandoned');
  });

  test('one is begun once, by whom it waits for', async () => {
    const scan = newScan({ runner: RUNNER });
    await scans().request(scan);
    expect(await scans().begin(claimOf(scan, 'process-2'), T)).toBe(false);
    expect(await scans().begin(claimOf(scan), T)).toBe(true);
    expect(await scans().begin(claimOf(scan), T)).toBe(false);
  });

  test('no second of one AWS account runs, by whichever name; until the first is left behind', async () => {
    const configured = await begun();
    const session = newScan({ account: undefined, accountId: ACCOUNT, runner: 'process-2' });
    expect(await scans().request(session)).toBe(true);
    expect(await scans().identified(claimOf(configured), ACCOUNT)).toBe(true);
    expect(await scans().begin(claimOf(session, 'process-2'), T + 1_000)).toBe(false);
    await scans().beat(claimOf(session, 'process-2'), T + 60_000, NO_PROGRESS);
    expect(await scans().begin(claimOf(session, 'process-2'), T + 60_001)).toBe(true);
    expect(await stateOf(configured)).toBe('abandoned');
    expect(await scans().beat(claimOf(configured), T + 60_002, reading)).toBe(false);
  });

  test('one that turns out to be of an account that is scanned already learns so', async () => {
    await begun({ account: undefined, accountId: ACCOUNT });
    const configured = await begun();
    expect(await scans().identified(claimOf(configured), ACCOUNT)).toBe(false);
    expect(await scans().identified(claimOf(configured), '210987654321')).toBe(true);
    expect(await scans().identified(claimOf(configured, 'process-2'), '210987654321')).toBe(false);
  });

  test('one that was cancelled goes no further, whether it was begun or not', async () => {
    const running = await begun();
    const waiting = newScan({ account: 'staging' });
    await scans().request(waiting);
    for (const scan of [running, waiting]) {
      expect(await scans().cancel(scan.id, T + 9, 'by tok_1')).toBe(true);
      expect(await scans().cancel(scan.id, T + 10, 'by tok_2')).toBe(false);
      expect(await scans().get(scan.id)).toMatchObject({
        state: 'cancelled',
        endedAt: T + 9,
        detail: 'by tok_1',
        progress: { phase: 'over' },
      });
    }
    expect(await scans().beat(claimOf(running), T, reading)).toBe(false);
    expect(await scans().end(claimOf(running), T, done)).toBe(false);
    expect(await scans().begin(claimOf(waiting), T)).toBe(false);
  });

  test('what a process left behind is abandoned, what waits for anybody is not', async () => {
    const mine = await begun();
    const others = newScan({ account: 'staging', runner: 'process-2' });
    const anybodys = newScan({ account: 'test' });
    await scans().request(others);
    await scans().request(anybodys);
    expect(await scans().abandon({ runner: RUNNER }, T)).toBe(1);
    expect(await stateOf(mine)).toBe('abandoned');
    expect(await scans().abandon({ beatBefore: T }, T)).toBe(0);
    expect(await scans().abandon({ beatBefore: T + 1 }, T)).toBe(1);
    expect([await stateOf(others), await stateOf(anybodys)]).toEqual(['abandoned', 'requested']);
  });

  test('one that is done has its outcome, and is a point of a chart', async () => {
    const scan = await ended({});
    expect(await scans().get(scan.id)).toMatchObject({
      state: 'done',
      endedAt: T + 1_000,
      tally,
      outcome: done.outcome,
    });
    const period = { since: T, until: T + 1_001 };
    expect(await scans().history(period, 10)).toEqual([
      {
        scanId: scan.id,
        at: T + 1_000,
        accountId: ACCOUNT,
        figures: done.outcome.figures,
        tally,
        results: { PASS: 3, FAIL: 1, UNKNOWN: 0, NOT_APPLICABLE: 0 },
      },
    ]);
    expect(await scans().history({ since: T, until: T + 1_000 }, 10)).toEqual([]);
    expect(await scans().history({ ...period, accountId: '210987654321' }, 10)).toEqual([]);
  });

  test('a chart that holds too many points has the newest, in the order of time', async () => {
    for (const n of [0, 1, 2]) await ended({ requestedAt: T + n });
    const points = await scans().history({ since: 0, until: T * 2 }, 2);
    expect(points.map(({ at }) => at)).toEqual([T + 1_001, T + 1_002]);
  });

  test('lists are newest first, in pages, by what they are asked for', async () => {
    const first = await ended({});
    const second = await ended({}, failed);
    const third = await begun({ account: 'staging', trigger: 'request' });
    const idsOf = async (...asked: Parameters<ReturnType<typeof scans>['list']>) =>
      (await scans().list(...asked)).map(({ id }) => id);
    expect(await idsOf({}, 10)).toEqual([third.id, second.id, first.id]);
    expect(await idsOf({}, 1, third.id)).toEqual([second.id]);
    expect(await idsOf({ account: 'production' }, 10)).toEqual([second.id, first.id]);
    expect(await idsOf({ accountId: ACCOUNT, state: 'done' }, 10)).toEqual([first.id]);
    expect(await idsOf({ trigger: 'request' }, 10)).toEqual([third.id]);
  });

  test('what was before a scan is what ended by itself, of the same account', async () => {
    const good = await ended({});
    const bad = await ended({}, failed);
    await ended({ account: 'staging', accountId: '210987654321' });
    const cancelled = await begun();
    await scans().cancel(cancelled.id, T, '');
    const now = await begun();
    const { ended: last, done: lastDone } = await scans().before('production', now.id);
    expect([last?.id, lastDone?.id, lastDone?.outcome]).toEqual([bad.id, good.id, done.outcome]);
    expect(await scans().before('production', good.id)).toEqual({ ended: undefined, done: undefined });
  });

  test('the last done scan of each account outlives all others', async () => {
    await ended({});
    const last = await ended({});
    const other = await ended({ account: 'staging', accountId: '210987654321' });
    await ended({}, failed);
    const idsOf = async (accountId?: string) => (await scans().latestDone(accountId)).map(({ id }) => id);
    expect(await idsOf()).toEqual([last.id, other.id]);
    expect(await idsOf('210987654321')).toEqual([other.id]);
    expect(await scans().sweepScans(T + 1_000, 10)).toBe(0);
    expect(await scans().sweepScans(T + 1_001, 1)).toBe(1);
    expect(await scans().sweepScans(T + 1_001, 10)).toBe(1);
    expect((await scans().list({}, 10)).map(({ id }) => id)).toEqual([other.id, last.id]);
  });
});

await onPostgres('scans of several processes', (stage) => {
  test('of many that begin scans of one account at the same moment one does', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => stage.openAnother()));
    const sessions = stores.map((_, n) =>
      newScan({ account: undefined, accountId: undefined, runner: `process-${n}` }),
    );
    for (const scan of sessions) await scansOf(stage.store).request(scan);
    const claimOf = ({ id, runner = '' }: NewScan) => ({ id, runner });
    for (const scan of sessions) expect(await scansOf(stage.store).begin(claimOf(scan), T)).toBe(true);
    const passed = await Promise.all(
      sessions.map((scan, n) => scansOf(stores[n] ?? stage.store).identified(claimOf(scan), ACCOUNT)),
    );
    expect(passed.filter(Boolean)).toHaveLength(1);
  });
});
