import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf, listed, sampleFeed, storeAll } from '../../../tests/support/incident-lists.ts';
import type { AttributedIncident, Identity, IncidentId } from '../incident.ts';
import { IncidentBook } from './incident-book.ts';
import type { ChangePage } from './port.ts';
import { Queue } from './queue.ts';

const feed = sampleFeed({ types: [{ type: 'mixed', either: 'who' }] });
const records = (all: readonly (number | string)[]) =>
  listed(
    feed,
    'mixed',
    all.map((who, at) => ({ priority: 'low', timestamp: Math.floor(at / 2), who })),
  );

/** What a store would hold that is told of pages. */
class ModelStore {
  readonly incidents = new Map<IncidentId, AttributedIncident>();
  readonly identities = new Map<string, Identity>();

  write({ seen, gone, attributed, identities }: ChangePage): void {
    // As a store does: whom an incident is about is fixed once it is known.
    for (const { isRemembered: _, ...incident } of seen)
      this.incidents.set(incident.id, {
        ...incident,
        employee: this.incidents.get(incident.id)?.employee ?? incident.employee,
      });
    for (const id of gone) this.incidents.delete(id);
    for (const { id, employee } of attributed) {
      const known = this.incidents.get(id);
      if (known !== undefined) this.incidents.set(id, { ...known, employee: known.employee ?? employee });
    }
    for (const identity of identities) this.identities.set(identity.address, identity);
  }
}

const address = fc.constantFrom('a', 'b', 'c', 'd');
const employee = fc.constantFrom('1', '2', '3');
const step = fc.oneof(
  fc.record({
    kind: fc.constant('list' as const),
    whose: fc.array(fc.oneof(address, fc.constantFrom(1, 2, 3)), { maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('identities' as const),
    all: fc.array(fc.tuple(address, employee), { maxLength: 4 }),
  }),
  // A page that is written; confirmed at once, late, or never.
  fc.record({
    kind: fc.constant('page' as const),
    limit: fc.integer({ min: 1, max: 6 }),
    isWritten: fc.boolean(),
    confirmed: fc.constantFrom('now' as const, 'later' as const, 'never' as const),
  }),
);

test('pages written to a store, confirmed or not, come to exactly what is listed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const book = new IncidentBook([feed]);
      const store = new ModelStore();
      let late: number | undefined;
      let now: ReturnType<typeof records> = [];
      for (const [at, one] of steps.entries()) {
        if (one.kind === 'list') book.takeList('elevate', 'mixed', (now = records(one.whose)));
        if (one.kind === 'identities') book.takeIdentities('elevate', new Map(one.all), at);
        if (one.kind !== 'page') continue;
        if (late !== undefined) book.stored('elevate', late);
        const page = book.changes('elevate', one.limit);
        expect(sizeOf(page)).toBeLessThanOrEqual(one.limit);
        late = undefined;
        if (!one.isWritten) continue;
        store.write(page);
        if (one.confirmed === 'now') book.stored('elevate', page.mark);
        if (one.confirmed === 'later') late = page.mark;
      }
      for (const page of storeAllInto(book, store)) expect(sizeOf(page)).toBeLessThanOrEqual(3);
      expect([...store.incidents.keys()].sort()).toEqual(now.map(({ id }) => id).sort());
      const filed = [...store.incidents.values()].filter((one) => one.employee !== undefined);
      const { unresolved, incidents } = book.document();
      expect([filed.length, store.incidents.size]).toEqual([incidents - unresolved, incidents]);
    }),
    { numRuns: 500 },
  );
});

const sizeOf = ({ seen, gone, attributed, identities }: ChangePage): number =>
  seen.length + gone.length + attributed.length + identities.length;

function storeAllInto(book: IncidentBook, store: ModelStore): readonly ChangePage[] {
  const pages: ChangePage[] = [];
  for (;;) {
    const page = book.changes('elevate', 3);
    store.write(page);
    book.stored('elevate', page.mark);
    pages.push(page);
    if (!page.more) return pages;
  }
}

