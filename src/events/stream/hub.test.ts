import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { onEachStore, onPostgres, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../../tests/support/sample-event.ts';
import { storeAtRest } from '../../../tests/support/test-store.ts';
import { until } from '../../../tests/support/until.ts';
import { type EventId, newDeliveryId } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Store } from '../../storage/store.ts';
import type { TocsinEvent } from '../event.ts';
import { eventStatements } from '../statements.ts';
import { eventRow, EventStore } from '../store.ts';
import { StreamHub, type StreamRequest } from './hub.ts';

const T = Date.UTC(2026, 0, 31, 12);
const SECOND = 1_000;

function start(store: Store, clock = new ManualClock(() => storeAtRest(store), T)) {
  const events = new EventStore(store);
  const hub = new StreamHub({
    events,
    clock,
    log: silentLogger,
    signals: store.signals,
    heartbeatMs: 15 * SECOND,
  });
  const open = async (request: Partial<StreamRequest> = {}): Promise<Listener> =>
    new Listener(
      await hub.open({
        filter: {},
        actorId: 'tok_a',
        stillMay: async () => true,
        after: undefined,
        ...request,
      }),
    );
  return { clock, hub, open };
}

/** Reads a stream as a client does. */
class Listener {
  readonly body: Readable;
  text = '';
  isOver = false;

  constructor(body: Readable) {
    this.body = body;
    body.setEncoding('utf8');
    body.on('data', (text: string) => (this.text += text));
    body.on('close', () => (this.isOver = true));
  }

  /** The messages that say something, by field. */
  get messages(): readonly Readonly<Record<string, string>>[] {
    return this.text
      .split('\n\n')
      .map((block) =>
        Object.fromEntries([...block.matchAll(/^(\w+): (.*)$/gm)].map(([, name, value]) => [name, value])),
      )
      .filter((fields) => 'data' in fields);
  }

  /** The events in the order told. */
  get events(): readonly string[] {
    return this.messages
      .filter(({ event }) => event === undefined)
      .map(({ data = '' }) => String((JSON.parse(data) as { id: unknown }).id));
  }
}

const event = (ms: number, n = 1, more: Partial<TocsinEvent> = {}): TocsinEvent =>
  sampleEvent({ id: eventIdAt(T + ms, n), receivedAt: T + ms, ...more });

async function keep(store: Store, ...events: readonly TocsinEvent[]): Promise<void> {
  await store.commit(
    events.map((one) => [{ writes: [{ statement: eventStatements.insert.name, row: eventRow(one, []) }] }]),
  );
}

await onEachStore('the stream', (stage) => {
  describe('tells', () => tells(stage));
  describe('to who comes back', () => resumes(stage));
  describe('is bounded', () => isBounded(stage));
  describe('ends', () => ends(stage));
});

