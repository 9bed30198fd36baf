import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryIdAt, eventIdAt } from '../../tests/contracts/ids.ts';
import { onEachStore, onPostgres, type Stage } from '../../tests/contracts/on-each-store.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import type { SqlValue, Submission } from '../storage/statement.ts';
import { type Attempt, type Delivery, type DeliveryStatus, deliveryStatuses } from './delivery.ts';
import { deliveryStatements as statements } from './statements.ts';
import { attemptRow, type DeliveryFilter, deliveryRow, DeliveryStore, type Lease } from './store.ts';

const T = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;

type New = Parameters<typeof deliveryRow>[0];
const created = (n: number, overrides: Partial<New> = {}): New => ({
  id: deliveryIdAt(T, n),
  eventId: eventIdAt(T, n),
  target: 'target',
  internal: false,
  replayOf: undefined,
  createdAt: T,
  ...overrides,
});
const write = (statement: { readonly name: string }, row: SqlValue[]): Submission => [
  { writes: [{ statement: statement.name, row }] },
];
const inserting = (delivery: New, lease?: Lease): Submission =>
  write(statements.insert, deliveryRow(delivery, lease));
const settling = (id: DeliveryId, status: DeliveryStatus, next = T, attempts = 1): Submission =>
  write(statements.settle, [id, status, attempts, null, next, status === 'pending' ? null : next]);
const lease = (owner: string, until = T + MINUTE): Lease => ({ owner, until });
const idsOf = (deliveries: readonly Delivery[]): DeliveryId[] => deliveries.map(({ id }) => id);

await onEachStore('deliveries', (stage) => {
  describe('a delivery', () => readsBack(stage));
  describe('a claim', () => claims(stage));
  describe('what is due', () => dues(stage));
  describe('a lease', () => leases(stage));
  describe('settling', () => settles(stage));
  describe('marking as replayed', () => marks(stage));
  describe('a list', () => lists(stage));
  describe('attempts', () => attempts(stage));
});
await onPostgres('deliveries of two processes', (stage) => claimsOfTwo(stage));

function readsBack(stage: Stage): void {
  test('reads back as it was made: pending, due at once', async () => {
    const deliveries = new DeliveryStore(stage.store);
    const replay = created(2, { internal: true, replayOf: deliveryIdAt(T, 1) });
    await stage.store.commit([inserting(created(1)), inserting(replay, lease('me'))]);
    expect(await deliveries.get(replay.id)).toEqual({
      ...replay,
      status: 'pending',
      replayedAs: undefined,
      attempts: 0,
      reason: undefined,
      nextAttemptAt: T,
      settledAt: undefined,
    });
    expect(await deliveries.get(deliveryIdAt(T, 1))).toMatchObject({ internal: false, replayOf: undefined });
    expect(await deliveries.get(deliveryIdAt(T, 3))).toBeUndefined();
  });
}

function claims(stage: Stage): void {
  test('takes what has waited longest, no more than asked for, and only of its target', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([
      ...[1, 2, 3, 4].map((n) => inserting(created(n, { createdAt: T - n }))),
      inserting(created(5, { target: 'another', createdAt: T - 100 })),
    ]);
    expect(idsOf(await deliveries.claim('target', 2, T, lease('me')))).toEqual(
      [3, 4].map((n) => deliveryIdAt(T, n)),
    );
    expect(idsOf(await deliveries.claim('target', 9, T, lease('me')))).toEqual(
      [1, 2].map((n) => deliveryIdAt(T, n)),
    );
    expect(await deliveries.claim('target', 9, T, lease('me'))).toEqual([]);
  });

  test('leaves what is not due, what is settled and what is leased', async () => {
    const deliveries = new DeliveryStore(stage.store);
    const ids = [1, 2, 3, 4].map((n) => deliveryIdAt(T, n));
    await stage.store.commit([
      ...[1, 2, 3].map((n) => inserting(created(n))),
      inserting(created(4), lease('another', T + MINUTE)),
    ]);
    await stage.store.commit([
      settling(deliveryIdAt(T, 1), 'delivered'),
      settling(deliveryIdAt(T, 2), 'dead'),
      settling(deliveryIdAt(T, 3), 'pending', T + 1),
    ]);
    expect(await deliveries.claim('target', 9, T, lease('me'))).toEqual([]);
    expect(idsOf(await deliveries.claim('target', 9, T + 1, lease('me', T + 2 * MINUTE)))).toEqual([ids[2]]);
    expect(idsOf(await deliveries.claim('target', 9, T + MINUTE, lease('me', T + 2 * MINUTE)))).toEqual([
      ids[3],
    ]);
  });

  test('that is given back is due at once; what another holds, or is settled, stays as it is', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([
      inserting(created(1), lease('me')),
      inserting(created(2), lease('me')),
      inserting(created(3), lease('another')),
      inserting(created(4), lease('me')),
    ]);
    await stage.store.commit([settling(deliveryIdAt(T, 2), 'delivered')]);
    const ids = [1, 2, 3, 5].map((n) => deliveryIdAt(T, n));
    await deliveries.giveBack('me', ids);
    expect(idsOf(await deliveries.claim('target', 9, T, lease('next')))).toEqual([ids[0]]);
    expect(await deliveries.get(deliveryIdAt(T, 2))).toMatchObject({ status: 'delivered' });
  });

  test('of many claims at once gives each delivery to one', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit(Array.from({ length: 200 }, (_, n) => inserting(created(n))));
    const claimed = await Promise.all(
      Array.from({ length: 12 }, (_, n) => deliveries.claim('target', 20, T, lease(`claimer-${n}`))),
    );
    const ids = claimed.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    for (const own of claimed) expect(own.length).toBeLessThanOrEqual(20);
  });
}

