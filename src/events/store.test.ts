import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventIdAt } from '../../tests/contracts/ids.ts';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { hostileEvent, internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import type { EventId } from '../kernel/ids.ts';
import type { Group, Submission } from '../storage/statement.ts';
import { severities, severityRank, type TocsinEvent } from './event.ts';
import { matterRow } from './matters/statements.ts';
import { eventStatements } from './statements.ts';
import { type EventFilter, eventRow, EventStore, type Matched, type StoredEvent } from './store.ts';

const T = Date.UTC(2026, 0, 31, 12);
const MATCHED: Matched = [{ rule: 'all', targets: ['log'] }];

const writing = (event: TocsinEvent, matched = MATCHED): Submission => [
  { writes: [{ statement: eventStatements.insert.name, row: eventRow(event, matched) }] },
];

/** An event behind its dedupe key, as `ingest` commits it. */
const keyed = (event: TocsinEvent, key: string, now: number, windowMs = 60_000): Group => ({
  guard: { statement: eventStatements.claimKey.name, row: [key, event.id, now + windowMs, now] },
  writes: [{ statement: eventStatements.insert.name, row: eventRow(event, MATCHED) }],
  otherwise: [{ statement: eventStatements.countDuplicate.name, row: [key, now] }],
});

/** Every page after the other, as a client asks for them. */
async function allPages(events: EventStore, filter: EventFilter, limit: number): Promise<EventId[]> {
  const ids: EventId[] = [];
  for (;;) {
    const page = await events.list(filter, limit, ids.at(-1));
    if (page.length === 0) return ids;
    ids.push(...page.map(({ id }) => id));
  }
}

await onEachStore('events', (stage) => {
  describe('an event', () => readsBack(stage));
  describe('a list', () => lists(stage));
  describe('a repeat', () => repeats(stage));
  describe('the end of its time', () => ends(stage));
});

function readsBack(stage: Stage): void {
  const stored = (event: TocsinEvent, matched: Matched): StoredEvent => ({
    ...event,
    matched,
    unrouted: matched.length === 0,
    duplicates: 0,
    lastDuplicateAt: undefined,
  });

  test('reads back as it was written, with the rules that took it', async () => {
    const events = new EventStore(stage.store);
    const bare = sampleEvent({
      subject: undefined,
      occurredAt: undefined,
      link: undefined,
      labels: {},
      observables: [],
    });
    const written: [TocsinEvent, Matched][] = [
      [sampleEvent(), MATCHED],
      [internalEvent(), []],
      [bare, MATCHED],
      [sampleEvent({ geo: { source: 'RU', destination: 'private', allowed: false } }), MATCHED],
      [sampleEvent({ geo: { source: undefined, destination: 'FR', allowed: true } }), MATCHED],
    ];
    await stage.store.commit(written.map(([event, matched]) => writing(event, matched)));
    for (const [event, matched] of written)
      expect(await events.get(event.id)).toEqual(stored(event, matched));
  });

  test('reads back whatever is in it, but for what no database holds', async () => {
    const events = new EventStore(stage.store);
    const event = hostileEvent();
    await stage.store.commit([writing(event)]);
    const found = await events.get(event.id);
    // What has no column of its own is JSON, where NUL and lone surrogates are escaped.
    expect(found).toMatchObject({ title: event.title, labels: event.labels, observables: event.observables });
    expect(found?.subject).toEqual(event.subject);
    expect(found?.payload).toBe(event.payload);
    expect(found?.type).toBe(event.type.replaceAll('\0', '\uFFFD').toWellFormed());
  });

  test('is not there for another id', async () => {
    await stage.store.commit([writing(sampleEvent())]);
    expect(await new EventStore(stage.store).get(eventIdAt(T))).toBeUndefined();
  });

  test('is found among many, once, and those that are gone are left out', async () => {
    const events = new EventStore(stage.store);
    const all = Array.from({ length: 300 }, (_, n) => sampleEvent({ id: eventIdAt(T, n) }));
    await stage.store.commit(all.map((event) => writing(event)));
    const asked = [...all.slice(0, 250).map(({ id }) => id), eventIdAt(T, 1), eventIdAt(T + 1)];
    const found = await events.getMany(asked);
    expect([...found.keys()].sort()).toEqual(all.slice(0, 250).map(({ id }) => id));
    expect(found.get(eventIdAt(T, 7))?.id).toBe(eventIdAt(T, 7));
    expect(await events.getMany([])).toEqual(new Map());
  });
}

/** Sixty events, several in the same millisecond, that differ in everything a filter asks for. */
const assorted: readonly (readonly [TocsinEvent, Matched])[] = Array.from({ length: 60 }, (_, n) => {
  const event = sampleEvent({
    id: eventIdAt(T + Math.floor(n / 7) * 10, n),
    source: n % 3 === 0 ? 'sqreen' : 'other',
    type: `type.${n % 4}`,
    severity: severities[n % severities.length] ?? 'unknown',
    subject: n % 5 === 0 ? undefined : { kind: 'application', id: `app-${n % 5}` },
    fingerprint: `f${n % 6}`,
    internalAlert: n % 8 === 0 ? { n } : undefined,
    geo:
      n % 4 === 0
        ? undefined
        : {
            source: n % 7 === 0 ? undefined : n % 2 === 0 ? 'FR' : 'RU',
            destination: n % 7 === 0 ? 'private' : undefined,
            allowed: n % 3 !== 0,
          },
  });
  return [event, n % 9 === 0 ? [] : MATCHED];
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyFilter: fc.Arbitrary<EventFilter> = fc
  .record({
    source: maybe(fc.constantFrom('sqreen', 'other', 'none')),
    type: maybe(fc.constantFrom('type.0', 'type.3')),
    severityMin: maybe(fc.constantFrom(...severities)),
    subject: maybe(fc.constantFrom('app-1', 'app-4')),
    internal: maybe(fc.boolean()),
    unrouted: maybe(fc.boolean()),
    'geo.source': maybe(fc.constantFrom('FR', 'RU', 'unknown')),
    'geo.destination': maybe(fc.constantFrom('private', 'FR')),
    'geo.allowed': maybe(fc.boolean()),
    since: maybe(fc.integer({ min: T - 5, max: T + 90 })),
    until: maybe(fc.integer({ min: T - 5, max: T + 90 })),
  })
  // The filter's fields are there or not there; `undefined` is neither.
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

const receivedAt = ({ id }: TocsinEvent): number => Number.parseInt(id.slice(4, 12) + id.slice(13, 17), 16);

/** What the words of the filter mean. */
const fits = ([event, matched]: readonly [TocsinEvent, Matched], filter: EventFilter): boolean =>
  (filter.source ?? event.source) === event.source &&
  (filter.type ?? event.type) === event.type &&
  severityRank(event.severity) >= severityRank(filter.severityMin ?? 'unknown') &&
  (filter.subject === undefined || event.subject?.id === filter.subject) &&
  (filter.internal === undefined || filter.internal === (event.internalAlert !== undefined)) &&
  (filter.unrouted === undefined || filter.unrouted === (matched.length === 0)) &&
  (filter['geo.source'] === undefined || filter['geo.source'] === event.geo?.source) &&
  (filter['geo.destination'] === undefined || filter['geo.destination'] === event.geo?.destination) &&
  (filter['geo.allowed'] === undefined || filter['geo.allowed'] === event.geo?.allowed) &&
  receivedAt(event) >= (filter.since ?? 0) &&
  receivedAt(event) < (filter.until ?? Number.POSITIVE_INFINITY);

function lists(stage: Stage): void {
  test('gives each event that fits exactly once, newest first, whatever the filter and the page', async () => {
    const events = new EventStore(stage.store);
    await stage.store.commit(assorted.map(([event, matched]) => writing(event, matched)));
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 40 }), async (filter, limit) => {
        const fitting = assorted.filter((one) => fits(one, filter)).map(([{ id }]) => id);
        expect(await allPages(events, filter, limit)).toEqual(fitting.toReversed());
      }),
      {
        numRuns: 60,
        examples: [
          ...severities.map((severityMin): [EventFilter, number] => [{ severityMin }, 7]),
          [{ 'geo.allowed': false }, 7],
          [{ 'geo.allowed': true, 'geo.source': 'FR' }, 7],
          [{ 'geo.destination': 'private' }, 7],
        ],
      },
    );
  });

  test('pages through events of one and the same millisecond without a repeat or a gap', async () => {
    const events = new EventStore(stage.store);
    const ids = Array.from({ length: 25 }, (_, n) => eventIdAt(T, n));
    await stage.store.commit(ids.map((id) => writing(sampleEvent({ id }))));
    expect(await allPages(events, {}, 4)).toEqual(ids.toReversed());
  });

  test('events that arrive between two pages neither push one out nor show one twice', async () => {
    const events = new EventStore(stage.store);
    await stage.store.commit([1, 2, 3, 4].map((n) => writing(sampleEvent({ id: eventIdAt(T, n) }))));
    const first = await events.list({}, 2);
    await stage.store.commit([writing(sampleEvent({ id: eventIdAt(T + 1) }))]);
    const second = await events.list({}, 2, first.at(-1)?.id);
    expect([...first, ...second].map(({ id }) => id)).toEqual([4, 3, 2, 1].map((n) => eventIdAt(T, n)));
  });

  test('`since` is in the period, `until` is not', async () => {
    const events = new EventStore(stage.store);
    // The least id of its millisecond: what stands on the boundary itself.
    await stage.store.commit(
      [T - 1, T, T + 9, T + 10].map((ms) => writing(sampleEvent({ id: eventIdAt(ms, 0) }))),
    );
    const found = await events.list({ since: T, until: T + 10 }, 10);
    expect(found.map(({ id }) => id)).toEqual([eventIdAt(T + 9, 0), eventIdAt(T, 0)]);
    expect(await events.list({ since: T + 10, until: T + 10 }, 10)).toEqual([]);
  });
}

