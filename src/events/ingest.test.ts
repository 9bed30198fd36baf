import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { openTestStore } from '../../tests/support/test-store.ts';
import { silentLogger } from '../kernel/log.ts';
import { sha256Hex } from '../kernel/secret.ts';
import { makeDraft } from '../sources/make-draft.ts';
import { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import type { EventDraft, MatterState, Severity } from './event.ts';
import type { Geo, Locate } from './geo.ts';
import { Ingest, type Routing } from './ingest.ts';
import { EventStore } from './store.ts';

const HOUR_MS = 3_600_000;
const draft = makeDraft('tested', {
  type: 'test',
  severity: 'high',
  titles: ['A test'],
  occurredAt: undefined,
  subject: undefined,
  labels: {},
  observables: [],
  endpoints: undefined,
  link: undefined,
  identity: ['message', 'msg_1'],
  matter: undefined,
  state: undefined,
  payload: '{}',
});
/** Believes every country, and allows FR alone. */
const locate: Locate = ({ source, destination }) => ({
  source: source[0]?.country,
  destination: destination[0]?.country,
  allowed: source[0]?.country === 'FR',
});

const nowhere: Routing = { matched: [], writes: [], committed: () => {}, dropped: () => {} };

describe('a repeat is absorbed', () => {
  let store: Store;
  let clock: ManualClock;
  let ingest: Ingest;
  beforeEach(async () => {
    store = await openTestStore();
    clock = new ManualClock();
    ingest = new Ingest(
      new Journal(store, silentLogger),
      () => nowhere,
      clock,
      () => HOUR_MS,
    );
  });
  afterEach(() => store.close());

  const duplicates = async (rememberMs?: number): Promise<number> =>
    (await ingest.accept('tested', [draft], rememberMs)).duplicates;

  test('for the configured window', async () => {
    expect(await duplicates()).toBe(0);
    await clock.advance(HOUR_MS - 1);
    expect(await duplicates()).toBe(1);
    await clock.advance(1);
    expect(await duplicates()).toBe(0);
  });

  test('of a sender whose news can be equal, until the matter stands otherwise', async () => {
    const told = (state: MatterState, recurs: true | undefined, severity: Severity = 'high') => ({
      ...draft,
      recurs,
      state,
      severity,
      fingerprint: `f${recurs}`,
      dedupeKey: sha256Hex(`${state} ${severity} ${recurs}`),
    });
    const news = async (...drafts: EventDraft[]) => {
      const made: boolean[] = [];
      for (const one of drafts) {
        await clock.advance(1_000);
        made.push((await ingest.accept('tested', [one])).accepted.length === 1);
      }
      return made;
    };
    const [open, resolved, worse] = [
      told('open', true),
      told('resolved', true),
      told('open', true, 'critical'),
    ];
    expect(await news(open, open, resolved, resolved, open, open)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(await news(resolved, open, worse, open, open)).toEqual([true, true, true, true, false]);
    // A sender with ids tries again what it told before, whatever came in between.
    const [first, last] = [told('open', undefined), told('resolved', undefined)];
    expect(await news(first, last, first, last)).toEqual([true, true, false, false]);
  });

  test('for as long as its signed time would let it be sent again, where that is longer', async () => {
    expect(await duplicates(48 * HOUR_MS)).toBe(0);
    await clock.advance(48 * HOUR_MS - 1);
    expect(await duplicates(48 * HOUR_MS)).toBe(1);
  });

  test('for no less than the configured window, where that is longer', async () => {
    expect(await duplicates(1)).toBe(0);
    await clock.advance(HOUR_MS - 1);
    expect(await duplicates(1)).toBe(1);
  });
});

describe('the countries of an event', () => {
  let store: Store;
  const routed: (Geo | undefined)[] = [];
  const ingesting = (asked: Locate) =>
    new Ingest(
      new Journal(store, silentLogger),
      (event) => {
        routed.push(event.geo);
        return nowhere;
      },
      new ManualClock(),
      () => HOUR_MS,
      undefined,
      undefined,
      undefined,
      asked,
    );
  beforeEach(async () => {
    store = await openTestStore();
    routed.length = 0;
  });
  afterEach(() => store.close());

  const from = (country: string, n: string): EventDraft => ({
    ...draft,
    dedupeKey: sha256Hex(n),
    endpoints: { source: [{ country }], destination: [] },
  });

  test('are known to the rules, stay on the event, and are asked for only where it names a side', async () => {
    let asked = 0;
    const ingest = ingesting((endpoints) => {
      asked += 1;
      return locate(endpoints);
    });
    const { accepted } = await ingest.accept('tested', [from('FR', 'a'), from('RU', 'b'), draft]);
    const expected = [
      { source: 'FR', destination: undefined, allowed: true },
      { source: 'RU', destination: undefined, allowed: false },
      undefined,
    ];
    expect(routed).toEqual(expected);
    expect(accepted.map(({ geo }) => geo)).toEqual(expected);
    expect(accepted.map((event) => 'endpoints' in event)).toEqual([false, false, false]);
    const events = new EventStore(store);
    const stored = await Promise.all(accepted.map(({ id }) => events.get(id)));
    expect(stored.map((event) => event?.geo)).toEqual(expected);
    expect(asked).toBe(2);
  });

  test('are those of events of our own too', async () => {
    ingesting(locate).prepareOwn(from('RU', 'own'), { statement: 'events.claimKey', row: [] });
    expect(routed).toEqual([{ source: 'RU', destination: undefined, allowed: false }]);
  });

  test('are none where nothing can be looked up', async () => {
    const ingest = new Ingest(
      new Journal(store, silentLogger),
      () => nowhere,
      new ManualClock(),
      () => HOUR_MS,
    );
    const { accepted } = await ingest.accept('tested', [from('FR', 'a')]);
    expect(accepted.map(({ geo }) => geo)).toEqual([undefined]);
  });
});
