import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { onEachStore, onPostgres, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { hostileEvent, sampleEvent } from '../../../tests/support/sample-event.ts';
import { storeAtRest } from '../../../tests/support/test-store.ts';
import { type EventId, newEventId, uuidv7 } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Journal } from '../../storage/journal.ts';
import type { Store } from '../../storage/store.ts';
import type { TocsinEvent } from '../event.ts';
import { EventFinder, type Found } from '../find.ts';
import { NoteStore } from '../notes/store.ts';
import { eventStatements } from '../statements.ts';
import { eventRow, EventStore, type EventFilter } from '../store.ts';
import { ftsText, searchNumber, tsVector } from './dialects.ts';
import { documentOf } from './document.ts';
import { Indexer } from './indexer.ts';
import { SearchIndex } from './index-store.ts';
import { holds, readSearch, type SearchQuery } from './query.ts';

const T = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function read(text: string): SearchQuery {
  const query = readSearch(text);
  if (typeof query === 'string') throw new TypeError(query);
  return query;
}

function start(store: Store, clock = new ManualClock(() => storeAtRest(store), T)) {
  const journal = new Journal(store, silentLogger);
  const events = new EventStore(store);
  const index = new SearchIndex(store);
  const finder = new EventFinder(events, new NoteStore(store), index, clock);
  const owner = uuidv7();
  const indexer = new Indexer({ store, journal, events, index, clock, log: silentLogger, owner });
  const find = async (
    search: string,
    filter: EventFilter = {},
    limit = 50,
    after?: EventId,
  ): Promise<Found> => finder.find({ filter, search: read(search), limit, after });
  const ids = async (search: string, filter: EventFilter = {}): Promise<EventId[]> =>
    (await find(search, filter)).items.map(({ id }) => id);
  return { clock, journal, events, index, indexer, find, ids };
}

/** Received `ago` ms before T. */
const event = (title: string, ago = 0, more: Partial<TocsinEvent> = {}): TocsinEvent =>
  sampleEvent({ id: eventIdOf(T - ago), receivedAt: T - ago, title, ...more });
/** Of real ids no two have the same milliseconds and counter, however they are asked for. */
let counter = 0;
const eventIdOf = (ms: number): EventId => {
  const id = `evt_${ms
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}`;
  return `${id}-7${(counter++ & 0xfff).toString(16).padStart(3, '0')}-${newEventId().slice(-17)}` as EventId;
};

async function keep(store: Store, ...events: readonly TocsinEvent[]): Promise<void> {
  await store.commit(
    events.map((one) => [{ writes: [{ statement: eventStatements.insert.name, row: eventRow(one, []) }] }]),
  );
}

async function all(indexer: Indexer): Promise<void> {
  while ((await indexer.step()) < 1_000);
}

await onEachStore('search', (stage) => {
  describe('an event', () => findsIt(stage));
  describe('a page', () => pages(stage));
  describe('the index', () => keepsUp(stage));
});

