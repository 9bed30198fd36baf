import { expect, test } from 'vitest';
import { deliveryIdAt, eventIdAt } from '../../tests/contracts/ids.ts';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { matterRow } from '../events/matters/statements.ts';
import { MatterStore } from '../events/matters/store.ts';
import { NoteStore } from '../events/notes/store.ts';
import { SearchIndex } from '../events/search/index-store.ts';
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
  const matters = new MatterStore(stage.store);
  const belongings = [new NoteStore(stage.store), new SearchIndex(stage.store)];
  const options = {
    events,
    matters,
    belongings,
    deliveries,
    clock,
    log: silentLogger,
    retentionMs: () => 30 * DAY,
  };
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

  test('deletes what was said of an event, its words and its matter with it', async () => {
    const { retention } = start(stage);
    const notes = new NoteStore(stage.store);
    const [old, young] = [eventIdAt(T - 31 * DAY, 1), eventIdAt(T - DAY, 2)];
    for (const [n, id] of [old, young].entries()) {
      const event = sampleEvent({
        id,
        state: 'open',
        fingerprint: `a${n}`,
        receivedAt: T - (n === 0 ? 31 : 1) * DAY,
      });
      const words = stage.dialect === 'sqlite' ? 'word' : "'word':1";
      await stage.store.commit([
        [
          { writes: [{ statement: eventStatements.insert.name, row: eventRow(event, []) }] },
          { writes: [{ statement: eventStatements.tellMatter.name, row: matterRow(event, 'open') }] },
        ],
      ]);
      await stage.store.commit([
        [
          {
            guard: { statement: eventStatements.acknowledge.name, row: [id, T, 'a', 'a', null] },
            writes: [],
          },
          {
            guard: { statement: eventStatements.writeNote.name, row: [`not_${n}`, id, T, 'a', 'a', 'text'] },
            writes: [{ statement: eventStatements.indexWords.name, row: [id, String(n + 1), words] }],
          },
        ],
      ]);
    }
    expect(await retention.sweep()).toMatchObject({ events: 1 });
    expect(await notes.acknowledgement(old)).toBeUndefined();
    expect(await notes.notes(old)).toEqual([]);
    expect(await notes.notes(young)).toHaveLength(1);
    expect(await new SearchIndex(stage.store).newest()).toBe(young);
    expect((await new MatterStore(stage.store).list({}, 9)).map(({ lastEvent }) => lastEvent)).toEqual([
      young,
    ]);
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
