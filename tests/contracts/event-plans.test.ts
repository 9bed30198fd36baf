import { CompiledQuery } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MatterFilter, MatterStore } from '../../src/events/matters/store.ts';
import { NoteStore } from '../../src/events/notes/store.ts';
import { SearchIndex, type SearchRange } from '../../src/events/search/index-store.ts';
import { readSearch } from '../../src/events/search/query.ts';
import { type EventFilter, EventStore } from '../../src/events/store.ts';
import type { Store } from '../../src/storage/store.ts';
import { eventIdAt } from './ids.ts';
import { onEachStore, type Stage } from './on-each-store.ts';
import { indexesOf, type Plan, plansOf } from './plan-of.ts';

const T = Date.UTC(2026, 0, 31, 12);
const LIMIT = 51;
const AFTER = 15_000;

await onEachStore('plans of what operators ask', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));
  describe('a page of events', () => eventPages(stage));
  describe('matters', () => matterQueries(stage));
  describe('acknowledgements and notes', () => noteQueries(stage));
  describe('the search index', () => searchQueries(stage));
  describe('the stream', () => streamQueries(stage));
});

/** A service that has run for a while, where what is looked for is rare. */
async function fill(store: Store): Promise<void> {
  const evt = `'evt_' || regexp_replace(lpad(to_hex(${T} + n), 12, '0'), '(.{8})', '\\1-') || '-7000-8000-' || lpad(to_hex(n), 12, '0')`;
  const rows = 'FROM generate_series(1, 20000) n';
  await store.transact(
    [
      `INSERT INTO events (id, source, type, severity, subject, fingerprint, received_at, internal, unrouted, state, geo_source, geo_allowed, record, payload)
        SELECT ${evt}, 'common', 'common', n % 4, 'common', md5((n / 10)::text), ${T} + n, 0, 0,
          CASE n % 500 WHEN 0 THEN 'open' WHEN 1 THEN 'resolved' END,
          CASE n % 500 WHEN 0 THEN 'RU' ELSE 'FR' END, CASE n % 500 WHEN 0 THEN 0 ELSE 1 END, repeat('r', 400), repeat('p', 600) ${rows}`,
      `INSERT INTO matters (fingerprint, source, type, severity, title, subject_id, state, state_at, state_event,
          opened_at, updated_at, first_event, last_event, events)
        SELECT md5(n::text), 'common', 't', n % 4, 'title', CASE WHEN n % 2000 = 9 THEN 'rare' ELSE 'common' END,
          CASE WHEN n % 500 = 0 THEN 'open' ELSE 'resolved' END, n, ${evt}, n, n, ${evt}, ${evt}, 3 ${rows}`,
      `INSERT INTO acknowledgements (event_id, at, actor, actor_name) SELECT ${evt}, n, 'a', 'a' ${rows} WHERE n % 100 = 0`,
      `INSERT INTO notes (id, event_id, at, actor, actor_name, text) SELECT 'not_' || n, ${evt}, n, 'a', 'a', 't' ${rows} WHERE n % 3 = 0`,
      `INSERT INTO search (event_id, words)
        SELECT ${evt}, (CASE WHEN n % 2000 = 9 THEN '''rare'':1 ' ELSE '' END || '''common'':2 ''w' || n || ''':3')::tsvector ${rows}`,
      'ANALYZE',
    ].map((sql) => CompiledQuery.raw(sql)),
  );
}

const isOrdered = (plan: Plan | undefined, dialect: Stage['dialect']): void => {
  // A handful PostgreSQL may well sort; SQLite does not know that it is one.
  if (dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
};

function eventPages(stage: Stage): void {
  test.each<readonly [EventFilter, string]>([
    [{ fingerprint: 'ab' }, 'events_fingerprint'],
    [{ fingerprint: 'ab', state: 'open' }, 'events_fingerprint'],
    [{ state: 'open' }, 'events_stateful'],
    [{ state: 'resolved', acknowledged: false }, 'events_stateful'],
    [{ 'geo.allowed': false }, 'events_geo_refused'],
    [{ 'geo.allowed': false, 'geo.source': 'RU', severityMin: 'low' }, 'events_geo_refused'],
  ])('with %j finds the few that fit by %s', async (filter, index) => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).list(filter, LIMIT, eventIdAt(T + AFTER)),
    );
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    isOrdered(plan, stage.dialect);
  });

  test('with those that are not acknowledged goes along the ids', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).list({ acknowledged: false }, LIMIT, eventIdAt(T + AFTER)),
    );
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });

  test.each<EventFilter>([{ 'geo.allowed': true }, { 'geo.source': 'FR' }, { 'geo.destination': 'private' }])(
    'with %j, which has no index of its own, goes along the ids',
    async (filter) => {
      const [plan] = await plansOf(stage, (store) =>
        new EventStore(store).list(filter, LIMIT, eventIdAt(T + AFTER)),
      );
      expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
    },
  );

  test('among candidates looks them up by their ids', async () => {
    const ids = Array.from({ length: 500 }, (_, n) => eventIdAt(T, n));
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).listAmong(ids, { source: 'common' }, LIMIT),
    );
    expect(plan?.reads, plan?.text).toMatchObject([{ seeks: true }]);
    if (stage.dialect === 'sqlite') expect(plan?.text).toMatch(/\bid=\?\)/);
  });
}

