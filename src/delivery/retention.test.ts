import { expect, test } from 'vitest';
import { deliveryIdAt, eventIdAt } from '../../tests/contracts/ids.ts';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { eventStatements } from '../events/statements.ts';
import { eventRow, EventStore } from '../events/store.ts';
import { silentLogger } from '../kernel/log.ts';
import { Retention } from './retention.ts';
import { deliveryStatements } from './statements.ts';
import { attemptRow, deliveryRow, DeliveryStore } from './store.ts';

const T = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

function start(stage: Stage) {
  const events = new EventStore(stage.store);
  const deliveries = new DeliveryStore(stage.store);
  const clock = new ManualClock(undefined, T);
  const options = { events, deliveries, clock, log: silentLogger, retentionMs: () => 30 * DAY };
  return { events, deliveries, retention: new Retention(options) };
}

/** An event of that day with one delivery that became `status`, its attempt and its key. */
async function keep(stage: Stage, daysAgo: number, n: number, status: string): Promise<void> {
  const at = T - daysAgo * DAY;
  const [eventId, id] = [eventIdAt(at, n), deliveryIdAt(at, n)];
  const delivery = { id, eventId, target: 't', internal: false, replayOf: undefined, createdAt: at };
  const attempt = {
    deliveryId: id,
    number: 1,
    startedAt: at,
    durationMs: 1,
    outcome: 'delivered',
    reason: undefined,
    status: undefined,
    answer: undefined,
  } as const;
  await stage.store.commit([
    [
      {
        guard: { statement: eventStatements.claimKey.name, row: [`key-${n}`, eventId, at + DAY, at] },
        writes: [
          { statement: eventStatements.insert.name, row: eventRow(sampleEvent({ id: eventId }), []) },
          { statement: deliveryStatements.insert.name, row: deliveryRow(delivery, undefined) },
          { statement: deliveryStatements.insertAttempt.name, row: attemptRow(attempt) },
        ],
      },
    ],
  ]);
  const settled = [id, status, 1, null, at, at];
  await stage.store.commit([[{ writes: [{ statement: deliveryStatements.settle.name, row: settled }] }]]);
}

await onEachStore('retention', (stage) => {
  test('deletes what is past its time, with deliveries, attempts and keys, and nothing else', async () => {
    const { events, deliveries, retention } = start(stage);
    await keep(stage, 31, 1, 'delivered');
    await keep(stage, 31, 2, 'dead');
    await keep(stage, 29, 3, 'delivered');
    await keep(stage, 0, 4, 'delivered');
    expect(await retention.sweep()).toEqual({ events: 2, keys: 3 });
    expect((await events.list({}, 9)).map(({ id }) => id)).toEqual([
      eventIdAt(T, 4),
      eventIdAt(T - 29 * DAY, 3),
    ]);
    expect(await deliveries.list({}, 9)).toHaveLength(2);
    const ids = [31, 31, 29, 0].map((days, n) => deliveryIdAt(T - days * DAY, n + 1));
    expect((await deliveries.attempts(ids)).map(({ deliveryId }) => deliveryId)).toEqual([ids[2], ids[3]]);
    expect(await retention.sweep()).toEqual({ events: 0, keys: 0 });
  });

  test('leaves an event that is still on its way to somebody, however old, and goes on past it', async () => {
    const { events, deliveries, retention } = start(stage);
    await keep(stage, 90, 1, 'pending');
    await keep(stage, 80, 2, 'delivered');
    expect(await retention.sweep()).toMatchObject({ events: 1 });
    expect((await events.list({}, 9)).map(({ id }) => id)).toEqual([eventIdAt(T - 90 * DAY, 1)]);
    expect(await deliveries.list({ status: 'pending' }, 9)).toHaveLength(1);
  });

  test('works through more than one batch, those that stay among them', async () => {
    const { events, retention } = start(stage);
    const old = Array.from({ length: 1_100 }, (_, n) => eventIdAt(T - 60 * DAY, n));
    const delivery = (n: number) =>
      deliveryRow(
        {
          id: deliveryIdAt(T - 60 * DAY, n),
          eventId: eventIdAt(T - 60 * DAY, n),
          target: 't',
          internal: false,
          replayOf: undefined,
          createdAt: T,
        },
        undefined,
      );
    await stage.store.commit([
      old.map((id) => ({
        writes: [{ statement: eventStatements.insert.name, row: eventRow(sampleEvent({ id }), []) }],
      })),
      [3, 700].map((n) => ({ writes: [{ statement: deliveryStatements.insert.name, row: delivery(n) }] })),
    ]);
    expect(await retention.sweep()).toMatchObject({ events: 1_098 });
    expect(await events.list({}, 9)).toHaveLength(2);
  });
});