function claimsOfTwo(stage: Stage): void {
  test('are claimed by one of them each, all of them, and never more at once than asked for', async () => {
    const another = await stage.openAnother();
    const stores = [new DeliveryStore(stage.store), new DeliveryStore(another)];
    await stage.store.commit(Array.from({ length: 500 }, (_, n) => inserting(created(n))));
    const claimAll = async (store: DeliveryStore, owner: string): Promise<DeliveryId[]> => {
      const ids: DeliveryId[] = [];
      for (;;) {
        const claimed = await store.claim('target', 7, T, lease(owner));
        expect(claimed.length).toBeLessThanOrEqual(7);
        if (claimed.length === 0) return ids;
        ids.push(...idsOf(claimed));
      }
    };
    const claimed = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => claimAll(stores[n % 2] ?? new DeliveryStore(another), `claimer-${n}`)),
    );
    const ids = claimed.flat();
    expect(new Set(ids).size).toBe(ids.length);
    // Whoever comes while another holds the rest goes away empty-handed, so that somebody has to look again.
    const rest = await claimAll(stores[0] ?? new DeliveryStore(another), 'last');
    expect(new Set([...ids, ...rest]).size).toBe(500);
  });

  test('are let go of by the process that leased them only', async () => {
    const another = new DeliveryStore(await stage.openAnother());
    await stage.store.commit([inserting(created(1), lease('one')), inserting(created(2), lease('two'))]);
    await another.release('two');
    expect(idsOf(await another.claim('target', 9, T, lease('three')))).toEqual([deliveryIdAt(T, 2)]);
  });
}

function dues(stage: Stage): void {
  test('is told by target, each once, and only where a claim would find something', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([
      ...[1, 2].map((n) => inserting(created(n, { target: 'due' }))),
      inserting(created(3, { target: 'leased' }), lease('me', T + MINUTE)),
      inserting(created(4, { target: 'half' }), lease('me', T + MINUTE)),
      inserting(created(5, { target: 'half' })),
      inserting(created(6, { target: 'later', createdAt: T + 1 })),
      ...[7, 8].map((n) => inserting(created(n, { target: 'settled' }))),
    ]);
    await stage.store.commit([7, 8].map((n) => settling(deliveryIdAt(T, n), n === 7 ? 'delivered' : 'dead')));
    expect(await deliveries.dueTargets(T)).toEqual(['due', 'half']);
    expect(await deliveries.dueTargets(T + MINUTE)).toEqual(['due', 'half', 'later', 'leased']);
    expect(await deliveries.dueTargets(T - 1)).toEqual([]);
  });

  test('is nothing where nothing is pending', async () => {
    expect(await new DeliveryStore(stage.store).dueTargets(T)).toEqual([]);
  });
}