function repeats(stage: Stage): void {
  test('leaves no second event, and its mark on the first', async () => {
    const events = new EventStore(stage.store);
    const [first, second] = [sampleEvent({ id: eventIdAt(T, 1) }), sampleEvent({ id: eventIdAt(T, 2) })];
    expect(await stage.store.commit([[keyed(first, 'k', T)]])).toEqual([[true]]);
    expect(await stage.store.commit([[keyed(second, 'k', T + 5)], [keyed(second, 'k', T + 7)]])).toEqual([
      [false],
      [false],
    ]);
    expect(await events.get(first.id)).toMatchObject({ duplicates: 2, lastDuplicateAt: T + 7 });
    expect(await events.get(second.id)).toBeUndefined();
  });

  test('in the same batch as its first, and behind a repeat of an older one, leaves its mark as well', async () => {
    const events = new EventStore(stage.store);
    const [old, fresh] = [sampleEvent({ id: eventIdAt(T, 1) }), sampleEvent({ id: eventIdAt(T, 2) })];
    await stage.store.commit([[keyed(old, 'old', T)]]);
    await stage.store.commit([[keyed(old, 'old', T)], [keyed(fresh, 'new', T)], [keyed(fresh, 'new', T)]]);
    expect(await events.get(old.id)).toMatchObject({ duplicates: 1 });
    expect(await events.get(fresh.id)).toMatchObject({ duplicates: 1 });
  });

  test('is news where the sender can tell the same again, once the matter stood otherwise', async () => {
    const told = (at: number, n: number, state: 'open' | 'resolved', key: string): Submission => {
      const event = sampleEvent({ id: eventIdAt(T + at, n), state, receivedAt: T + at, occurredAt: T + at });
      const { fingerprint, severity } = event;
      const claim = [key, event.id, T + 60_000, T + at, fingerprint, state, severityRank(severity)];
      return [
        {
          guard: { statement: eventStatements.claimRecurringKey.name, row: claim },
          writes: [{ statement: eventStatements.tellMatter.name, row: matterRow(event, state) }],
        },
      ];
    };
    const { store } = stage;
    expect(await store.commit([told(1, 1, 'open', 'a'), told(1, 2, 'open', 'b')])).toEqual([[true], [true]]);
    expect(await store.commit([told(2, 1, 'open', 'a'), told(2, 2, 'open', 'b')])).toEqual([
      [false],
      [false],
    ]);
    expect(await store.commit([told(3, 1, 'resolved', 'c')])).toEqual([[true]]);
    expect(await store.commit([told(4, 1, 'resolved', 'c'), told(4, 2, 'open', 'b')])).toEqual([
      [false],
      [true],
    ]);
    expect(await store.commit([told(5, 1, 'open', 'b')])).toEqual([[false]]);
  });

  test('after the window is a new event, and marks the new one from then on', async () => {
    const events = new EventStore(stage.store);
    const [first, second] = [sampleEvent({ id: eventIdAt(T, 1) }), sampleEvent({ id: eventIdAt(T, 2) })];
    await stage.store.commit([[keyed(first, 'k', T, 1_000)]]);
    expect(await stage.store.commit([[keyed(second, 'k', T + 1_000, 1_000)]])).toEqual([[true]]);
    await stage.store.commit([[keyed(second, 'k', T + 1_500)]]);
    expect(await events.get(first.id)).toMatchObject({ duplicates: 0 });
    expect(await events.get(second.id)).toMatchObject({ duplicates: 1, lastDuplicateAt: T + 1_500 });
  });

  test('many repeats of many events at once are all counted', async () => {
    const events = new EventStore(stage.store);
    const firsts = Array.from({ length: 20 }, (_, n) => sampleEvent({ id: eventIdAt(T, n) }));
    await stage.store.commit([firsts.map((event, n) => keyed(event, `k${n}`, T))]);
    const again = firsts.map((event, n) => keyed(event, `k${n}`, T));
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => stage.store.commit([n % 2 === 0 ? again : again.toReversed()])),
    );
    const found = await events.list({}, 100);
    expect(found.map(({ duplicates }) => duplicates)).toEqual(firsts.map(() => 10));
  });
}

