import { beforeEach, expect, test } from 'vitest';
import { onEachStore, onPostgres } from '../../../tests/contracts/on-each-store.ts';
import { StoreUnavailable } from '../../storage/store.ts';
import type { FindingChange } from './finding.ts';
import { filledKey, muteRow } from './row.ts';
import { findingStatements } from './statements.ts';
import { TestBench } from './test-bench.ts';
import {
  ACCOUNT,
  altered,
  failure,
  idOf,
  opened,
  outcomeOf,
  ran,
  resolved,
  runningScan,
  seen,
  worse,
} from './test-findings.ts';
import type { RunningScan } from './port.ts';

await onEachStore('what scans find', (stage) => {
  let bench: TestBench;
  beforeEach(() => {
    bench = new TestBench(stage.store);
  });

  /** A scan with these changes, from its beginning to its end. */
  async function scan(changes: readonly FindingChange[], over: Parameters<typeof runningScan>[1] = {}) {
    const running = await runningScan(stage.store, over);
    const recorded = await bench.writer.write(running, [changes]);
    await done(running);
    return recorded;
  }
  const done = (running: RunningScan) =>
    bench.scans.end(running, bench.clock.now(), {
      state: 'done',
      outcome: outcomeOf(),
      tally: {
        open: { informational: 0, low: 0, medium: 0, high: 0, critical: 0 },
        muted: 0,
        opened: 0,
        worse: 0,
        resolved: 0,
      },
    });
  const mute = (name: string, until?: number) =>
    bench.journal.submit([
      {
        writes: [
          {
            statement: findingStatements.mute.name,
            row: muteRow(idOf(name), { at: bench.clock.now(), until, by: 'tok_1', why: 'known' }),
          },
        ],
      },
    ]);
  const stored = async (name: string) => (await bench.reader.getMany([idOf(name)]))[0];

  test('a failure is opened with its event, in one commit, and known as it was told', async () => {
    const running = await runningScan(stage.store);
    expect(await bench.writer.write(running, [[opened(failure('a')), ran()]])).toEqual({
      opened: 1,
      worse: 0,
      resolved: 0,
      told: 1,
    });
    const [event] = await bench.events();
    expect(event).toMatchObject({ type: 'aws.finding.opened', title: 'Check fails: s3.versioning: a' });
    const now = bench.clock.now();
    expect(await stored('a')).toEqual({
      ...failure('a'),
      service: 's3',
      state: 'open',
      digest: opened(failure('a')).digest,
      firstSeenAt: now,
      lastSeenAt: now,
      openedAt: now,
      timesOpened: 1,
      resolvedAt: undefined,
      resolution: undefined,
      resolvedReason: undefined,
      mute: undefined,
      eventId: event?.id,
      scanId: running.id,
    });
  });

  test('a failure lives on: seen, altered, worse, resolved, and open again as the same finding', async () => {
    await scan([opened(failure('a'))]);
    const at = bench.clock.now();
    const later = async (ms: number, changes: readonly FindingChange[]) => {
      await bench.clock.advance(ms);
      await scan(changes);
      return stored('a');
    };
    expect(await later(1, [seen(idOf('a'))])).toMatchObject({
      lastSeenAt: at + 1,
      reason: failure('a').reason,
    });
    const low = failure('a', { severity: 'low', reason: 'in other words' });
    expect(await later(1, [altered(low)])).toMatchObject({ severity: 'low', reason: 'in other words' });
    const high = failure('a', { severity: 'high' });
    expect(await later(1, [worse(high, 'low')])).toMatchObject({ severity: 'high', lastSeenAt: at + 3 });
    expect(await later(1, [resolved(idOf('a'))])).toMatchObject({
      state: 'resolved',
      lastSeenAt: at + 3,
      resolvedAt: at + 4,
      resolution: 'passed',
      resolvedReason: 'It is mended.',
    });
    expect(await later(1, [opened(failure('a'))])).toMatchObject({
      state: 'open',
      severity: 'medium',
      firstSeenAt: at,
      openedAt: at + 5,
      timesOpened: 2,
      resolvedAt: undefined,
      resolution: undefined,
    });
    expect(await bench.told()).toEqual([
      'aws.finding.opened',
      'aws.finding.worse',
      'aws.finding.resolved',
      'aws.finding.opened',
    ]);
  });

  test('what another found meanwhile is neither stored nor told twice', async () => {
    const changes = [opened(failure('a')), opened(failure('b', { severity: 'low' }))];
    await scan(changes);
    expect(await scan(changes)).toMatchObject({ opened: 0, told: 0 });
    const again = [worse(failure('a', { severity: 'high' }), 'medium'), resolved(idOf('b'))];
    expect(await scan(again)).toMatchObject({ worse: 1, resolved: 1, told: 2 });
    expect(await scan(again)).toMatchObject({ worse: 0, resolved: 0, told: 0 });
    expect((await bench.told()).length).toBe(4);
  });

  test('many changes are written page by page, all of them', async () => {
    const names = Array.from({ length: 95 }, (_, n) => `b${n}`);
    const progress: number[] = [];
    const running = await runningScan(stage.store);
    const pages = [names.slice(0, 50), names.slice(50)].map((page) =>
      page.map((name) => opened(failure(name))),
    );
    await bench.writer.write(running, pages, ({ opened: count }) => progress.push(count));
    expect(progress).toEqual([20, 40, 50, 70, 90, 95]);
    expect((await bench.told()).length).toBe(95);
    expect(await bench.reader.openFindings(ACCOUNT, undefined, 100)).toHaveLength(95);
  });

  test.each(['submission', 'answer'] as const)(
    'when the %s of a commit is lost in the middle, the next scan tells the rest, and nothing twice',
    async (what) => {
      const all = Array.from({ length: 50 }, (_, n) => opened(failure(`b${n}`)));
      const running = await runningScan(stage.store);
      bench.loses = { what, from: bench.submissions + 1 };
      await expect(bench.writer.write(running, [all])).rejects.toThrow(StoreUnavailable);
      bench.loses = undefined;
      await bench.scans.abandon({ runner: running.runner }, bench.clock.now());
      await scan(all);
      expect((await bench.told()).length).toBe(50);
      expect(await bench.reader.openFindings(ACCOUNT, undefined, 100)).toHaveLength(50);
    },
  );

  test('a scan that was cancelled or abandoned writes nothing more, and stops', async () => {
    const running = await runningScan(stage.store);
    const changes: FindingChange[][] = [[opened(failure('a'))], [opened(failure('b')), ran()]];
    async function* pages() {
      yield changes[0] ?? [];
      await bench.scans.cancel(running.id, bench.clock.now(), 'enough');
      yield changes[1] ?? [];
      throw new TypeError('it was asked for more');
    }
    expect(await bench.writer.write(running, pages())).toBeUndefined();
    expect(await stored('b')).toBeUndefined();
    expect(await bench.told()).toEqual(['aws.finding.opened']);
    expect(await bench.reader.filled(ACCOUNT)).toEqual(new Set());
  });

  test('each write of a scan that is not its runner’s any more passes over', async () => {
    await scan([opened(failure('a')), opened(failure('c'))]);
    const before = [await stored('a'), await stored('c')];
    const running = await runningScan(stage.store);
    await bench.clock.advance(1_000);
    const zombie = { ...running, runner: 'a process that was away' };
    for (const change of [
      opened(failure('b')),
      worse(failure('a', { severity: 'critical' }), 'medium'),
      altered(failure('a', { reason: 'other' })),
      seen(idOf('a')),
      resolved(idOf('c')),
      ran(),
    ]) {
      expect(await bench.writer.write(zombie, [[change]])).toBeUndefined();
    }
    expect([await stored('a'), await stored('c'), await stored('b')]).toEqual([...before, undefined]);
    expect((await bench.told()).length).toBe(2);
  });

  test('nobody is told of what is muted, until its time is over', async () => {
    await scan([opened(failure('a')), opened(failure('b'))]);
    await mute('a', bench.clock.now() + 1_000);
    await mute('b');
    await scan([worse(failure('a', { severity: 'high' }), 'medium'), resolved(idOf('b'))]);
    expect(await stored('a')).toMatchObject({ severity: 'high' });
    expect((await bench.told()).length).toBe(2);
    // The mute outlives the finding: what is open again for the same reason is not told either.
    await scan([opened(failure('b'))]);
    expect((await bench.told()).length).toBe(2);
    await bench.clock.advance(1_000);
    await scan([worse(failure('a', { severity: 'critical' }), 'high')]);
    expect((await bench.told()).slice(2)).toEqual(['aws.finding.worse']);
  });

  test('the same resource in two accounts is two findings', async () => {
    const accountId = '210987654321';
    await scan([opened(failure('a'))]);
    await scan([opened(failure('a', { accountId }))], { account: 'staging', accountId });
    expect(await bench.told()).toHaveLength(2);
  });

  test('what the first look finds is told as one, and from then on one by one', async () => {
    const first = [
      opened(failure('a', { severity: 'critical' })),
      opened(failure('b')),
      opened(failure('c')),
      ran(),
    ];
    expect(await scan(first, { backlog: 'summary' })).toMatchObject({ opened: 3, told: 0 });
    const [event] = await bench.events();
    expect(event).toMatchObject({
      type: 'aws.finding.backlog',
      title:
        'AWS account production is looked at for the first time by 1 check in global: 3 findings (1 critical, 2 medium); new ones are told one by one',
    });
    expect(await bench.reader.filled(ACCOUNT)).toEqual(
      new Set([filledKey(ACCOUNT, 's3.versioning', 'global')]),
    );
    await scan([opened(failure('d')), ran()], { backlog: 'summary' });
    expect((await bench.told()).slice(1)).toEqual(['aws.finding.opened']);
  });

  test('a place that is looked at later has a first look of its own', async () => {
    await scan([ran()], { backlog: 'summary' });
    expect(await bench.told()).toEqual([]);
    const there = failure('a', { place: 'eu-west-1' });
    await scan([opened(there), ran('s3.versioning', 'eu-west-1'), opened(failure('b'))], {
      backlog: 'summary',
    });
    expect((await bench.told()).toSorted()).toEqual(['aws.finding.backlog', 'aws.finding.opened']);
  });

  test.each([1, 2] as const)(
    'a first look that is cut short before its commit %i is told whole by the next scan, once',
    async (from) => {
      const first = [...Array.from({ length: 250 }, (_, n) => opened(failure(`b${n}`))), ran()];
      const running = await runningScan(stage.store, { backlog: 'summary' });
      bench.loses = { what: 'submission', from: bench.submissions + from };
      await expect(bench.writer.write(running, [first])).rejects.toThrow(StoreUnavailable);
      bench.loses = undefined;
      await bench.scans.abandon({ runner: running.runner }, bench.clock.now());
      expect(await bench.told()).toEqual([]);
      const known = new Set((await bench.reader.openFindings(ACCOUNT, undefined, 500)).map(({ id }) => id));
      const again = first.map((change) =>
        change.kind === 'opened' && known.has(change.finding.id) ? seen(change.finding.id) : change,
      );
      await scan(again, { backlog: 'summary' });
      const events = await bench.events();
      expect(events.map(({ type }) => type)).toEqual(['aws.finding.backlog']);
      expect(events[0]?.title).toContain('250 findings');
    },
  );

  test('a first look at a part waits for the second scan, and no longer', async () => {
    const part = ran('s3.versioning', 'global', false);
    await scan([opened(failure('a')), part], { backlog: 'summary' });
    expect(await bench.told()).toEqual([]);
    await scan([opened(failure('b')), seen(idOf('a')), part], { backlog: 'summary' });
    const [event, ...others] = await bench.events();
    expect([event?.title.includes('2 findings'), others]).toEqual([true, []]);
    await scan([opened(failure('c')), part], { backlog: 'summary' });
    expect((await bench.told()).slice(1)).toEqual(['aws.finding.opened']);
  });
});

await onPostgres('what several processes find', (stage) => {
  test('of two that write the same changes at once each is told by one', async () => {
    const benches = [new TestBench(await stage.openAnother()), new TestBench(await stage.openAnother())];
    const running = await runningScan(stage.store);
    const changes = Array.from({ length: 100 }, (_, n) => opened(failure(`b${n}`)));
    const written = await Promise.all(benches.map(({ writer }) => writer.write(running, [changes])));
    expect(written.reduce((sum, one) => sum + (one?.told ?? 0), 0)).toBe(100);
    expect(await benches[0]?.told()).toHaveLength(100);
  });
});