function leases(stage: Stage): void {
  test('keeps others off until it ends, and not a moment longer', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1), lease('born', T + 10))]);
    expect(await deliveries.claim('target', 1, T + 9, lease('other'))).toEqual([]);
    expect(await deliveries.claim('target', 1, T + 10, lease('other', T + 20))).toHaveLength(1);
    expect(await deliveries.claim('target', 1, T + 19, lease('third'))).toEqual([]);
    expect(await deliveries.claim('target', 1, T + 20, lease('third', T + 30))).toHaveLength(1);
  });

  test('given back by its owner leaves the others their own', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1), lease('mine')), inserting(created(2), lease('other'))]);
    await deliveries.release('mine');
    expect(idsOf(await deliveries.claim('target', 9, T, lease('next')))).toEqual([deliveryIdAt(T, 1)]);
  });

  test('of everyone can be given back at once', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1), lease('a')), inserting(created(2), lease('b'))]);
    await deliveries.release('everyone');
    expect(await deliveries.claim('target', 9, T, lease('next'))).toHaveLength(2);
  });

  test("ends with the attempt: a delivery that is to be tried again is anybody's", async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1), lease('mine'))]);
    await stage.store.commit([settling(deliveryIdAt(T, 1), 'pending', T + 1)]);
    expect(await deliveries.claim('target', 9, T + 1, lease('other'))).toHaveLength(1);
  });
}

function settles(stage: Stage): void {
  test('writes down what became of the attempt', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1)), inserting(created(2))]);
    await stage.store.commit([
      write(statements.settle, [deliveryIdAt(T, 1), 'pending', 3, 'timeout', T + 5, null]),
      write(statements.settle, [deliveryIdAt(T, 2), 'dead', 9, 'not_found', T + 7, T + 7]),
    ]);
    expect(await deliveries.get(deliveryIdAt(T, 1))).toMatchObject({
      status: 'pending',
      attempts: 3,
      reason: 'timeout',
      nextAttemptAt: T + 5,
      settledAt: undefined,
    });
    expect(await deliveries.get(deliveryIdAt(T, 2))).toMatchObject({
      status: 'dead',
      attempts: 9,
      settledAt: T + 7,
    });
  });

  test.each(['delivered', 'dead'] as const)(
    'never brings back what is %s: a late word changes nothing',
    async (status) => {
      const deliveries = new DeliveryStore(stage.store);
      const id = deliveryIdAt(T, 1);
      await stage.store.commit([inserting(created(1))]);
      await stage.store.commit([settling(id, status, T + 1, 1)]);
      const settled = await deliveries.get(id);
      for (const late of deliveryStatuses) await stage.store.commit([settling(id, late, T + 9, 2)]);
      expect(await deliveries.get(id)).toEqual(settled);
      expect(await deliveries.dueTargets(T + MINUTE)).toEqual([]);
    },
  );
}

function marks(stage: Stage): void {
  const marking = (id: DeliveryId, as: DeliveryId): Submission => [
    { guard: { statement: statements.markReplayed.name, row: [id, as] }, writes: [] },
  ];

  test('lets one of those pass that would repeat the same delivery', async () => {
    const deliveries = new DeliveryStore(stage.store);
    const id = deliveryIdAt(T, 1);
    await stage.store.commit([inserting(created(1))]);
    const passed = await Promise.all(
      [11, 12, 13, 14].map((n) => stage.store.commit([marking(id, deliveryIdAt(T, n))])),
    );
    expect(passed.flat(2).filter(Boolean)).toHaveLength(1);
    const winner = 11 + passed.findIndex(([first]) => first?.[0] === true);
    expect(await deliveries.get(id)).toMatchObject({ replayedAs: deliveryIdAt(T, winner) });
  });

  test('lets nobody pass for a delivery that is not there', async () => {
    expect(await stage.store.commit([marking(deliveryIdAt(T, 1), deliveryIdAt(T, 2))])).toEqual([[false]]);
  });

  test('at an express wish goes on to the newest', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await stage.store.commit([inserting(created(1))]);
    for (const n of [2, 3]) {
      await stage.store.commit([write(statements.replaceReplayed, [deliveryIdAt(T, 1), deliveryIdAt(T, n)])]);
    }
    expect(await deliveries.get(deliveryIdAt(T, 1))).toMatchObject({ replayedAs: deliveryIdAt(T, 3) });
  });
}

interface Kept {
  readonly delivery: New;
  readonly status: DeliveryStatus;
  readonly replayed: boolean;
}
/** Fifty deliveries, several in the same millisecond, that differ in everything a filter asks for. */
const assorted: readonly Kept[] = Array.from({ length: 50 }, (_, n) => ({
  delivery: created(n, {
    id: deliveryIdAt(T + Math.floor(n / 6) * 10, n),
    eventId: eventIdAt(T, n % 8),
    target: `target-${n % 3}`,
  }),
  status: deliveryStatuses[n % 7 === 0 ? 0 : (n % 2) + 1] ?? 'pending',
  replayed: n % 5 === 0,
}));