function ends(stage: Stage): void {
  test('comes for what was received before the given time, oldest first, in batches that follow on', async () => {
    const events = new EventStore(stage.store);
    const ids = [T - 3, T - 2, T - 1, T, T + 1].map((ms) => eventIdAt(ms));
    await stage.store.commit(ids.map((id) => writing(sampleEvent({ id }))));
    expect(await events.expired(T, 2, undefined)).toEqual(ids.slice(0, 2));
    expect(await events.expired(T, 2, ids[1])).toEqual(ids.slice(2, 3));
    expect(await events.expired(T, 2, ids[2])).toEqual([]);
  });

  test('takes the events that are named and no other', async () => {
    const events = new EventStore(stage.store);
    const ids = [1, 2, 3].map((n) => eventIdAt(T, n));
    await stage.store.commit(ids.map((id) => writing(sampleEvent({ id }))));
    await events.delete([eventIdAt(T, 1), eventIdAt(T, 3), eventIdAt(T, 9)]);
    await events.delete([]);
    expect(await allPages(events, {}, 10)).toEqual([ids[1]]);
  });

  test('of a dedupe key comes with its window: it is forgotten, those still open stay', async () => {
    const events = new EventStore(stage.store);
    const event = (n: number): TocsinEvent => sampleEvent({ id: eventIdAt(T, n) });
    await stage.store.commit([
      [1, 2, 3].map((n) => keyed(event(n), `over-${n}`, T, 10)),
      [keyed(event(4), 'open', T)],
    ]);
    expect(await events.forgetKeys(T + 9, 10)).toBe(0);
    expect(await events.forgetKeys(T + 10, 2)).toBe(2);
    expect(await events.forgetKeys(T + 10, 2)).toBe(1);
    expect(await stage.store.commit([[keyed(event(5), 'open', T + 10)]])).toEqual([[false]]);
    expect(await stage.store.commit([[keyed(event(6), 'over-1', T)]])).toEqual([[true]]);
  });
}