function findsIt(stage: Stage): void {
  const sought = event('Connection from TOR', 0, {
    type: 'security_event.auth_tor',
    source: 'edge-waf',
    subject: { kind: 'application', id: 'app-17', name: 'Crème shop' },
    labels: { environment: 'production' },
    observables: [{ kind: 'ip', value: '135.96.171.118' }],
    link: 'https://example.com/incident/4711',
    payload: String.raw`{"note": "line\nbreak", "name": "caf\u00e9", "k": "PayloadWord"}`,
  });
  const plain = {
    type: 'x',
    labels: {},
    observables: [],
    subject: undefined,
    link: undefined,
    payload: '{}',
  };
  const others = [event('Something else', 5, plain), event('Another from elsewhere', 7, plain)];

  test.each([
    'tor',
    'connection tor',
    '"from tor"',
    'conn*',
    'auth_tor',
    'edge-waf',
    'app-17',
    'creme',
    'production',
    '"environment production"',
    '135.96.171.118',
    '135.96.*',
    '4711',
    'payloadword',
    'break',
    'café',
    'tor 4711 payload*',
  ])('is found by %s, whether the index has it or not', async (search) => {
    const { ids, indexer } = start(stage.store);
    await keep(stage.store, ...others, sought);
    expect(await ids(search)).toEqual([sought.id]);
    await all(indexer);
    expect(await ids(search)).toEqual([sought.id]);
  });

  test.each(['nowhere', '"tor from"', 'nbreak', '"tor 4711"', '96.135', 'tor nowhere', 'or', 'near', 'and'])(
    'is not found by %s',
    async (search) => {
      const { ids, indexer } = start(stage.store);
      await keep(stage.store, sought);
      expect(await ids(search)).toEqual([]);
      await all(indexer);
      expect(await ids(search)).toEqual([]);
    },
  );

  test('with everything in it that breaks parsers is found all the same', async () => {
    const { ids, indexer } = start(stage.store);
    const evil = { ...hostileEvent(), id: eventIdOf(T) };
    await keep(stage.store, evil);
    await all(indexer);
    expect(await ids('mallory alert forged')).toEqual([evil.id]);
  });

  test('is found by the index and by looking at it alike, whatever is looked for', async () => {
    const alphabet = fc.constantFrom(
      'ab',
      'abc',
      'b',
      'é',
      'b-ab',
      '日本',
      'ab"b',
      "o'b",
      '"ab b"',
      'ab*',
      'b ab',
      '%',
      '\\',
    );
    const text = fc.array(alphabet, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), text, async (titles, search) => {
        const query = readSearch(search);
        if (typeof query === 'string') return;
        await wipe(stage.store);
        const { ids, indexer, events } = start(stage.store);
        await keep(stage.store, ...titles.map((title, n) => event(title, n)));
        const rows = await events.listUnindexed({ filter: {}, limit: 99 });
        const expected = rows.filter((row) => holds(documentOf(row), query)).map(({ id }) => id);
        expect(await ids(search)).toEqual(expected);
        await all(indexer);
        expect(await ids(search)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
}

async function wipe(store: Store): Promise<void> {
  const tables = store.write.withTables<Record<'events' | 'search' | 'search_progress', object>>();
  for (const table of ['events', 'search', 'search_progress'] as const)
    await tables.deleteFrom(table).execute();
}

function pages(stage: Stage): void {
  const assorted = Array.from({ length: 90 }, (_, n) =>
    event(n % 3 === 0 ? 'wanted thing' : 'other thing', n * 1_000, {
      source: n % 2 === 0 ? 'even' : 'odd',
      severity: n % 9 === 0 ? 'critical' : 'low',
      geo: n % 2 === 0 ? undefined : { source: 'RU', destination: undefined, allowed: n % 3 !== 0 },
    }),
  );
  const walk = async (
    find: ReturnType<typeof start>['find'],
    search: string,
    filter: EventFilter,
    limit: number,
  ): Promise<EventId[]> => {
    const ids: EventId[] = [];
    let after: EventId | undefined;
    for (;;) {
      const { items, nextCursor } = await find(search, filter, limit, after);
      ids.push(...items.map(({ id }) => id));
      expect(items.length).toBeLessThanOrEqual(limit);
      if (nextCursor === null) return ids;
      after = nextCursor;
    }
  };

  test.each<readonly [EventFilter, (n: number) => boolean]>([
    [{}, () => true],
    [{ source: 'odd' }, (n) => n % 2 === 1],
    [{ severityMin: 'high' }, (n) => n % 9 === 0],
    [{ since: T - 40_000, until: T - 10_000 }, (n) => n > 10 && n <= 40],
    [{ 'geo.allowed': false, 'geo.source': 'RU' }, (n) => n % 6 === 3],
    [{ source: 'nobody' }, () => false],
    [{ acknowledged: true }, () => false],
  ])('with %j as well has each event once, newest first, half of them indexed', async (filter, isIn) => {
    const { find, indexer } = start(stage.store);
    await keep(stage.store, ...assorted.slice(30));
    await all(indexer);
    await keep(stage.store, ...assorted.slice(0, 30));
    const expected = assorted.filter((_, n) => n % 3 === 0 && isIn(n)).map(({ id }) => id);
    for (const limit of [1, 4, 50]) expect(await walk(find, 'wanted', filter, limit)).toEqual(expected);
  });

  test('goes on over events that do not fit, however many', async () => {
    const { find, indexer } = start(stage.store);
    const many = Array.from({ length: 700 }, (_, n) =>
      event('wanted', n, { source: n === 690 ? 'rare' : 'x' }),
    );
    await keep(stage.store, ...many);
    await all(indexer);
    expect(await walk(find, 'wanted', { source: 'rare' }, 5)).toEqual([many[690]?.id]);
  });
}

function keepsUp(stage: Stage): void {
  test('says how far it is, and that nothing was left out', async () => {
    const { find, indexer } = start(stage.store);
    expect((await find('word')).coverage).toEqual({ indexedUntil: undefined, isComplete: true });
    await keep(stage.store, event('word', 5_000));
    await all(indexer);
    expect((await find('word')).coverage).toEqual({ indexedUntil: T - 5_000, isComplete: true });
  });

  test('behind by more than can be looked through, the newest are found and the answer says so', async () => {
    const { find, index } = start(stage.store);
    const many = Array.from({ length: 2_050 }, (_, n) => event('word', n));
    for (let n = 0; n < many.length; n += 500) await keep(stage.store, ...many.slice(n, n + 500));
    expect(await index.newest()).toBeUndefined();
    const { items, coverage } = await find('word', {}, 10);
    expect(items.map(({ id }) => id)).toEqual(many.slice(0, 10).map(({ id }) => id));
    expect(coverage).toEqual({ indexedUntil: undefined, isComplete: false });
  });

  test('has an event that was committed later than those behind it', async () => {
    const { ids, index, indexer } = start(stage.store);
    await keep(stage.store, event('first', 0));
    await all(indexer);
    const late = event('late', 9_000);
    await keep(stage.store, late);
    await all(indexer);
    expect(await index.find(read('late'), {}, 9)).toEqual([late.id]);
    expect(await ids('late')).toEqual([late.id]);
  });

  test('has what came very late, and what there was before there was an index, when it is looked through', async () => {
    const { clock, find, index, indexer } = start(stage.store);
    const old = Array.from({ length: 250 }, (_, n) => event('ancient', 5 * HOUR + n));
    await keep(stage.store, event('newest', 0), ...old);
    expect(await indexer.step()).toBeLessThan(1_000);
    expect((await find('ancient')).coverage?.isComplete).toBe(false);
    await all(indexer);
    expect(await index.find(read('ancient'), {}, 999)).toHaveLength(250);
    expect((await find('ancient')).coverage?.isComplete).toBe(true);

    const veryLate = event('straggler', 3 * MINUTE);
    await keep(stage.store, veryLate);
    await all(indexer);
    expect(await index.find(read('straggler'), {}, 9)).toEqual([]);
    await clock.advance(11 * MINUTE);
    await all(indexer);
    expect(await index.find(read('straggler'), {}, 9)).toEqual([veryLate.id]);
  });

  test('is not led astray by an event of a clock that is ahead', async () => {
    const { index, indexer } = start(stage.store);
    await keep(stage.store, event('ahead', -HOUR));
    await all(indexer);
    await keep(stage.store, event('now', 0));
    await all(indexer);
    expect(await index.find(read('now'), {}, 9)).toHaveLength(1);
  });

  test('holds an event once, however often and by whomever it is written', async () => {
    const { index, indexer, journal } = start(stage.store);
    const once = event('once', 0);
    await keep(stage.store, once);
    await all(indexer);
    const words = [['once']];
    const text = stage.dialect === 'sqlite' ? ftsText(words) : tsVector(words);
    const row = [once.id, searchNumber(once.id), text];
    for (let n = 0; n < 2; n++)
      await journal.submit([{ writes: [{ statement: eventStatements.indexWords.name, row }] }]);
    expect(await index.find(read('once'), {}, 9)).toEqual([once.id]);
  });

  test('keeps apart two events whose ids have the same number', async () => {
    const { index, indexer, ids } = start(stage.store);
    const twins = [1, 2, 3].map((n) => event(`twin${n} same`, 0, { id: eventIdAt(T, n) }));
    await keep(stage.store, ...twins);
    await all(indexer);
    expect(await ids('same')).toEqual(twins.map(({ id }) => id).toReversed());
    expect(await index.find(read('twin2'), {}, 9)).toEqual([eventIdAt(T, 2)]);
    expect(await index.find(read('same'), { before: eventIdAt(T, 2) }, 9)).toEqual([eventIdAt(T, 1)]);
  });

  test('lets go of what retention deletes, and is not brought back by it', async () => {
    const { index, indexer, events } = start(stage.store);
    const [gone, kept] = [event('word', 2), event('word', 1)];
    await keep(stage.store, gone, kept);
    await all(indexer);
    await index.deleteOf([gone.id]);
    await events.delete([gone.id]);
    await all(indexer);
    expect(await index.find(read('word'), {}, 9)).toEqual([kept.id]);
    expect(await index.newest()).toBe(kept.id);
  });

  test('stands back while commits wait', async () => {
    const { index, events, clock } = start(stage.store);
    await keep(stage.store, event('word', 0));
    const busy = new Journal(stage.store, silentLogger);
    Object.defineProperty(busy, 'backlog', { value: 1_000 });
    const waiting = new Indexer({
      store: stage.store,
      journal: busy,
      events,
      index,
      clock,
      log: silentLogger,
      owner: 'me',
    });
    expect(await waiting.step()).toBeLessThan(1_000);
    expect(await index.newest()).toBeUndefined();
  });

  test('goes on by itself, and ends when told', async () => {
    const { clock, indexer, index } = start(stage.store);
    indexer.start();
    await keep(stage.store, event('word', 0));
    await clock.advance(2_000);
    expect(await index.newest()).toBeDefined();
    await indexer.stop();
    await keep(stage.store, event('later', -1));
    await clock.advance(5_000);
    expect(await index.find(read('later'), {}, 9)).toEqual([]);
  });
}

await onPostgres('the index of several processes', (stage) => {
  test('is filled by one of them; another takes over when it ends', async () => {
    const clock = new ManualClock(() => storeAtRest(stage.store), T);
    const one = start(stage.store, clock);
    const two = start(await stage.openAnother(), clock);
    await all(one.indexer);
    await keep(stage.store, event('word', 0));
    await all(two.indexer);
    expect(await one.index.newest()).toBeUndefined();
    await clock.advance(16_000);
    await all(two.indexer);
    expect(await one.index.newest()).toBeDefined();
    await keep(stage.store, event('again', -1));
    await all(one.indexer);
    expect(await one.index.find(read('again'), {}, 9)).toEqual([]);
  });
});
