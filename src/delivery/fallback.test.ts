import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { until } from '../../tests/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import { StoreUnavailable } from '../storage/store.ts';
import { failing, TestProcess, type TestTarget, testTarget } from './test-delivery.ts';

const operator = { id: 'tok_1', name: 'ops', scope: 'operate' } as const;
const disable = { action: 'disable', reason: undefined } as const;

async function withProcess(
  stage: Stage,
  targets: readonly TestTarget[],
  work: (one: TestProcess) => Promise<void>,
  journal?: Journal,
): Promise<void> {
  const one = new TestProcess(stage.store, systemClock, journal === undefined ? {} : { journal });
  await one.start(targets);
  try {
    await work(one);
  } finally {
    await one.stop(async () => {});
  }
}

/** Every delivery of an event, once none is pending, oldest first. */
async function settled(one: TestProcess, event: Parameters<TestProcess['events']['get']>[0]) {
  const rows = await until('all of the event to be settled', async () => {
    const found = await one.deliveries.list({ event }, 20);
    return found.length > 0 && found.every(({ status }) => status !== 'pending') && found;
  });
  return rows.toReversed();
}

const once = { retryAttempts: 1 } as const;

await onEachStore('a fallback', (stage) => {
  test('gets what is given up, as a delivery of its own that names the other, and only that', async () => {
    const [first, second] = [testTarget('first', { ...once, fallback: 'second' }), testTarget('second')];
    first.answer = ({ event }) => (event.title === 'well' ? { kind: 'delivered' } : failing());
    await withProcess(stage, [first, second], async (one) => {
      const { id } = await one.take('first');
      const [dead, standIn] = await settled(one, id);
      expect(dead).toMatchObject({ target: 'first', status: 'dead', fallbackOf: undefined });
      expect(standIn).toMatchObject({ target: 'second', status: 'delivered', fallbackOf: dead?.id });
      expect(second.jobs).toHaveLength(1);
      expect(second.jobs[0]).toMatchObject({ attempt: 1, event: { id } });
    });
  });

  test('is written once, also when the answer of the commit is lost and the outcome is written again', async () => {
    const [first, second] = [testTarget('first', { ...once, fallback: 'second' }), testTarget('second')];
    first.answer = failing;
    let losses = 2;
    const journal = new Journal(
      {
        commitsMax: 2,
        async commit(batch) {
          const passed = await stage.store.commit(batch);
          const settles = JSON.stringify(batch).includes('deliveries.settleOnce');
          if (settles && losses-- > 0) throw new StoreUnavailable('the connection broke after the commit');
          return passed;
        },
      },
      silentLogger,
    );
    await withProcess(
      stage,
      [first, second],
      async (one) => {
        const { id } = await one.take('first');
        await until('both losses', () => losses < 0);
        const rows = await settled(one, id);
        expect(rows.map(({ target }) => target)).toEqual(['first', 'second']);
        expect(await one.deliveries.attempts(rows.map((row) => row.id))).toHaveLength(2);
        expect(second.jobs).toHaveLength(1);
      },
      journal,
    );
  });

  test('is not told again what it has, or gets, by itself', async () => {
    const [first, second] = [testTarget('first', { ...once, fallback: 'second' }), testTarget('second')];
    first.answer = failing;
    await withProcess(stage, [first, second], async (one) => {
      const { id } = await one.take('first', 'second');
      const rows = await settled(one, id);
      expect(rows.map(({ target, status }) => `${target} ${status}`)).toEqual([
        'first dead',
        'second delivered',
      ]);
    });
  });

  test('has a fallback of its own, and each names the one before', async () => {
    const chain = [
      testTarget('a', { ...once, fallback: 'b' }),
      testTarget('b', { ...once, fallback: 'c' }),
      testTarget('c', once),
    ];
    for (const target of chain) target.answer = failing;
    await withProcess(stage, chain, async (one) => {
      const { id } = await one.take('a');
      await until(
        'the chain to end',
        async () => (await one.deliveries.count({ event: id, status: 'dead' })) === 3,
      );
      const [a, b, c] = await settled(one, id);
      expect([a?.fallbackOf, b?.fallbackOf, c?.fallbackOf]).toEqual([undefined, a?.id, b?.id]);
    });
  });

  test('of a disabled target gets new events in the same commit; one that is disabled itself is passed over', async () => {
    const targets = [testTarget('a', { fallback: 'b' }), testTarget('b', { fallback: 'c' }), testTarget('c')];
    await withProcess(stage, targets, async (one) => {
      await one.control.change('a', disable, operator);
      const first = await settled(one, (await one.take('a')).id);
      expect(first).toMatchObject([
        { target: 'a', status: 'skipped', reason: 'target_disabled' },
        { target: 'b', status: 'delivered', fallbackOf: first[0]?.id },
      ]);
      await one.control.change('b', disable, operator);
      const second = await settled(one, (await one.take('a')).id);
      expect(second.map(({ target, status }) => `${target} ${status}`)).toEqual(['a skipped', 'c delivered']);
      // Both skip it, one stands in for both.
      const both = await settled(one, (await one.take('a', 'b')).id);
      expect(both.filter(({ target }) => target === 'c')).toHaveLength(1);
      await one.control.change('c', disable, operator);
      const third = await settled(one, (await one.take('a')).id);
      expect(third.map(({ target, status }) => `${target} ${status}`)).toEqual(['a skipped', 'b skipped']);
    });
  });

  test('that is disabled when something is given up has it skipped, to be seen and replayed', async () => {
    const [first, second] = [testTarget('first', { ...once, fallback: 'second' }), testTarget('second')];
    first.answer = failing;
    await withProcess(stage, [first, second], async (one) => {
      await one.control.change('second', disable, operator);
      const rows = await settled(one, (await one.take('first')).id);
      await until('the stand-in', async () => (await one.deliveries.count({ status: 'skipped' })) === 1);
      expect(rows[0]).toMatchObject({ target: 'first', status: 'dead' });
      expect(await one.deliveries.list({ status: 'skipped' }, 5)).toMatchObject([
        {
          target: 'second',
          reason: 'target_disabled',
          fallbackOf: rows[0]?.id,
          settledAt: expect.any(Number),
        },
      ]);
    });
  });

  test('of two targets that give the same event up gets it once', async () => {
    const targets = [
      testTarget('a', { ...once, fallback: 'c' }),
      testTarget('b', { ...once, fallback: 'c' }),
      testTarget('c'),
    ];
    for (const target of targets.slice(0, 2)) target.answer = failing;
    await withProcess(stage, targets, async (one) => {
      const { id } = await one.take('a', 'b');
      await until(
        'both to be given up',
        async () => (await one.deliveries.count({ event: id, status: 'dead' })) === 2,
      );
      const rows = await settled(one, id);
      const told = rows.filter(({ target }) => target === 'c').length;
      // Two transactions of the same instant do not see each other's rows: PostgreSQL has two at once.
      expect(told).toBeGreaterThanOrEqual(1);
      expect(told).toBeLessThanOrEqual(stage.dialect === 'sqlite' ? 1 : 2);
    });
  });
});
