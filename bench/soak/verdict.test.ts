import { describe, expect, test } from 'vitest';
import { goalMet } from '../report/report.ts';
import { growthOf, keptGrowthOf } from './growth.ts';
import { laneName, laneOf, targets } from './lanes.ts';
import { Ledger } from './ledger.ts';
import type { Life } from './lives.ts';
import { type Found, verdict } from './verdict.ts';

const EVENTS = 200;
const life = (number: number, end: 'SIGKILL' | 'SIGTERM'): Life => ({ number, readyMs: 1, end, samples: [] });
const targetOf = (n: number): string => {
  const lane = laneName(laneOf(n));
  return lane === 'moving' ? 'other' : lane;
};

/** A run in which nothing went wrong, but for the steps of an event that `skip` leaves out. */
function found(skip: (step: string, n: number) => boolean = () => false): Found & { ledger: Ledger } {
  const ledger = new Ledger(EVENTS, targets);
  const events = new Uint8Array(EVENTS);
  const deliveries = new Uint8Array(EVENTS).fill(2);
  ledger.send(EVENTS);
  for (let n = 0; n < EVENTS; n++) {
    ledger.acknowledge(n, 1);
    if (!skip('store', n)) events[n] = 1;
    if (!skip('take', n)) ledger.take(targetOf(n), n, 1);
    if (!skip('log', n)) ledger.log(n);
    if (!skip('stream', n)) ledger.stream(n);
  }
  return {
    ledger,
    stored: { events, deliveries, dead: new Set(), pending: 0, skipped: 0, replays: 0, leftSkipped: 0 },
    lives: [life(1, 'SIGKILL'), life(2, 'SIGTERM'), life(3, 'SIGTERM')],
    senders: { answers: new Map([[200, EVENTS]]), requests: EVENTS, repeats: 0, heldBackSeconds: 0 },
    gaps: 0,
    operatorTroubles: [],
    operatorsAsked: 1,
    walMb: 1,
    tornLines: 0,
    drainSeconds: 1,
    seconds: 1,
    perSecond: EVENTS,
  };
}

const missed = (run: Found): readonly string[] =>
  verdict('soak', run)
    .rows.filter((row) => goalMet(row) === false)
    .map(({ key }) => key);

describe('the verdict', () => {
  test('is good when everything that was acknowledged is everywhere once', () => {
    expect(missed(found())).toEqual([]);
  });

  test.each([
    ['store', 'lost.store'],
    ['take', 'lost.target'],
    ['log', 'lost.log'],
    ['stream', 'unseen'],
  ])('one single event that the step "%s" left out is a miss', (step, key) => {
    expect(missed(found((one, n) => one === step && n === 77))).toEqual([key]);
  });

  test('what is taken again after a kill is told, after anything else a miss', () => {
    const run = found();
    run.ledger.take(targetOf(5), 5, 2);
    expect(missed(run)).toEqual([]);
    const late = found((step, n) => step === 'take' && n === 5);
    late.ledger.take(targetOf(5), 5, 2);
    late.ledger.take(targetOf(5), 5, 3);
    expect(missed(late)).toEqual(['repeats.other']);
    run.ledger.take(targetOf(6), 6, 1);
    expect(missed(run)).toEqual(['repeats.other']);
  });

  test('an event at a target that no rule names, and one that was given up unrefused, are misses', () => {
    const run = found((step, n) => step === 'take' && n === 5);
    run.ledger.take(targetOf(5) === 'mail' ? 'steady' : 'mail', 5, 1);
    expect(missed(run)).toEqual(['astray']);
    const dead = found();
    expect(missed({ ...dead, stored: { ...dead.stored, dead: new Set([8]) } })).toEqual(['given-up']);
  });
});

test('resident memory that grows by six megabytes a minute is seen, a sawtooth is not', () => {
  const grow = (rssOf: (second: number) => number) =>
    growthOf({
      number: 1,
      samples: Array.from({ length: 700 }, (_, n) => ({ at: n * 1e3, rssMb: rssOf(n), lagMs: 1, files: 20 })),
    });
  const leaking = grow((second) => 150 + second / 10);
  expect(leaking?.grownMb).toBeGreaterThan(leaking?.mostMb ?? Infinity);
  const toothed = grow((second) => 150 + (second % 15) * 3);
  expect(Math.abs(toothed?.grownMb ?? Infinity)).toBeLessThan(toothed?.mostMb ?? 0);
});

test('what is kept after each collection is seen to grow, also in a short life; one that varies is not', () => {
  const keep = (heapOf: (second: number) => number) =>
    keptGrowthOf({
      number: 1,
      samples: [20, 40, 60, 80].map((second) => ({
        at: second * 1e3,
        rssMb: 300,
        heapMb: heapOf(second),
        lagMs: 1,
        files: 20,
      })),
    });
  const leaking = keep((second) => 50 + second * 3);
  expect(leaking?.grownMb).toBeGreaterThan(leaking?.mostMb ?? Infinity);
  const varying = keep((second) => (second % 40 === 0 ? 60 : 48));
  expect(varying?.grownMb).toBeLessThan(varying?.mostMb ?? 0);
});