async function keep(stage: Stage, all: readonly Kept[]): Promise<void> {
  await stage.store.commit(all.map(({ delivery }) => inserting(delivery)));
  await stage.store.commit(all.map(({ delivery, status }) => settling(delivery.id, status)));
  const replayed = all.filter((one) => one.replayed);
  await stage.store.commit(
    replayed.map(({ delivery }) =>
      write(statements.replaceReplayed, [delivery.id, deliveryIdAt(T + MINUTE)]),
    ),
  );
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyFilter: fc.Arbitrary<DeliveryFilter> = fc
  .record({
    target: maybe(fc.constantFrom('target-0', 'target-2', 'none')),
    status: maybe(fc.constantFrom(...deliveryStatuses)),
    event: maybe(fc.constantFrom(eventIdAt(T, 1), eventIdAt(T, 5))),
    since: maybe(fc.integer({ min: T - 5, max: T + 90 })),
    until: maybe(fc.integer({ min: T - 5, max: T + 90 })),
    notReplayed: maybe(fc.constant(true)),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

const createdAt = (id: DeliveryId): number => Number.parseInt(id.slice(4, 12) + id.slice(13, 17), 16);
const fits = ({ delivery, status, replayed }: Kept, filter: DeliveryFilter): boolean =>
  (filter.target ?? delivery.target) === delivery.target &&
  (filter.status ?? status) === status &&
  (filter.event ?? delivery.eventId) === delivery.eventId &&
  createdAt(delivery.id) >= (filter.since ?? 0) &&
  createdAt(delivery.id) < (filter.until ?? Number.POSITIVE_INFINITY) &&
  !(filter.notReplayed === true && replayed);

function lists(stage: Stage): void {
  test('gives each delivery that fits exactly once, newest first, and counts as many', async () => {
    const deliveries = new DeliveryStore(stage.store);
    await keep(stage, assorted);
    const allPages = async (filter: DeliveryFilter, limit: number): Promise<DeliveryId[]> => {
      const ids: DeliveryId[] = [];
      for (;;) {
        const page = await deliveries.list(filter, limit, ids.at(-1));
        if (page.length === 0) return ids;
        ids.push(...idsOf(page));
      }
    };
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 30 }), async (filter, limit) => {
        const fitting = assorted.filter((one) => fits(one, filter)).map(({ delivery }) => delivery.id);
        expect(await allPages(filter, limit)).toEqual(fitting.toReversed());
        expect(await deliveries.count(filter)).toBe(fitting.length);
      }),
      { numRuns: 60, examples: deliveryStatuses.map((status): [DeliveryFilter, number] => [{ status }, 4]) },
    );
  });

  test('of the pending is in order whether there are few of them or many', async () => {
    const deliveries = new DeliveryStore(stage.store);
    for (const total of [5, 2_500]) {
      await stage.store.commit(Array.from({ length: total }, (_, n) => inserting(created(n + total))));
      const page = idsOf(await deliveries.list({ status: 'pending' }, 3));
      expect(page).toEqual([1, 2, 3].map((n) => deliveryIdAt(T, 2 * total - n)));
    }
  });
}

function attempts(stage: Stage): void {
  const attempt = (n: number, number: number): Attempt => ({
    deliveryId: deliveryIdAt(T, n),
    number,
    startedAt: T + number,
    durationMs: 12,
    outcome: number === 3 ? 'delivered' : 'retry',
    reason: number === 3 ? undefined : 'timeout',
    status: number === 3 ? 200 : undefined,
    answer: number === 3 ? 'ok\0' : undefined,
  });

  test('are told by delivery and in their order', async () => {
    const deliveries = new DeliveryStore(stage.store);
    const all = [attempt(2, 1), attempt(1, 3), attempt(1, 1), attempt(1, 2), attempt(3, 1)];
    await stage.store.commit(all.map((one) => write(statements.insertAttempt, attemptRow(one))));
    const found = await deliveries.attempts([deliveryIdAt(T, 1), deliveryIdAt(T, 2), deliveryIdAt(T, 9)]);
    const expected = [attempt(1, 1), attempt(1, 2), { ...attempt(1, 3), answer: 'ok\uFFFD' }, attempt(2, 1)];
    expect(found).toEqual(expected);
    expect(await deliveries.attempts([])).toEqual([]);
  });

  test('written down twice are one', async () => {
    const deliveries = new DeliveryStore(stage.store);
    for (let times = 0; times < 2; times++) {
      await stage.store.commit([write(statements.insertAttempt, attemptRow(attempt(1, 1)))]);
    }
    expect(await deliveries.attempts([deliveryIdAt(T, 1)])).toHaveLength(1);
  });
}
