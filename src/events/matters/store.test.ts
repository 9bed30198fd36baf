import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { onEachStore, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { sampleEvent } from '../../../tests/support/sample-event.ts';
import type { Group } from '../../storage/statement.ts';
import { type MatterState, matterStates, type TocsinEvent } from '../event.ts';
import { eventStatements } from '../statements.ts';
import { eventRow } from '../store.ts';
import { matterRow } from './statements.ts';
import { type Matter, MatterStore } from './store.ts';

const T = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

interface Told {
  readonly state: MatterState;
  /** Ms after T; undefined when the sender does not say. */
  readonly occurred?: number | undefined;
  /** Ms after T. */
  readonly received: number;
  readonly fingerprint?: string;
}

let made = 0;

function event({ state, occurred, received, fingerprint = 'aa' }: Told, more: Partial<TocsinEvent> = {}) {
  return sampleEvent({
    id: eventIdAt(T + received, ++made),
    fingerprint,
    state,
    occurredAt: occurred === undefined ? undefined : T + occurred,
    receivedAt: T + received,
    ...more,
  });
}

const telling = (one: TocsinEvent): Group => ({
  writes: [
    { statement: eventStatements.insert.name, row: eventRow(one, []) },
    { statement: eventStatements.tellMatter.name, row: matterRow(one, one.state ?? 'open') },
  ],
});

/** Each inner list is one commit. */
async function tell(stage: Stage, ...commits: readonly (readonly TocsinEvent[])[]): Promise<void> {
  for (const events of commits) await stage.store.commit(events.map((one) => [telling(one)]));
}

await onEachStore('matters', (stage) => {
  describe('a matter', () => lives(stage));
  describe('a list', () => lists(stage));
  describe('the end of its time', () => ends(stage));
});

function lives(stage: Stage): void {
  const read = (fingerprint = 'aa'): Promise<Matter | undefined> =>
    new MatterStore(stage.store).get(fingerprint);

  test('begins with its first event, is updated by the next and resolved by the last', async () => {
    const first = event({ state: 'open', occurred: 0, received: 5 }, { title: 'one', severity: 'low' });
    await tell(stage, [first]);
    expect(await read()).toEqual({
      fingerprint: 'aa',
      source: 'sqreen',
      type: first.type,
      severity: 'low',
      title: 'one',
      subject: first.subject,
      state: 'open',
      stateAt: T,
      openedAt: T,
      resolvedAt: undefined,
      updatedAt: T + 5,
      firstEvent: first.id,
      lastEvent: first.id,
      eventCount: 1,
    });
    const second = event(
      { state: 'open', occurred: 10, received: 15 },
      { title: 'two', severity: 'critical', subject: undefined },
    );
    await tell(stage, [second]);
    expect(await read()).toMatchObject({
      title: 'two',
      severity: 'critical',
      subject: undefined,
      stateAt: T + 10,
    });
    const third = event({ state: 'resolved', occurred: 20, received: 25 });
    await tell(stage, [third]);
    expect(await read()).toMatchObject({
      state: 'resolved',
      stateAt: T + 20,
      openedAt: T,
      resolvedAt: T + 20,
      updatedAt: T + 25,
      firstEvent: first.id,
      lastEvent: third.id,
      eventCount: 3,
    });
  });

  test('is not opened again by an event that happened before it was resolved and came late', async () => {
    await tell(
      stage,
      [event({ state: 'resolved', occurred: 20, received: 21 }, { title: 'over' })],
      [event({ state: 'open', occurred: 10, received: 30 }, { title: 'late' })],
    );
    expect(await read()).toMatchObject({
      state: 'resolved',
      title: 'over',
      openedAt: T + 10,
      updatedAt: T + 30,
      eventCount: 2,
    });
  });

  test('is opened again by an event that happened later, and remembers when it was resolved', async () => {
    await tell(
      stage,
      [event({ state: 'open', occurred: 0, received: 1 })],
      [event({ state: 'resolved', occurred: 20, received: 21 })],
      [event({ state: 'open', occurred: 30, received: 31 })],
    );
    expect(await read()).toMatchObject({ state: 'open', stateAt: T + 30, resolvedAt: T + 20 });
  });

  test('of two events of the same instant, the one that was received later counts', async () => {
    const [earlier, later] = [
      event({ state: 'open', occurred: 0, received: 1 }),
      event({ state: 'resolved', occurred: 0, received: 2 }),
    ];
    await tell(stage, [later], [earlier]);
    expect(await read()).toMatchObject({ state: 'resolved' });
  });

  test('has no state from the future: a clock that is ahead does not have the last word for years', async () => {
    await tell(
      stage,
      [event({ state: 'open', occurred: 365 * DAY, received: 1 })],
      [event({ state: 'resolved', occurred: 20, received: 21 })],
    );
    expect(await read()).toMatchObject({ state: 'resolved', stateAt: T + 20, openedAt: T + 1 });
  });

  const told: fc.Arbitrary<Told> = fc.record({
    state: fc.constantFrom(...matterStates),
    occurred: fc.option(fc.integer({ min: -5, max: 20 }), { nil: undefined }),
    received: fc.integer({ min: 0, max: 20 }),
    fingerprint: fc.constantFrom('aa', 'bb'),
  });

  test('comes out the same however its events are ordered and grouped into commits', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(told, { minLength: 2, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        cuts,
        async (all, random, sizes) => {
          const events = all.map((one, n) => event(one, { title: `title ${n}` }));
          const seen: unknown[] = [];
          for (const order of [events, shuffled(events, random), events.toReversed()]) {
            for (const table of ['events', 'matters'] as const)
              await stage.store.write.withTables<Record<typeof table, object>>().deleteFrom(table).execute();
            await tell(stage, ...chunked(order, sizes));
            seen.push([await read('aa'), await read('bb')]);
          }
          expect(seen[1]).toEqual(seen[0]);
          expect(seen[2]).toEqual(seen[0]);
          const count = (name: string): number =>
            all.filter(({ fingerprint }) => fingerprint === name).length;
          expect((await read('aa'))?.eventCount ?? 0).toBe(count('aa'));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('many commits at once about the same matters, in other orders, all come through', async () => {
    const names = Array.from({ length: 20 }, (_, n) => n.toString(16));
    const orders = [names, names.toReversed(), [...names.slice(10), ...names.slice(0, 10)]];
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        tell(
          stage,
          (orders[n % 3] ?? []).map((fingerprint) =>
            event({ state: 'open', occurred: n, received: 50 + n, fingerprint }),
          ),
        ),
      ),
    );
    for (const name of names) expect(await read(name)).toMatchObject({ eventCount: 12, stateAt: T + 11 });
  });
}

function shuffled<T>(items: readonly T[], random: fc.Stream<number>): T[] {
  const keyed = items.map((item) => ({ item, key: random.next().value ?? 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function chunked<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const rest = [...items];
  return sizes.map((size) => rest.splice(0, size)).filter((chunk) => chunk.length > 0);
}

function lists(stage: Stage): void {
  const names = (matters: readonly Matter[]): string[] => matters.map(({ fingerprint }) => fingerprint);

  test('has those with the newest events first, page by page, and finds by every filter', async () => {
    const matters = new MatterStore(stage.store);
    await tell(
      stage,
      [event({ state: 'open', received: 1, fingerprint: 'a1' }, { severity: 'low', source: 'one' })],
      [event({ state: 'resolved', received: 2, fingerprint: 'a2' }, { subject: undefined })],
      [event({ state: 'open', received: 3, fingerprint: 'a3' }, { severity: 'critical' })],
      [event({ state: 'open', received: 4, fingerprint: 'a1' }, { severity: 'medium', source: 'one' })],
    );
    const all = await matters.list({}, 9);
    expect(names(all)).toEqual(['a1', 'a3', 'a2']);
    expect(names(await matters.list({}, 2))).toEqual(['a1', 'a3']);
    expect(names(await matters.list({}, 2, all[1]?.lastEvent))).toEqual(['a2']);
    expect(names(await matters.list({ state: 'open' }, 9))).toEqual(['a1', 'a3']);
    expect(names(await matters.list({ state: 'resolved' }, 9))).toEqual(['a2']);
    expect(names(await matters.list({ severityMin: 'medium' }, 9))).toEqual(['a1', 'a3', 'a2']);
    expect(names(await matters.list({ severityMin: 'critical' }, 9))).toEqual(['a3']);
    expect(names(await matters.list({ source: 'one' }, 9))).toEqual(['a1']);
    expect(names(await matters.list({ subject: '5dd058775c3feb0021c0bb43' }, 9))).toEqual(['a1', 'a3']);
  });
}

function ends(stage: Stage): void {
  test('comes with that of its last event, once that is gone, and not before', async () => {
    const matters = new MatterStore(stage.store);
    const [old, kept] = [
      event({ state: 'resolved', received: -40 * DAY, fingerprint: 'a1' }),
      event({ state: 'open', received: -40 * DAY, fingerprint: 'a2' }),
    ];
    await tell(stage, [old, kept, event({ state: 'open', received: -1, fingerprint: 'a3' })]);
    const before = T - 30 * DAY;
    expect(await matters.forget(before, 10)).toBe(0);
    await stage.store.write
      .withTables<{ events: { id: string } }>()
      .deleteFrom('events')
      .where('id', '=', old.id)
      .execute();
    expect(await matters.forget(before, 10)).toBe(1);
    expect(await matters.get('a1')).toBeUndefined();
    expect(await matters.get('a2')).toBeDefined();
    expect(await matters.get('a3')).toBeDefined();
  });
}