test('a book that loads what a store was told has the same document', () => {
  const all = fc.array(fc.oneof(address, fc.constantFrom(1, 2, 3)), { maxLength: 8 });
  fc.assert(
    fc.property(all, all, fc.array(fc.tuple(address, employee)), (first, second, identities) => {
      const book = new IncidentBook([feed]);
      const store = new ModelStore();
      book.takeList('elevate', 'mixed', records(first));
      storeAllInto(book, store);
      book.takeIdentities('elevate', new Map(identities), 1);
      book.takeList('elevate', 'mixed', records(second));
      storeAllInto(book, store);
      const again = new IncidentBook([feed]);
      again.load('elevate', [...store.incidents.values()], [...store.identities.values()]);
      again.takeList('elevate', 'mixed', records(second));
      expect(documentOf(again)).toEqual(documentOf(book));
      expect(storeAll(again, 'elevate').map(sizeOf)).toEqual([0]);
    }),
  );
});

test('what comes back after a page said that it was gone is told of again', () => {
  const book = new IncidentBook([feed]);
  const store = new ModelStore();
  book.takeList('elevate', 'mixed', records([1]));
  storeAllInto(book, store);
  book.takeList('elevate', 'mixed', []);
  store.write(book.changes('elevate', 1));
  // A later page that does not hold it, and the first one is never confirmed.
  book.takeList('elevate', 'mixed', records([2]));
  book.changes('elevate', 1);
  book.takeList('elevate', 'mixed', records([1]));
  storeAllInto(book, store);
  expect([...store.incidents.values()].map(({ employee: one }) => one)).toEqual(['1']);
});

test('a page that nobody confirms comes again', () => {
  const book = new IncidentBook([feed]);
  book.takeList('elevate', 'mixed', records([1, 'a']));
  const first = book.changes('elevate', 1);
  expect(first).toMatchObject({ more: true });
  const second = book.changes('elevate', 1);
  expect(second.seen).toEqual(first.seen);
  book.stored('elevate', second.mark);
  expect(book.changes('elevate', 1).seen.map(({ address: one }) => one)).toEqual(['a']);
});

test('what changes while its page is being written comes again', () => {
  const book = new IncidentBook([feed]);
  book.takeList('elevate', 'mixed', records(['a']));
  const page = book.changes('elevate', 10);
  book.takeIdentities('elevate', new Map([['a', '1']]), 5);
  book.stored('elevate', page.mark);
  const next = book.changes('elevate', 10);
  expect(next.seen).toEqual([]);
  expect(next.attributed.map(({ employee: one }) => one)).toEqual(['1']);
  book.takeIdentities('elevate', new Map(), 6);
  book.stored('elevate', next.mark);
  expect(book.changes('elevate', 10).identities).toEqual([{ address: 'a', employee: '1', forgottenAt: 6 }]);
});

test('what is added to a queue while it is looked at is found, and once', () => {
  const action = fc.oneof(
    fc.record({ put: fc.integer({ min: 0, max: 9 }), isIn: fc.boolean() }),
    fc.record({ first: fc.integer({ min: 0, max: 4 }), isRemoved: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const queue = new Queue<number>();
      const model = new Set<number>();
      for (const one of actions) {
        if ('put' in one) {
          queue.put(one.put, one.isIn);
          if (one.isIn) model.add(one.put);
          else model.delete(one.put);
          continue;
        }
        const found = queue.first(one.first);
        expect(found).toHaveLength(Math.min(one.first, model.size));
        expect(new Set(found).size).toBe(found.length);
        expect(found.every((each) => model.has(each))).toBe(true);
        if (!one.isRemoved) continue;
        for (const each of found) {
          queue.put(each, false);
          model.delete(each);
        }
      }
      expect(new Set(queue.first(100))).toEqual(model);
    }),
  );
});