function tells(stage: Stage): void {
  test('what is committed after it was opened, each once, in order, to each who listens', async () => {
    const { clock, hub, open } = start(stage.store);
    await keep(stage.store, event(-5));
    const [one, two] = [await open(), await open({ actorId: 'tok_b' })];
    const events = [event(1), event(2), event(3)];
    await keep(stage.store, events[0] ?? event(0), events[1] ?? event(0));
    hub.committed();
    await clock.advance(200);
    await keep(stage.store, events[2] ?? event(0));
    hub.committed();
    hub.committed();
    await clock.advance(5 * SECOND);
    for (const { events: told } of [one, two]) expect(told).toEqual(events.map(({ id }) => id));
    expect(one.messages.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(one.text).toMatch(/^retry: \d+\n\n/);
    hub.stop();
  });

  test('an event that was overtaken by others too, without a mark to come back to', async () => {
    const { clock, hub, open } = start(stage.store);
    await keep(stage.store, event(-20, 2));
    const listener = await open();
    await keep(stage.store, event(100));
    hub.committed();
    await clock.advance(200);
    await keep(stage.store, event(50), event(-20, 1));
    hub.committed();
    await clock.advance(3 * SECOND);
    expect(listener.events).toEqual([event(100), event(-20, 1), event(50)].map(({ id }) => id));
    expect(listener.messages.map(({ id }) => id)).toEqual([eventIdAt(T + 100), undefined, undefined]);
    hub.stop();
  });

  test('what nobody announced, within a second or so', async () => {
    const { clock, hub, open } = start(stage.store);
    const listener = await open();
    await keep(stage.store, event(1));
    await clock.advance(2 * SECOND);
    expect(listener.events).toHaveLength(1);
    hub.stop();
  });

  test.each<readonly [StreamRequest['filter'], readonly number[]]>([
    [{ source: 'waf' }, [1]],
    [{ type: 'a.b' }, [2]],
    [{ severityMin: 'critical' }, [3]],
    [{ subject: 'app-4' }, [4]],
    [{ internal: true }, [5]],
    [{ state: 'resolved' }, [6]],
    [{ fingerprint: 'fe' }, [6]],
    [{ 'geo.source': 'RU' }, [8, 9]],
    [{ 'geo.destination': 'FR' }, [9]],
    [{ 'geo.allowed': false }, [8]],
    [{ 'geo.allowed': true }, [9]],
    [{ unrouted: true, severityMin: 'low' }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [{ unrouted: false }, []],
  ])('only what fits %j, as the list would', async (filter, expected) => {
    const { clock, hub, open } = start(stage.store);
    const different: Partial<TocsinEvent>[] = [
      {},
      { source: 'waf' },
      { type: 'a.b' },
      { severity: 'critical' },
      { subject: { kind: 'application', id: 'app-4' } },
      { internalAlert: { x: 1 } },
      { state: 'resolved', fingerprint: 'fe' },
      { fingerprint: 'fe' },
      { geo: { source: 'RU', destination: undefined, allowed: false } },
      { geo: { source: 'RU', destination: 'FR', allowed: true } },
    ];
    const events = different.map((more, n) => event(n + 1, 1, more));
    const listener = await open({ filter });
    await keep(stage.store, ...events);
    await clock.advance(2 * SECOND);
    expect(listener.events).toEqual(expected.map((n) => events[n]?.id));
    const listed = await new EventStore(stage.store).list(filter, 99);
    expect(listed.map(({ id }) => id).toReversed()).toEqual(listener.events);
    hub.stop();
  });

  test('what became of deliveries, by the filter of their events', async () => {
    const { clock, hub, open } = start(stage.store);
    const [all, other] = [await open(), await open({ filter: { source: 'waf' } })];
    const deliveryId = newDeliveryId();
    hub.settled(deliveryId, event(1), 'mail', 'delivered');
    await clock.advance(SECOND);
    expect(all.messages).toEqual([
      {
        event: 'delivery',
        data: JSON.stringify({
          id: deliveryId,
          event: eventIdAt(T + 1),
          target: 'mail',
          status: 'delivered',
        }),
      },
    ]);
    expect(other.messages).toEqual([]);
    hub.stop();
  });

  test('that it is still there, when there is nothing else to tell', async () => {
    const { clock, hub, open } = start(stage.store);
    const listener = await open();
    await clock.advance(14 * SECOND);
    expect(listener.text).not.toContain(': still here');
    await clock.advance(40 * SECOND);
    expect(listener.text.match(/^: still here$/gm)?.length).toBeGreaterThanOrEqual(2);
    hub.stop();
  });

  test('nothing and asks nothing while nobody listens', async () => {
    let asked = 0;
    const counting: Store = {
      ...stage.store,
      read: stage.store.read.withPlugin({
        transformQuery: ({ node }) => ((asked += 1), node),
        transformResult: async ({ result }) => result,
      }),
    };
    const { clock, hub, open } = start(counting);
    for (let n = 0; n < 50; n++) hub.committed();
    await clock.advance(10 * SECOND);
    expect(asked).toBe(0);
    const listener = await open();
    listener.body.destroy();
    await clock.advance(2 * SECOND);
    const before = asked;
    hub.committed();
    await clock.advance(10 * SECOND);
    expect(asked).toBe(before);
  });
}

function resumes(stage: Stage): void {
  test('it tells what came after the last event they have, then what comes', async () => {
    const { clock, hub, open } = start(stage.store);
    const events = [1, 2, 3, 4].map((n) => event(-n * 10));
    await keep(stage.store, ...events);
    const listener = await open({ after: eventIdAt(T - 30), filter: { severityMin: 'high' } });
    await keep(stage.store, event(5), event(6, 1, { severity: 'low' }));
    await clock.advance(2 * SECOND);
    expect(listener.events).toEqual([-20, -10, 5].map((ms) => eventIdAt(T + ms)));
    hub.stop();
  });

  test('it tells an event once that comes in while it looks up the past', async () => {
    const { clock, hub, open } = start(stage.store);
    await keep(stage.store, event(-10));
    const first = await open();
    const [listener] = await Promise.all([
      open({ after: eventIdAt(T - 20) }),
      keep(stage.store, event(1)).then(() => hub.committed()),
      clock.advance(500),
    ]);
    await clock.advance(3 * SECOND);
    expect(listener.events).toEqual([eventIdAt(T - 10), eventIdAt(T + 1)]);
    expect(first.events).toEqual([eventIdAt(T + 1)]);
    hub.stop();
  });

  test.each<readonly [string, EventId | 'unknown', string]>([
    ['after more than a thousand events', eventIdAt(T - 9_000), 'too_many'],
    ['with an id that is none of ours', 'unknown', 'unknown_id'],
  ])('%s it says that there is a gap, and goes on from now', async (_name, after, reason) => {
    const { clock, hub, open } = start(stage.store);
    const many = Array.from({ length: 1_001 }, (_, n) => event(-5_000 + n));
    for (let n = 0; n < many.length; n += 500) await keep(stage.store, ...many.slice(n, n + 500));
    const listener = await open({ after });
    await keep(stage.store, event(1));
    await clock.advance(2 * SECOND);
    expect(listener.messages[0]).toEqual({ event: 'gap', data: JSON.stringify({ reason }) });
    expect(listener.events).toEqual([eventIdAt(T + 1)]);
    hub.stop();
  });

  test('a thousand events are told', async () => {
    const { hub, open, clock } = start(stage.store);
    const many = Array.from({ length: 1_000 }, (_, n) => event(-5_000 + n));
    for (let n = 0; n < many.length; n += 500) await keep(stage.store, ...many.slice(n, n + 500));
    const listener = await open({ after: eventIdAt(T - 9_000) });
    // The past is read as the client takes it, page by page, and a store may need its time for each.
    await until('all are told', async () => {
      await clock.advance(10);
      return listener.events.length >= many.length;
    });
    expect(listener.events).toEqual(many.map(({ id }) => id));
    hub.stop();
  });
}

function isBounded(stage: Stage): void {
  const refusal = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'opened',
      (error: unknown) =>
        error instanceof Problem ? [error.status, error.options.retryAfterSeconds] : error,
    );

  test('by ten streams of one token, of which one that ends makes room', async () => {
    const { clock, hub, open } = start(stage.store);
    const all = await Promise.all(Array.from({ length: 10 }, () => open()));
    expect(await refusal(open())).toEqual([429, 30]);
    expect(await refusal(open({ actorId: 'tok_b' }))).toBe('opened');
    all[3]?.body.destroy();
    await clock.advance(10);
    expect(await refusal(open())).toBe('opened');
    hub.stop();
  });

  test('by two hundred of the process', async () => {
    const { hub, open } = start(stage.store);
    await Promise.all(Array.from({ length: 200 }, (_, n) => open({ actorId: `tok_${n % 20}` })));
    expect(await refusal(open({ actorId: 'tok_other' }))).toEqual([429, 30]);
    hub.stop();
  });

  test('a client that does not read is cut off, and the others are told on', async () => {
    const { clock, hub, open } = start(stage.store);
    const slow = await hub.open({
      filter: {},
      actorId: 'slow',
      stillMay: async () => true,
      after: undefined,
    });
    const listener = await open();
    const text = 'x'.repeat(500);
    const labels = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`l${n}`, text]));
    const events = Array.from({ length: 400 }, (_, n) => event(n, 1, { labels }));
    for (let n = 0; n < events.length; n += 50) {
      await keep(stage.store, ...events.slice(n, n + 50));
      await until('the others to be told', async () => {
        await clock.advance(2 * SECOND);
        return listener.events.length >= n + 50;
      });
    }
    expect(slow.destroyed).toBe(true);
    expect(listener.events).toHaveLength(400);
    hub.stop();
  });

  test('the past is read as fast as its reader takes it, however much it is', async () => {
    const { clock, hub, open } = start(stage.store);
    const labels = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`l${n}`, 'y'.repeat(500)]));
    const events = Array.from({ length: 900 }, (_, n) => event(n - 1_000, 1, { labels }));
    for (let n = 0; n < events.length; n += 100) await keep(stage.store, ...events.slice(n, n + 100));
    const after = eventIdAt(T - 2_000);
    const slow = await hub.open({ filter: {}, actorId: 'slow', stillMay: async () => true, after });
    const listener = await open({ after });
    await until('all of 14 MB to be told', () => listener.events.length === 900);
    await keep(stage.store, event(5));
    await clock.advance(2 * SECOND);
    expect(listener.events).toEqual([...events.map(({ id }) => id), eventIdAt(T + 5)]);
    expect(slow.readableLength).toBeLessThan(200_000);
    const late = new Listener(slow);
    await until('the slow one to be told as well', () => late.events.length === 901);
    expect(late.events).toEqual(listener.events);
    hub.stop();
  });

  test('a flood that nobody could follow is a gap, and the newest are told from then on', async () => {
    const { clock, hub, open } = start(stage.store);
    const listener = await open();
    const many = Array.from({ length: 2_600 }, (_, n) => event(n));
    for (let n = 0; n < many.length; n += 500) await keep(stage.store, ...many.slice(n, n + 500));
    await clock.advance(2 * SECOND);
    expect(listener.messages.at(-1)).toMatchObject({ event: 'gap' });
    await keep(stage.store, event(5_000));
    await clock.advance(2 * SECOND);
    expect(listener.events.at(-1)).toBe(eventIdAt(T + 5_000));
    hub.stop();
  });
}

