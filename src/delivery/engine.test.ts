import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { openTestStore, storeAtRest } from '../../tests/support/test-store.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { EventStore, eventRow } from '../events/store.ts';
import { defaultRetryPolicy } from '../kernel/backoff.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import { defaultTargetSettings, type OpenTarget, openTarget } from '../targets/open-target.ts';
import type { Job, Outcome } from '../targets/target.ts';
import { DeliveryEngine } from './engine.ts';
import { settlement } from './settlement.ts';
import { DeliveryStore } from './store.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;

describe('settlement', () => {
  const target = { retry: defaultRetryPolicy };
  const middle = (): number => 0.5;

  test('a retry waits as the schedule says, longer each time', () => {
    const waits = [1, 2, 3, 4].map(
      (n) => settlement({ kind: 'retry', reason: 'timeout' }, target, n, 0, middle).nextAttemptAt,
    );
    expect(waits).toEqual([5 * SECOND, 15 * SECOND, 45 * SECOND, 135 * SECOND]);
  });

  test('the schedule lasts about a day and then the delivery is a dead letter', () => {
    let now = 0;
    let attempts = 0;
    for (;;) {
      const next = settlement({ kind: 'retry', reason: 'timeout' }, target, ++attempts, now, middle);
      if (next.status === 'dead') {
        expect(next.reason).toBe('attempts_exhausted');
        break;
      }
      now = next.nextAttemptAt;
    }
    expect(attempts).toBe(defaultRetryPolicy.attemptsMax);
    expect(now / HOUR).toBeGreaterThan(18);
    expect(now / HOUR).toBeLessThan(30);
  });

  test.each([0, 0.5, 1])('Retry-After is never undercut (draw %s)', (draw) => {
    const outcome: Outcome = { kind: 'retry', reason: 'rate_limited', retryAfterMs: 90 * SECOND };
    expect(settlement(outcome, target, 1, 0, () => draw).nextAttemptAt).toBeGreaterThanOrEqual(90 * SECOND);
  });

  test('a Retry-After beyond a week is a dead letter rather than a try too soon', () => {
    const outcome: Outcome = { kind: 'retry', reason: 'rate_limited', retryAfterMs: 8 * 24 * HOUR };
    expect(settlement(outcome, target, 1, 0)).toMatchObject({
      status: 'dead',
      reason: 'retry_after_too_long',
    });
  });
});

