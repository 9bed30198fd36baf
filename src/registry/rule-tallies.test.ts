import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { clockOver, HOUR, MINUTE, SECOND } from '../delivery/test-delivery.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import { StoreUnavailable } from '../storage/store.ts';
import { forgetRuleCounts, RuleTallies } from './rule-tallies.ts';

const took = (...rules: readonly string[]) => rules.map((rule) => ({ rule, targets: [] }));

function start(stage: Stage, journal: Pick<Journal, 'submit'> = new Journal(stage.store, silentLogger)) {
  const clock = clockOver(stage.store);
  const open = () => new RuleTallies({ store: stage.store, journal, clock, log: silentLogger });
  return { clock, one: open(), two: open() };
}

await onEachStore('the counts of rules', (stage) => {
  test('are of all processes, of the last hour and of the last day', async () => {
    const { clock, one, two } = start(stage);
    one.start();
    two.start();
    one.note(took('a', 'b'));
    one.note(took('a'));
    two.note(took('a'));
    await clock.advance(11 * SECOND);
    one.note(took('a'));
    expect(await one.counts()).toEqual(
      new Map([
        ['a', { lastHour: 4, lastDay: 4 }],
        ['b', { lastHour: 1, lastDay: 1 }],
      ]),
    );
    await one.stop();
    await two.stop();
    await clock.advance(HOUR + 10 * MINUTE);
    expect((await two.counts()).get('a')).toEqual({ lastHour: 0, lastDay: 4 });
    await clock.advance(24 * HOUR);
    expect((await two.counts()).get('a')).toBeUndefined();
  });

  test('wait while the store does not take them, and are counted once', async () => {
    const journal = new Journal(stage.store, silentLogger);
    let isAway = true;
    const { clock, one } = start(stage, {
      submit: (submission) =>
        isAway ? Promise.reject(new StoreUnavailable('away')) : journal.submit(submission),
    });
    one.start();
    one.note(took('a'));
    await clock.advance(35 * SECOND);
    one.note(took('a'));
    isAway = false;
    await clock.advance(30 * SECOND);
    expect((await one.counts()).get('a')).toEqual({ lastHour: 2, lastDay: 2 });
    await one.stop();
  });

  test('are written down at the stop, and forgotten after a day', async () => {
    const { clock, one, two } = start(stage);
    one.note(took('a'));
    await one.stop();
    expect((await two.counts()).get('a')).toEqual({ lastHour: 1, lastDay: 1 });
    expect(await forgetRuleCounts(stage.store, clock.now() + 23 * HOUR)).toBe(0);
    expect(await forgetRuleCounts(stage.store, clock.now() + 25 * HOUR)).toBe(1);
    expect(await two.counts()).toEqual(new Map());
  });
});