function ends(stage: Stage): void {
  test('within a minute when the token is gone, and not when the store does not say', async () => {
    const { clock, hub, open } = start(stage.store);
    let may: () => Promise<boolean> = async () => true;
    const listener = await open({ stillMay: () => may() });
    await clock.advance(120 * SECOND);
    may = () => Promise.reject(new Error('away'));
    await clock.advance(120 * SECOND);
    expect(listener.isOver).toBe(false);
    may = async () => false;
    await clock.advance(60 * SECOND);
    expect(listener.isOver).toBe(true);
    hub.stop();
  });

  test('at once when the process stops, and is opened no more', async () => {
    const { clock, hub, open } = start(stage.store);
    const listener = await open();
    hub.stop();
    await clock.advance(10);
    expect(listener.isOver).toBe(true);
    const late = await open();
    await clock.advance(10);
    expect(late.isOver).toBe(true);
  });

  test('in a refusal when the store is away as it begins, and is there for the next', async () => {
    let away = true;
    const gated: Store = {
      ...stage.store,
      read: stage.store.read.withPlugin({
        transformQuery({ node }) {
          if (away) throw new Error('away');
          return node;
        },
        transformResult: async ({ result }) => result,
      }),
    };
    const { clock, hub, open } = start(gated);
    await expect(open()).rejects.toThrow('away');
    away = false;
    const listener = await open();
    await keep(stage.store, event(1));
    await clock.advance(2 * SECOND);
    expect(listener.events).toHaveLength(1);
    hub.stop();
  });
}

await onPostgres('the streams of several processes', (stage) => {
  test('tell of what another one committed, sooner than they would look for themselves', async () => {
    const { clock, hub, open } = start(stage.store);
    const other = start(await stage.openAnother());
    const listener = await open();
    let announced = 0;
    await until('the word to arrive', async () => {
      // Until it listens a word is lost: so it is said again, as the next commit would.
      if (announced++ % 10 === 0) {
        await keep(stage.store, event(announced));
        other.hub.committed();
      }
      await clock.advance(1);
      return listener.events.length > 0;
    });
    expect(clock.now()).toBeLessThan(T + SECOND);
    hub.stop();
  });
});