function matterQueries(stage: Stage): void {
  test.each<readonly [MatterFilter, string]>([
    [{}, 'matters_last'],
    [{ severityMin: 'low', source: 'common' }, 'matters_last'],
    [{ state: 'open' }, 'matters_open'],
    [{ state: 'open', severityMin: 'low' }, 'matters_open'],
    [{ subject: 'rare' }, 'matters_subject'],
  ])('with %j go along %s', async (filter, index) => {
    const [plan] = await plansOf(stage, (store) =>
      new MatterStore(store).list(filter, LIMIT, eventIdAt(T + AFTER)),
    );
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    isOrdered(plan, stage.dialect);
  });

  test('past their time are found by their last event, and those by their ids', async () => {
    const [plan] = await plansOf(stage, (store) => new MatterStore(store).forget(T + 400, 500));
    expect(
      plan?.reads.map(({ index }) => index),
      plan?.text,
    ).toEqual(expect.arrayContaining(['matters_last', 'id']));
    expect(
      plan?.reads.every(({ seeks }) => seeks),
      plan?.text,
    ).toBe(true);
  });
}

function noteQueries(stage: Stage): void {
  test('of an event are found by it, and go with it', async () => {
    const id = eventIdAt(T + 7, 7);
    const plans = await plansOf(stage, async (store) => {
      const notes = new NoteStore(store);
      await notes.notes(id);
      await notes.deleteOf([id]);
    });
    for (const plan of plans) {
      expect(
        plan.reads.map(({ seeks }) => seeks),
        plan.text,
      ).not.toContain(false);
      expect(
        plan.reads.map(({ index }) => index),
        plan.text,
      ).not.toContain(undefined);
    }
    expect(plans[0] && indexesOf(plans[0]), plans[0]?.text).toEqual(['notes_event']);
  });

  test('are paged through along their events', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new NoteStore(store).acknowledged(eventIdAt(T + AFTER), 500),
    );
    expect(plan?.sorts, plan?.text).toBe(false);
    expect(plan?.text).toMatch(
      /SEARCH acknowledgements USING|Index Only Scan Backward using acknowledgements_pkey/,
    );
  });
}

function searchQueries(stage: Stage): void {
  const planOf = async (search: string, range: SearchRange = {}): Promise<Plan | undefined> => {
    const query = readSearch(search);
    if (typeof query === 'string') throw new TypeError(query);
    const plans = await plansOf(stage, (store) => new SearchIndex(store).find(query, range, 500));
    return plans[0];
  };
  const page = { before: eventIdAt(T + AFTER), since: T + 100 };

  test.each(['rare', '"rare common"', 'rar*'])('%s is looked up in the index of words', async (search) => {
    const plan = await planOf(search, page);
    if (stage.dialect === 'sqlite') {
      // M: the match, <>: a range of numbers; no sorting: they come in their order.
      expect(plan?.text).toMatch(/SCAN search_words VIRTUAL TABLE INDEX \d+:M1(?:<>|><|[<>])/);
      expect(plan?.reads, plan?.text).toEqual([{ index: 'id', seeks: true }]);
      expect(plan?.sorts, plan?.text).toBe(false);
    } else {
      expect(plan && indexesOf(plan), plan?.text).toContain('search_words');
    }
  });

  test('the end of it, and the event up to which it is whole, are read off an index', async () => {
    const plans = await plansOf(stage, async (store) => {
      const index = new SearchIndex(store);
      await index.newest();
    });
    expect(plans[0]?.reads[0]?.index, plans[0]?.text).toBe('id');
  });

  test('what it has not got is found along the ids from where it ends', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).listUnindexed({
        filter: {},
        limit: 100,
        after: eventIdAt(T + 19_000),
        oldestFirst: true,
      }),
    );
    expect(plan?.reads[0], plan?.text).toEqual({ index: 'id', seeks: true });
    expect(
      plan?.reads.every(({ index, seeks }) => index === 'id' && seeks),
      plan?.text,
    ).toBe(true);
    expect(plan?.sorts, plan?.text).toBe(false);
  });

  test('a step further on is counted along the ids', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).idFurtherOn(eventIdAt(T + 100), eventIdAt(T + 9_000), 2_000),
    );
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });

  test('what goes with events goes by their ids', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => eventIdAt(T, n));
    const [plan] = await plansOf(stage, (store) => new SearchIndex(store).deleteOf(ids));
    // SQLite goes through what it found once more, for the view's trigger.
    expect(plan?.reads[0], plan?.text).toMatchObject({ seeks: true });
  });
}

function streamQueries(stage: Stage): void {
  test('looks at the end of the ids only', async () => {
    const plans = await plansOf(stage, async (store) => {
      const events = new EventStore(store);
      await events.listAfter({}, 500, eventIdAt(T + 19_900));
      await events.countAfter({}, 1_001, eventIdAt(T + 19_000));
      await events.idsBetween(eventIdAt(T + 19_000), eventIdAt(T + 19_900), 10_000);
    });
    for (const plan of plans) {
      expect(plan, plan.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
    }
  });

  test('goes on behind an event along the ids', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).listAfter({ source: 'common' }, 1_001, eventIdAt(T + 19_000)),
    );
    expect(plan?.reads[0]?.seeks, plan?.text).toBe(true);
    expect(plan?.sorts, plan?.text).toBe(false);
  });
}
