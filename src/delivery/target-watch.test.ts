import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { onEachStore, onPostgres, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { until } from '../../tests/support/until.ts';
import type { StoredEvent } from '../events/store.ts';
import type { Outcome } from '../targets/target.ts';
import {
  DAY,
  failing,
  gone,
  HOUR,
  MINUTE,
  TestProcess,
  type TestTarget,
  testTarget,
} from './test-delivery.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { newDeliveryId } from '../kernel/ids.ts';

const operator = { id: 'tok_1', name: 'ops', scope: 'operate' } as const;
const success: Outcome = { kind: 'delivered' };

/** A process whose time the test moves and whose polls it does not wait for. */
function start(
  stage: Stage,
  targets: readonly TestTarget[],
  options: { name?: string; store?: Stage['store'] } = {},
) {
  const clock = new ManualClock();
  const one = new TestProcess(options.store ?? stage.store, clock, {
    admins: ['admin'],
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  one.use(targets);
  return {
    one,
    clock,
    /** An attempt at `t` that ends so now. */
    tried(outcome: Outcome): void {
      const work = {
        deliveryId: newDeliveryId(),
        event: sampleEvent(),
        internal: false,
        attempts: 0,
        leaseUntil: 0,
      };
      one.tallies.note('t', { work, startedAt: clock.now(), durationMs: 0, outcome });
    },
    /** What the process does every few seconds. */
    async look(): Promise<void> {
      await one.tallies.flush();
      await one.watch.judge();
    },
  };
}

/** Types of the events of our own, oldest first. */
async function told(one: TestProcess): Promise<string[]> {
  const rows = await one.deliveries.list({}, 100);
  const found = await one.events.getMany([...new Set(rows.map(({ eventId }) => eventId))]);
  const own = [...found.values()].filter(({ source }) => source === 'tocsin');
  return own.sort((a: StoredEvent, b: StoredEvent) => (a.id < b.id ? -1 : 1)).map(({ type }) => type);
}

/** Who did what to what. */
async function audited({ store }: Stage): Promise<string[]> {
  const query = CompiledQuery.raw('SELECT actor, action, subject FROM audit ORDER BY id');
  const { rows } = await store.read.executeQuery<Record<string, unknown>>(query);
  return rows.map(({ actor, action, subject }) => [actor, action, subject].join(' '));
}

const both = (settings = {}) => [testTarget('t', { disableAfter: '4d', ...settings }), testTarget('admin')];

await onEachStore('a target that fails for long', (stage) => {
  test('is announced at half the time and disabled at the end of it, each once, and to others', async () => {
    const { one, clock, tried, look } = start(stage, both());
    for (let hour = 0; hour <= 24 * 5; hour += 4) {
      tried(failing());
      await look();
      await clock.advance(4 * HOUR);
    }
    expect(await told(one)).toEqual(['tocsin.target.failing', 'tocsin.target.disabled']);
    const deliveries = await one.deliveries.list({}, 10);
    expect(new Set(deliveries.map(({ target }) => target))).toEqual(new Set(['admin']));
    expect(deliveries.every(({ internal }) => internal)).toBe(true);
    expect(one.standings.get('t')).toMatchObject({
      state: 'disabled',
      reason: 'failing',
      changedBy: 'tocsin',
    });
    expect(await audited(stage)).toEqual(['tocsin target.disable t']);
  });

  test('is told of in words with the times, under one fingerprint', async () => {
    const { one, clock, tried, look } = start(stage, both());
    tried(failing());
    await look();
    const since = clock.now();
    await clock.advance(2 * DAY);
    tried(failing());
    await look();
    const [delivery] = await one.deliveries.list({}, 1);
    const event = delivery && (await one.events.get(delivery.eventId));
    expect(event).toMatchObject({
      source: 'tocsin',
      type: 'tocsin.target.failing',
      severity: 'high',
      subject: { kind: 'target', id: 't' },
      labels: { failingSince: new Date(since).toISOString(), kind: 'http' },
      title: expect.stringContaining(new Date(since + 4 * DAY).toISOString()),
    });
    expect(event?.internalAlert).toBeDefined();
  });

  test('is not given up by the clock: only an attempt that fails counts', async () => {
    const { one, clock, tried, look } = start(stage, both());
    tried(failing());
    await look();
    await clock.advance(30 * DAY);
    await look();
    expect(await told(one)).toEqual([]);
    // A single delivery after a month: announced now, and half the time left to mend it.
    tried(failing());
    await look();
    await clock.advance(DAY);
    tried(failing());
    await look();
    expect(await told(one)).toEqual(['tocsin.target.failing']);
    await clock.advance(DAY);
    tried(failing());
    await look();
    expect(await told(one)).toEqual(['tocsin.target.failing', 'tocsin.target.disabled']);
  });

  test('that takes one delivery in between begins anew, and the end of the alarm is told', async () => {
    const { one, clock, tried, look } = start(stage, both());
    tried(failing());
    await look();
    await clock.advance(3 * DAY);
    tried(failing());
    await look();
    await clock.advance(MINUTE);
    tried(success);
    await look();
    await look();
    await clock.advance(MINUTE);
    tried(failing());
    await look();
    await clock.advance(DAY);
    tried(failing());
    await look();
    expect(await told(one)).toEqual(['tocsin.target.failing', 'tocsin.target.recovered']);
    expect(one.standings.get('t').state).toBe('enabled');
  });

  test('is left alone where that is configured, and where it only fails now and then', async () => {
    const never = start(stage, both({ disableAfter: 'never' }));
    for (let day = 0; day < 30; day += 10) {
      never.tried(failing());
      await never.look();
      await never.clock.advance(10 * DAY);
    }
    expect(await told(never.one)).toEqual([]);
  });

  test('enabled again by an operator has all its time again; its first success is told', async () => {
    const { one, clock, tried, look } = start(stage, both());
    for (const _ of [1, 2, 3]) {
      tried(failing());
      await look();
      await clock.advance(2 * DAY);
    }
    expect(one.standings.get('t').state).toBe('disabled');
    await one.control.change('t', { action: 'enable' }, operator);
    tried(failing());
    await look();
    await clock.advance(DAY);
    tried(failing());
    await look();
    expect(one.standings.get('t').state).toBe('enabled');
    tried(success);
    await look();
    expect(await told(one)).toEqual([
      'tocsin.target.failing',
      'tocsin.target.disabled',
      'tocsin.target.recovered',
    ]);
  });

  test('never has it told only to itself, nor to disabled ones alone', async () => {
    const targets = [testTarget('t'), testTarget('admin'), testTarget('log')];
    const { one, tried, look, clock } = start(stage, targets);
    await one.control.change('admin', { action: 'disable', reason: undefined }, operator);
    tried(failing());
    await look();
    await clock.advance(3 * DAY);
    tried(failing());
    await look();
    const rows = await one.deliveries.list({}, 10);
    expect(rows.map(({ target, status }) => `${target} ${status}`).sort()).toEqual([
      expect.stringContaining('admin skipped'),
      expect.stringMatching(/^log /),
    ]);
  });
});

await onEachStore('a receiver that answers 410', (stage) => {
  test('disables its target in the commit of that outcome, and others are told', async () => {
    const [target, admin] = [testTarget('t'), testTarget('admin')];
    target.answer = gone;
    const { one } = start(stage, [target, admin]);
    await one.take('t');
    await until('it to be disabled', () => one.engine.isDisabled('t'));
    await until('the admins to be told', () => admin.jobs.length > 0);
    await one.take('t');
    expect(await told(one)).toEqual(['tocsin.target.disabled']);
    expect(await one.deliveries.count({ target: 't', status: 'skipped' })).toBe(1);
    expect(one.standings.get('t')).toMatchObject({ reason: 'gone', changedBy: 'tocsin' });
    expect(admin.jobs).toHaveLength(1);
  });

  test('to several attempts at once is told once', async () => {
    const [target, admin] = [testTarget('t', { concurrency: 8 }), testTarget('admin')];
    const ends: (() => void)[] = [];
    target.answer = () => new Promise((resolve) => ends.push(() => resolve(gone())));
    const { one } = start(stage, [target, admin]);
    for (let n = 0; n < 8; n++) await one.take('t');
    await until('all to be under way', () => ends.length === 8);
    for (const end of ends) end();
    await until('all to be given up', async () => (await one.deliveries.count({ status: 'dead' })) === 8);
    await until('the admins to be told', () => admin.jobs.length > 0);
    expect(await told(one)).toEqual(['tocsin.target.disabled']);
  });
});

await onEachStore('what replicas see of a target', (stage) => {
  const reports = (targets: readonly TestTarget[], name: string) => start(stage, targets, { name });

  test.each([
    ['the success last', [0, 1]],
    ['the success first', [1, 0]],
  ])('adds up to the same whoever tells first: %s', async (_name, order) => {
    const [one, two] = [reports(both(), 'one'), reports(both(), 'two')];
    one.tried(failing());
    await one.clock.advance(MINUTE);
    one.tried(failing());
    await two.clock.advance(10_000);
    two.tried(success);
    await two.clock.advance(80_000);
    two.tried(failing());
    for (const n of order) await (n === 0 ? one : two).one.tallies.flush();
    await one.one.standings.load();
    const { failingSince, lastSuccessAt, lastFailureAt } = one.one.standings.get('t');
    const zero = one.clock.now() - MINUTE;
    expect([failingSince, lastSuccessAt, lastFailureAt].map((at) => at - zero)).toEqual([
      // What the first saw from before the other's success on no longer counts.
      90_000, 10_000, 90_000,
    ]);
  });

  test('of all that look at the same time one announces', async () => {
    const several = ['one', 'two', 'three'].map((name) => reports(both(), name));
    for (const { tried, one, clock } of several) {
      tried(failing());
      await one.tallies.flush();
      await clock.advance(3 * DAY);
      tried(failing());
      await one.tallies.flush();
    }
    await Promise.all(several.map(({ one }) => one.watch.judge()));
    const [first] = several;
    expect(first && (await told(first.one))).toEqual(['tocsin.target.failing']);
  });

  test('two operators at once both have their way, one after the other', async () => {
    const [one, two] = [reports(both(), 'one'), reports(both(), 'two')];
    await Promise.all([
      one.one.control.change('t', { action: 'disable', reason: 'a' }, operator),
      two.one.control.change('t', { action: 'enable' }, operator),
    ]);
    expect(await one.one.standings.fresh('t')).toMatchObject({ version: 2 });
    expect((await audited(stage)).sort()).toEqual(['tok_1 target.disable t', 'tok_1 target.enable t']);
  });

  test('a disabled one is not paused or resumed, and says what to do', async () => {
    const { one } = reports(both(), 'one');
    await one.control.change('t', { action: 'disable', reason: undefined }, operator);
    for (const wish of [
      { action: 'pause', reason: undefined, endsAt: undefined },
      { action: 'resume' },
    ] as const) {
      await expect(one.control.change('t', wish, operator)).rejects.toMatchObject({ code: 'conflict' });
    }
  });
});

await onPostgres('replicas on PostgreSQL', (stage) => {
  test('follow a change of state within seconds', async () => {
    const targets = both();
    const [one, two] = [
      start(stage, targets, { name: 'one' }),
      start(stage, targets, { name: 'two', store: await stage.openAnother() }),
    ];
    two.one.standings.start();
    await one.one.control.change('t', { action: 'disable', reason: 'moved' }, operator);
    await two.clock.advance(2_000);
    await until('the other to know', () => two.one.engine.isDisabled('t'));
    two.one.standings.stop();
  });
});
