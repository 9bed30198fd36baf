import { expect, test } from 'vitest';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import type { ListedEvent } from '../events/store.ts';
import type { EventId } from '../kernel/ids.ts';
import { compileRules } from './compile.ts';
import { dryRun } from './dry-run.ts';
import type { RuleSettings } from './schema.ts';

const rulesOf = (rules: readonly RuleSettings[], defaultTargets: readonly string[] = []) =>
  compileRules(rules, { defaultTargets });

function listed(severity: 'low' | 'high', index: number): ListedEvent {
  const { payload: _, ...event } = sampleEvent({ severity, title: `event ${index}` });
  return {
    ...event,
    matched: [],
    unrouted: false,
    duplicates: 0,
    lastDuplicateAt: undefined,
    acknowledged: false,
  };
}

/** Newest first, in pages. */
function events(count: number) {
  const all = Array.from({ length: count }, (_, index) => listed(index % 2 === 0 ? 'high' : 'low', index));
  return async (limit: number, after?: EventId) => {
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return all.slice(from, from + limit);
  };
}

const severe = { id: 'severe', when: { severity: '>= high' }, targets: ['pager'] };
const inForce = rulesOf([{ id: 'all', targets: ['mail'] }]);

test('tells how many of the last events each rule would have taken, and where they would have gone', async () => {
  const candidate = rulesOf([
    { ...severe, continue: true },
    { id: 'all', targets: ['mail'] },
  ]);
  const run = await dryRun({ candidate, inForce, recent: events(1_000), last: 500 });
  expect(run.looked).toBe(500);
  expect([...run.rules]).toEqual([
    ['severe', 250],
    ['all', 500],
  ]);
  expect([...run.targets]).toEqual([
    ['pager', 250],
    ['mail', 500],
  ]);
  expect([run.untaken, run.changed, run.examples.length]).toEqual([0, 250, 10]);
  expect(run.examples[0]).toMatchObject({ title: 'event 0', before: ['mail'], after: ['pager', 'mail'] });
});

test('tells what no rule would have taken', async () => {
  const run = await dryRun({ candidate: rulesOf([severe]), inForce, recent: events(10), last: 500 });
  expect(run).toMatchObject({ looked: 10, untaken: 5, changed: 10 });
  const fallback = await dryRun({
    candidate: rulesOf([severe], ['log']),
    inForce,
    recent: events(10),
    last: 500,
  });
  expect([fallback.untaken, fallback.rules.get('default')]).toEqual([0, 5]);
});

test('of the rules in force changes nothing', async () => {
  const run = await dryRun({ candidate: inForce, inForce, recent: events(30), last: 20 });
  expect(run).toMatchObject({ looked: 20, changed: 0, examples: [] });
  expect(await dryRun({ candidate: inForce, inForce, recent: events(0), last: 20 })).toMatchObject({
    looked: 0,
    since: undefined,
  });
});

test('lets the rest of the service work in between', async () => {
  const patterns = Array.from({ length: 40 }, (_, n) => ({ matches: `(a|b)*(ab|ba)+c${n}` }));
  const slow = rulesOf(patterns.map((title, n) => ({ id: `slow-${n}`, when: { title }, targets: ['mail'] })));
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const long = async (limit: number, after?: EventId) =>
    (await many(limit, after)).map((event) => ({ ...event, title: 'ab'.repeat(2_000) }));
  const many = events(400);
  await dryRun({ candidate: slow, inForce, recent: long, last: 400 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});