describe('the delivery engine', () => {
  let clock: ManualClock;
  let store: Store;
  let journal: Journal;
  let deliveries: DeliveryStore;
  const engines: DeliveryEngine[] = [];

  beforeEach(async () => {
    store = await openTestStore();
    clock = new ManualClock(() => storeAtRest(store));
    journal = new Journal(store, silentLogger);
    deliveries = new DeliveryStore(store);
  });

  afterEach(async () => {
    for (const engine of engines.splice(0)) {
      const stopped = engine.stop(0);
      await clock.advance(5 * SECOND);
      await stopped;
    }
    await store.close();
  });

  function engine(targets: readonly OpenTarget[], owner = 'one', leaseMs = 60 * SECOND): DeliveryEngine {
    const made = new DeliveryEngine({
      journal,
      deliveries,
      events: new EventStore(store),
      clock,
      log: silentLogger,
      owner,
      leaseMs,
      sends: true,
    });
    made.use(new Map(targets.map((target) => [target.id, target])));
    made.start();
    engines.push(made);
    return made;
  }

  /** A target whose sends the test ends, or that answers by itself. */
  function target(
    id: string,
    send: (job: Job, signal: AbortSignal) => Promise<Outcome>,
    concurrency = 16,
  ): OpenTarget {
    return openTarget(
      id,
      'http',
      { ...defaultTargetSettings, timeout: '10s', concurrency },
      { send, close: async () => {} },
    );
  }

  async function take(into: DeliveryEngine, targetId: string) {
    const event = { ...sampleEvent(), id: `evt_${crypto.randomUUID()}` as const, receivedAt: clock.now() };
    const routing = into.route(event, [], [{ target: targetId, internal: false }]);
    await journal.submit([
      { writes: [{ statement: 'events.insert', row: eventRow(event, []) }, ...routing.writes] },
    ]);
    routing.committed();
    return event;
  }

  const statuses = async (): Promise<string[]> =>
    (await deliveries.list({}, 100)).map(({ status }) => status);

  test('sends right after the commit, without waiting for a poll', async () => {
    const sent: Job[] = [];
    const one = engine([target('a', async (job) => (sent.push(job), { kind: 'delivered' }))]);
    const event = await take(one, 'a');
    await clock.advance(0);
    expect(sent.map((job) => job.event.id)).toEqual([event.id]);
    expect(await statuses()).toEqual(['delivered']);
  });

  test('keeps the delivery id over every attempt and stores each attempt', async () => {
    const jobs: Job[] = [];
    const answers: Outcome[] = [
      { kind: 'retry', reason: 'http_status', status: 500, answer: 'no' },
      { kind: 'delivered', status: 200 },
    ];
    const one = engine([
      target('a', async (job) => (jobs.push(job), answers[jobs.length - 1] ?? { kind: 'delivered' })),
    ]);
    await take(one, 'a');
    await clock.advance(30 * SECOND);
    expect(jobs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(jobs.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    const attempts = await deliveries.attempts(jobs.slice(0, 1).map(({ deliveryId }) => deliveryId));
    expect(attempts).toMatchObject([
      { number: 1, outcome: 'retry', reason: 'http_status', status: 500, answer: 'no' },
      { number: 2, outcome: 'delivered', status: 200 },
    ]);
  });

  test('a target that hangs holds up no other', async () => {
    const sent: string[] = [];
    const one = engine([
      target('hangs', () => new Promise(() => {})),
      target('lives', async (job) => (sent.push(job.event.id), { kind: 'delivered' })),
    ]);
    for (let n = 0; n < 40; n++) await take(one, 'hangs');
    const event = await take(one, 'lives');
    await clock.advance(0);
    expect(sent).toEqual([event.id]);
  });

  test('never has more sends at once than the target allows, and sends them all', async () => {
    let now = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const slow = target(
      'a',
      () =>
        new Promise((resolve) => {
          most = Math.max(most, ++now);
          waiting.push(() => {
            now -= 1;
            resolve({ kind: 'delivered' });
          });
        }),
      3,
    );
    const one = engine([slow]);
    for (let n = 0; n < 10; n++) await take(one, 'a');
    for (let round = 0; round < 10; round++) {
      await clock.advance(0);
      for (const end of waiting.splice(0)) end();
    }
    expect(most).toBe(3);
    expect(await statuses()).toEqual(Array.from({ length: 10 }, () => 'delivered'));
  });

  test('a target that throws is tried again, and the text of its error is not kept', async () => {
    const one = engine([
      target('a', async () => {
        throw new Error('password=hunter2');
      }),
    ]);
    await take(one, 'a');
    await clock.advance(0);
    const [delivery] = await deliveries.list({}, 1);
    expect(delivery).toMatchObject({ status: 'pending', reason: 'fault', attempts: 1 });
    expect(JSON.stringify(await deliveries.attempts(delivery ? [delivery.id] : []))).not.toContain('hunter2');
  });

  test('a target that ignores its time-out is aborted', async () => {
    let aborted = false;
    const one = engine([
      target(
        'a',
        (_, signal) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              aborted = true;
              resolve({ kind: 'retry', reason: 'timeout' });
            }),
          ),
      ),
    ]);
    await take(one, 'a');
    await clock.advance(9 * SECOND);
    expect(aborted).toBe(false);
    await clock.advance(9 * SECOND);
    expect(aborted).toBe(true);
    expect(await statuses()).toEqual(['pending']);
  });

  test('beyond what memory takes, deliveries wait in the table and are all sent', async () => {
    let sent = 0;
    const one = engine([target('a', async () => (sent++, { kind: 'delivered' }), 4)]);
    const events = Array.from({ length: 1_300 }, () => take(one, 'a'));
    await Promise.all(events);
    await clock.advance(60 * SECOND);
    expect(sent).toBe(1_300);
    expect(await deliveries.count({ status: 'delivered' })).toBe(1_300);
  });

  test('what a vanished process had leased is sent by another once the lease is over', async () => {
    const vanished = engine([target('a', () => new Promise(() => {}))], 'vanished', 30 * SECOND);
    await take(vanished, 'a');
    vanished.use(new Map());
    const sent: Job[] = [];
    engine([target('a', async (job) => (sent.push(job), { kind: 'delivered' }))], 'other', 30 * SECOND);
    await clock.advance(29 * SECOND);
    expect(sent).toEqual([]);
    await clock.advance(3 * SECOND);
    expect(sent).toHaveLength(1);
  });

  test('at stop it gives the leases of what waits back, so that another takes over at once', async () => {
    const first = engine([target('a', () => new Promise(() => {}), 1)], 'first');
    await take(first, 'a');
    const waiting = await take(first, 'a');
    await clock.advance(0);
    const stopped = first.stop(0);
    await clock.advance(5 * SECOND);
    await stopped;
    const sent: string[] = [];
    engine([target('a', async (job) => (sent.push(job.event.id), { kind: 'delivered' }))], 'second');
    await clock.advance(SECOND);
    expect(sent).toContain(waiting.id);
  });

  test('a removed target gets nothing more; what is left waits for it in the table', async () => {
    const one = engine([target('a', async () => ({ kind: 'retry', reason: 'timeout' }))]);
    await take(one, 'a');
    await clock.advance(0);
    one.use(new Map());
    await clock.advance(60 * SECOND);
    expect(await deliveries.list({}, 10)).toMatchObject([{ status: 'pending', attempts: 1 }]);
    expect(one.has('a')).toBe(false);
  });
});
