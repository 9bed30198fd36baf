import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { openTestStore, storeAtRest } from '../../tests/support/test-store.ts';
import { eventRow, EventStore } from '../events/store.ts';
import { silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import { type Store, StoreUnavailable } from '../storage/store.ts';
import { defaultTargetSettings, openTarget } from '../targets/open-target.ts';
import type { Job } from '../targets/target.ts';
import { DeliveryEngine } from './engine.ts';
import { DeliveryStore } from './store.ts';

const SECOND = 1_000;

describe('while the store does not take outcomes', () => {
  let store: Store;
  let clock: ManualClock;
  let engine: DeliveryEngine;
  let deliveries: DeliveryStore;
  let sent: Job[];
  /** What becomes of a commit; undefined: it goes through. */
  let commit: Store['commit'] | undefined;
  /** Whether looking for what is due fails. */
  let isAway: boolean;

  beforeEach(async () => {
    store = await openTestStore();
    clock = new ManualClock(() => storeAtRest(store));
    commit = undefined;
    sent = [];
    const journal = new Journal(
      { ...store, commit: (batch) => (commit ?? store.commit)(batch) },
      silentLogger,
    );
    isAway = false;
    const peers = {
      living: 2,
      ended: async () => {
        if (isAway) throw new StoreUnavailable('away');
        return [];
      },
      forget: async () => {},
    };
    deliveries = new DeliveryStore({ ...store, peers });
    engine = new DeliveryEngine({
      journal,
      deliveries,
      events: new EventStore(store),
      clock,
      log: silentLogger,
      owner: 'one',
      leaseMs: 60 * SECOND,
      sends: true,
    });
    const settings = { ...defaultTargetSettings, concurrency: 1 };
    const send = async (job: Job) => (sent.push(job), { kind: 'delivered' as const });
    engine.use(new Map([['a', openTarget('a', 'http', settings, { send, close: async () => {} })]]));
    engine.start();
  });

  afterEach(async () => {
    const stopped = engine.stop(0);
    await clock.advance(5 * SECOND);
    await stopped;
    await store.close();
  });

  async function take(): Promise<void> {
    const event = sampleEvent();
    const routing = engine.route(event, [], [{ target: 'a', internal: false }]);
    await store.commit([
      [{ writes: [{ statement: 'events.insert', row: eventRow(event, []) }, ...routing.writes] }],
    ]);
    routing.committed();
  }

  test('for longer than the lease: what was sent is not sent again, and is noted in the end', async () => {
    commit = () => Promise.reject(new StoreUnavailable('away'));
    await take();
    await clock.advance(130 * SECOND);
    expect(sent).toHaveLength(1);
    commit = undefined;
    await clock.advance(2 * SECOND);
    expect(sent).toHaveLength(1);
    expect(await deliveries.list({}, 10)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  });

  test('but had taken one when its answer was lost: it is noted once, and the next delivery has its turn', async () => {
    commit = async (batch) => {
      commit = undefined;
      await store.commit(batch);
      throw new StoreUnavailable('the connection broke in the middle of the commit');
    };
    await take();
    await take();
    await clock.advance(5 * SECOND);
    expect(sent).toHaveLength(2);
    const ids = sent.map(({ deliveryId }) => deliveryId);
    expect(await deliveries.attempts(ids)).toHaveLength(2);
  });

  test('and others took us for dead: what they took over is not sent from memory as well', async () => {
    commit = () => Promise.reject(new StoreUnavailable('away'));
    for (let n = 0; n < 5; n++) await take();
    await clock.advance(SECOND);
    expect(sent).toHaveLength(1);
    isAway = true;
    await clock.advance(2 * SECOND);
    await deliveries.release('one');
    const lease = { owner: 'two', until: clock.now() + 60 * SECOND };
    expect(await deliveries.claim('a', 10, clock.now(), lease)).toHaveLength(5);
    commit = undefined;
    isAway = false;
    await clock.advance(30 * SECOND);
    expect(sent).toHaveLength(1);
  });
});
