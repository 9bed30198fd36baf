import { describe, expect, test } from 'vitest';
import { onEachStore, onPostgres, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { IncidentStore } from './store.ts';
import { ask, commit, incident, T, write } from './test-incidents.ts';

await onEachStore('what is written of incidents', (stage) => {
  describe('incidents', () => incidentWrites(stage));
  describe('feeds', () => feedWrites(stage));
});

const one = async (stage: Stage, id: `inc_${string}`) =>
  (await new IncidentStore(stage.store).getMany([id]))[0];

function incidentWrites(stage: Stage): void {
  test('an incident comes back as it was, with the nearest double for its time', async () => {
    const all = [
      incident({ stated: '7', timestamp: 1629254311.8207245, priority: 'critical', record: '{"a":"é 😀"}' }),
      incident({ address: '17.0.0.1', timestamp: 0.1 + 0.2, employee: '9' }),
      incident({ sourceAddress: '1.2.3.4', timestamp: 253402300798.9999, address: '' }),
      incident({ timestamp: 1.5e-7, record: '{}' }),
      incident({ fault: 'priority_unknown', priority: undefined, timestamp: 0 }),
    ];
    await commit(stage.store, ...all.map((each) => write.insertKnown(each)));
    const store = new IncidentStore(stage.store);
    const found = await store.getMany(all.map(({ id }) => id));
    expect(found).toEqual(all.map((each) => expect.objectContaining(each)));
    expect(found[0]).toMatchObject({
      identity: 'stated',
      firstSeenAt: T,
      lastSeenAt: undefined,
      isListed: true,
      attributedAt: undefined,
      eventId: null,
    });
    const listed = await store.listed('elevate', undefined, 10);
    expect(listed).toEqual(all.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  });

  test('one that is known does not pass again and is left as it is', async () => {
    const first = incident({ stated: '1' });
    expect(await ask(stage.store, write.insert(first), write.insert(first, { eventId: 'evt_late' }))).toEqual(
      [true, false],
    );
    expect(await ask(stage.store, write.insert({ ...first, record: '"other"' }))).toEqual([false]);
    await commit(stage.store, write.insertKnown({ ...first, record: '"known"' }));
    expect(await one(stage, first.id)).toMatchObject({ record: first.record, eventId: `evt_${first.id}` });
  });

  test('it leaves the list with the time of the last that held it, and comes back', async () => {
    const store = new IncidentStore(stage.store);
    const gone = incident({ address: '10.0.0.1' });
    await commit(stage.store, write.insertKnown(gone));
    await commit(stage.store, write.delist(gone.id, T + 5));
    await commit(stage.store, write.delist(gone.id, T + 9));
    expect(await one(stage, gone.id)).toMatchObject({ isListed: false, lastSeenAt: T + 5 });
    expect(await store.listed('elevate', undefined, 10)).toEqual([]);
    await commit(stage.store, write.relist(gone.id, '4', T + 20));
    expect(await one(stage, gone.id)).toMatchObject({
      isListed: true,
      lastSeenAt: undefined,
      firstSeenAt: T,
      employee: '4',
      attributedAt: T + 20,
    });
    await commit(stage.store, write.relist(gone.id, '5', T + 30));
    expect(await one(stage, gone.id)).toMatchObject({ employee: '4', attributedAt: T + 20 });
    expect(await store.listedBefore('elevate', T + 20, 10)).toEqual([]);
    expect(await store.listedBefore('elevate', T + 21, 10)).toEqual([gone.id]);
  });

  test('what feeds list that the config names no more is found, and nothing else', async () => {
    const store = new IncidentStore(stage.store);
    const known = incident({ type: 'misuse' });
    const [otherType, otherFeed, gone] = [
      incident({ type: 'denial' }),
      incident({ feed: 'badges' }),
      incident({ feed: 'badges' }),
    ];
    await commit(stage.store, ...[known, otherType, otherFeed, gone].map((each) => write.insertKnown(each)));
    await commit(stage.store, write.delist(gone.id, T));
    const outside = await store.listedOutside([{ id: 'elevate', types: ['misuse'] }], 10);
    expect(outside.toSorted()).toEqual([otherType.id, otherFeed.id].toSorted());
    expect(await store.listedOutside([{ id: 'elevate', types: ['misuse'] }], 1)).toHaveLength(1);
  });

  test('the first employee stays', async () => {
    const unknown = incident({ address: '10.0.0.1' });
    await commit(stage.store, write.insertKnown(unknown));
    const { id } = unknown;
    expect(await ask(stage.store, write.attribute(id, '4', T + 1), write.attribute(id, '5', T + 1))).toEqual([
      true,
      false,
    ]);
    expect(await ask(stage.store, write.attribute(id, '5', T + 2))).toEqual([false]);
    expect(await one(stage, id)).toMatchObject({ employee: '4', attributedAt: T + 1 });
  });

  test('how an employee is known follows what the feed says of the address now', async () => {
    const [own, other, stated] = [
      incident({ address: '10.0.0.1', employee: '4' }),
      incident({ feed: 'other', address: '10.0.0.1', employee: '4' }),
      incident({ stated: '4' }),
    ];
    const identity = { address: '10.0.0.1', employee: '4', forgottenAt: undefined };
    await commit(
      stage.store,
      write.insertKnown(own),
      write.insertKnown(other, { identitiesOf: 'elevate' }),
      write.insertKnown(stated),
      write.identity(identity),
    );
    const origins = async () =>
      (await new IncidentStore(stage.store).getMany([own.id, other.id, stated.id])).map(
        ({ identity }) => identity,
      );
    expect(await origins()).toEqual(['current', 'current', 'stated']);
    await commit(stage.store, write.identity({ ...identity, forgottenAt: T + 1 }));
    expect(await origins()).toEqual(['remembered', 'remembered', 'stated']);
  });
}

function feedWrites(stage: Stage): void {
  test('identities are kept by feed and address, the last word of a batch stands', async () => {
    const store = new IncidentStore(stage.store);
    const identity = (address: string, employee: string, forgottenAt?: number) => ({
      address,
      employee,
      forgottenAt,
    });
    await commit(
      stage.store,
      write.identity(identity('b', '1')),
      write.identity(identity('a', '2')),
      write.identity(identity('a', '3'), T, 'other'),
      write.identity(identity('b', '4', T + 1)),
    );
    expect(await store.identities('elevate', undefined, 10)).toEqual([
      identity('a', '2'),
      identity('b', '4', T + 1),
    ]);
    expect(await store.identities('elevate', 'a', 10)).toEqual([identity('b', '4', T + 1)]);
    await commit(stage.store, write.identity(identity('b', '4')));
    expect(await store.identities('elevate', 'a', 10)).toEqual([identity('b', '4')]);
    expect(await store.identities('other', undefined, 10)).toEqual([identity('a', '3')]);
  });

  test('identities that none has named for long are forgotten, others stay', async () => {
    const store = new IncidentStore(stage.store);
    const identity = (address: string, forgottenAt: number | undefined) =>
      write.identity({ address, employee: '1', forgottenAt });
    await commit(stage.store, identity('named', undefined), identity('long', T - 2), identity('just', T));
    expect(await store.sweepIdentities(T - 1, 10)).toBe(1);
    expect((await store.identities('elevate', undefined, 10)).map(({ address }) => address)).toEqual([
      'just',
      'named',
    ]);
    expect(await store.sweepIdentities(T - 1, 10)).toBe(0);
  });

  test("a type's first list is stored once, and the last report stands", async () => {
    const store = new IncidentStore(stage.store);
    expect(await store.feeds()).toEqual([]);
    expect(await ask(stage.store, write.fill('denial'), write.fill('denial'), write.fill('other'))).toEqual([
      true,
      false,
      true,
    ]);
    expect(await ask(stage.store, write.fill('denial', T + 1))).toEqual([false]);
    await commit(stage.store, write.report('{"n":1}'), write.report('{"n":2}'), write.report('{}', 'badges'));
    expect(await store.feeds()).toEqual([
      { id: 'badges', filled: [], report: '{}' },
      { id: 'elevate', filled: ['denial', 'other'], report: '{"n":2}' },
    ]);
  });

  test('a turn passes once for each way, and that all is good is no news at first', async () => {
    const store = new IncidentStore(stage.store);
    expect(await ask(stage.store, write.turn('good', T))).toEqual([false]);
    expect(await store.conditions()).toEqual([]);
    const steps: (readonly [string, boolean])[] = [
      ['failing', true],
      ['failing', false],
      ['stale', true],
      ['good', true],
      ['good', false],
      ['failing', true],
    ];
    for (const [n, [state, passes]] of steps.entries())
      expect(await ask(stage.store, write.turn(state, T + n))).toEqual([passes]);
    expect(await store.conditions()).toEqual([{ key: 'elevate/lists', state: 'failing', since: T + 5 }]);
  });
}

await onPostgres('incidents of two processes, over PostgreSQL', (stage) => {
  test('of 64 who insert one at once, one passes', async () => {
    const other = await stage.openAnother();
    const same = incident({ stated: '1' });
    const passed = await Promise.all(
      Array.from({ length: 64 }, (_, n) => ask(n % 2 ? stage.store : other, write.insert(same))),
    );
    expect(passed.flat().filter(Boolean)).toHaveLength(1);
  });

  test('many that both insert in other orders hold nobody up', async () => {
    const other = await stage.openAnother();
    const all = Array.from({ length: 400 }, () => incident());
    const known = all.map((each) => write.insertKnown(each));
    for (let n = 0; n < 5; n++)
      await Promise.all([commit(stage.store, ...known), commit(other, ...known.toReversed())]);
    expect(await new IncidentStore(stage.store).count({}, 1_000)).toBe(400);
  });
});
