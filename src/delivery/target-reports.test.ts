import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { newDeliveryId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import { StoreUnavailable } from '../storage/store.ts';
import type { Outcome } from '../targets/target.ts';
import { Durations } from './durations.ts';
import { Replay } from './replay.ts';
import { forgetMinutes } from './target-reports.ts';
import { failing, HOUR, MINUTE, TestProcess, testTarget } from './test-delivery.ts';

const operator = { id: 'tok_1', name: 'ops', scope: 'operate' } as const;

function start(stage: Stage, name = 'one', journal?: Journal) {
  const clock = new ManualClock();
  const one = new TestProcess(stage.store, clock, { name, ...(journal === undefined ? {} : { journal }) });
  one.use([testTarget('t'), testTarget('u')]);
  return {
    one,
    clock,
    tried(outcome: Outcome, durationMs = 10, target = 't'): void {
      const work = {
        deliveryId: newDeliveryId(),
        event: sampleEvent(),
        internal: false,
        attempts: 0,
        leaseUntil: 0,
      };
      one.tallies.note(target, { work, startedAt: clock.now() - durationMs, durationMs, outcome });
    },
    async report(target = 't') {
      const [report] = await one.reports.of([target]);
      if (report === undefined) throw new TypeError('no report');
      return report;
    },
  };
}

const success: Outcome = { kind: 'delivered' };
const refusal: Outcome = { kind: 'rejected', reason: 'refused_by_receiver' };

test('quantiles are told within a quarter, whatever they are put together from', () => {
  const [a, b] = [new Durations(), new Durations()];
  for (let ms = 1; ms <= 1_000; ms++) (ms % 2 ? a : b).add(ms);
  const all = Durations.fromText(a.toText());
  all.merge(Durations.fromText(b.toText()));
  for (const share of [0.5, 0.95, 1]) {
    expect(all.quantile(share)).toBeGreaterThanOrEqual(1_000 * share);
    expect(all.quantile(share)).toBeLessThanOrEqual(1_000 * share * 1.26);
  }
  expect(new Durations().quantile(0.5)).toBeUndefined();
  expect(Durations.fromText('not one of ours').quantile(0.5)).toBeUndefined();
  all.add(1e12);
  expect(Number.isFinite(all.quantile(1))).toBe(true);
});

await onEachStore('the report of a target', (stage) => {
  test('counts what every process did in the last hour, written down yet or not', async () => {
    const [first, second] = [start(stage), start(stage, 'two')];
    for (let n = 0; n < 8; n++) first.tried(success, 10);
    second.tried(failing(), 500);
    second.tried(refusal, 500);
    await second.one.tallies.flush();
    const report = await first.report();
    expect(report.attempts).toMatchObject({ delivered: 8, failed: 1, rejected: 1 });
    expect(report.attempts.durations.quantile(0.5)).toBeLessThan(15);
    expect(report.attempts.durations.quantile(0.95)).toBeGreaterThanOrEqual(500);
    // Neither twice, once it is written, nor lost when the minute goes on.
    await first.one.tallies.flush();
    first.tried(success, 10);
    expect((await first.report()).attempts.delivered).toBe(9);
    await first.one.tallies.flush();
    expect((await second.report()).attempts.delivered).toBe(9);
    expect((await first.report('u')).attempts).toMatchObject({ delivered: 0, failed: 0 });
  });

  test('forgets what is older than an hour, and the store what is older than asked', async () => {
    const { one, clock, tried, report } = start(stage);
    tried(success);
    await one.tallies.flush();
    await clock.advance(HOUR - MINUTE);
    tried(success);
    await one.tallies.flush();
    expect((await report()).attempts.delivered).toBe(2);
    await clock.advance(2 * MINUTE);
    expect((await report()).attempts.delivered).toBe(1);
    expect(await forgetMinutes(stage.store, clock.now() - HOUR)).toBe(1);
  });

  test('loses no count while the store is away for a while', async () => {
    let isAway = true;
    const commit = (batch: Parameters<typeof stage.store.commit>[0]) =>
      isAway ? Promise.reject(new StoreUnavailable('away')) : stage.store.commit(batch);
    const { one, clock, tried, report } = start(
      stage,
      'one',
      new Journal({ commitsMax: 1, commit }, silentLogger),
    );
    tried(failing());
    const first = clock.now();
    await expect(one.tallies.flush()).rejects.toBeInstanceOf(StoreUnavailable);
    await clock.advance(5 * MINUTE);
    tried(failing());
    await expect(one.tallies.flush()).rejects.toBeInstanceOf(StoreUnavailable);
    isAway = false;
    await one.tallies.flush();
    await one.standings.load();
    expect((await report()).attempts.failed).toBe(2);
    expect(one.standings.get('t')).toMatchObject({ failingSince: first, lastFailureAt: clock.now() });
  });

  test('counts what waits and since when, and what was skipped and not replayed yet', async () => {
    const { one, clock, report } = start(stage);
    await one.control.change('t', { action: 'pause', reason: undefined, endsAt: undefined }, operator);
    const first = clock.now();
    await one.take('t');
    await clock.advance(MINUTE);
    await one.take('t');
    await one.take('u');
    expect((await report()).pending).toEqual({ count: 2, isMore: false, oldestAt: first });
    await one.control.change('t', { action: 'disable', reason: 'moved' }, operator);
    for (let n = 0; n < 3; n++) await one.take('t');
    const held = await report();
    expect(held).toMatchObject({
      state: 'disabled',
      hold: { reason: 'target_disabled' },
      skipped: { count: 3 },
    });
    await one.control.change('t', { action: 'enable' }, operator);
    const replay = new Replay({
      journal: one.journal,
      events: one.events,
      deliveries: one.deliveries,
      engine: one.engine,
      clock,
      decide: () => [],
    });
    expect(await replay.many({ status: 'skipped', target: 't' }, 100, operator)).toEqual({
      matched: 3,
      replayed: 3,
    });
    expect((await report()).skipped.count).toBe(0);
  });

  test('tells a breaker that is open in another process as of its last minute', async () => {
    const [first, second] = [start(stage), start(stage, 'two')];
    const broken = testTarget('t', { breakerPause: '30s' });
    broken.answer = failing;
    second.one.use([broken]);
    for (let n = 0; n < 6; n++) await second.one.take('t');
    await second.clock.advance(0);
    await second.one.tallies.flush();
    expect((await second.report()).breaker.state).toBe('open');
    expect((await first.report()).breaker.state).toBe('open');
    await first.clock.advance(31_000);
    expect((await first.report()).breaker.state).toBe('half_open');
  });
});

await onEachStore('a replay', (stage) => {
  test('to a disabled target is refused, and in bulk left out, until it is enabled', async () => {
    const { one, clock } = start(stage);
    await one.control.change('t', { action: 'disable', reason: undefined }, operator);
    const event = await one.take('t');
    const [skipped] = await one.deliveries.list({ event: event.id }, 1);
    const replay = new Replay({
      journal: one.journal,
      events: one.events,
      deliveries: one.deliveries,
      engine: one.engine,
      clock,
      decide: () => ['t'],
    });
    if (skipped === undefined) throw new TypeError('nothing was skipped');
    await expect(replay.delivery(skipped.id, operator)).rejects.toMatchObject({ code: 'conflict' });
    await expect(replay.event(event.id, undefined, operator)).rejects.toMatchObject({ code: 'conflict' });
    expect(await replay.many({ status: 'skipped' }, 10, operator)).toEqual({ matched: 1, replayed: 0 });
    await one.control.change('t', { action: 'enable' }, operator);
    expect(await replay.many({ status: 'skipped' }, 10, operator)).toEqual({ matched: 1, replayed: 1 });
    expect(await replay.many({ status: 'skipped' }, 10, operator)).toEqual({ matched: 0, replayed: 0 });
  });
});
