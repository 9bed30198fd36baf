import { describe, expect, test } from 'vitest';
import {
  documentOf,
  incidentFixture,
  listed,
  sampleFeed,
  storeAll,
  typeOf,
} from '../../../tests/support/incident-lists.ts';
import type { AttributedIncident } from '../incident.ts';
import { IncidentBook } from './incident-book.ts';
import { readList } from './read-list.ts';

const feed = sampleFeed();
const ADDRESS = '17.0.0.1';
const probe = (timestamp: number, ip = ADDRESS) => ({ priority: 'low', timestamp, ip });
const misuse = (timestamp: number, employee_id = 7) => ({ priority: 'high', timestamp, employee_id });
const identities = (...all: readonly (readonly [string, string])[]) => new Map(all);

const probing = (...records: readonly object[]) => listed(feed, 'probing', records);
const misused = (...records: readonly object[]) => listed(feed, 'misuse', records);

/** Whom each incident of the document is filed under, by its time. */
const whose = (book: IncidentBook): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(documentOf(book)).flatMap(([employee, levels]) =>
      Object.values(levels).flatMap(({ incidents }) =>
        incidents.map(({ timestamp }) => [String(timestamp), employee]),
      ),
    ),
  );

describe('what is listed', () => {
  test('counts do not double with every poll', () => {
    const book = new IncidentBook([feed]);
    const body = incidentFixture('misuse');
    for (let poll = 0; poll < 3; poll++) {
      const read = readList(feed, typeOf(feed, 'misuse'), body);
      if (read.kind !== 'list') throw new Error(read.detail);
      expect(book.takeList('elevate', 'misuse', read.incidents).count).toBe(300);
    }
    expect(book.document().incidents).toBe(300);
    expect(storeAll(book, 'elevate').flatMap(({ seen }) => seen)).toHaveLength(300);
  });

  test('equal records are as many as the feed lists', () => {
    const book = new IncidentBook([feed]);
    const counts = () => documentOf(book)['7']?.high.count;
    book.takeList('elevate', 'misuse', misused(misuse(1), misuse(1)));
    expect(counts()).toBe(2);
    book.takeList('elevate', 'misuse', misused(misuse(1)));
    expect(counts()).toBe(1);
    book.takeList('elevate', 'misuse', misused(misuse(1), misuse(1), misuse(1)));
    expect(counts()).toBe(3);
  });

  test('a type that fails loses neither its own last list nor the others', () => {
    const book = new IncidentBook([feed]);
    book.takeIdentities('elevate', identities([ADDRESS, '9']), 0);
    book.takeList('elevate', 'probing', probing(probe(1)));
    book.takeList('elevate', 'misuse', misused(misuse(2)));
    book.takeList('elevate', 'misuse', misused(misuse(2), misuse(3)));
    expect(whose(book)).toEqual({ '1': '9', '2': '7', '3': '7' });
  });

  test('what is invalid is counted apart and filed under nobody', () => {
    const book = new IncidentBook([feed]);
    const invalid = { priority: 'severe', timestamp: 1, employee_id: 7 };
    book.takeList('elevate', 'misuse', misused(invalid, misuse(2)));
    expect(book.counts('elevate', 'misuse')).toEqual({ count: 1, unresolved: 0, invalid: 1 });
    expect(whose(book)).toEqual({ '2': '7' });
    expect(book.changes('elevate', 10).seen.map(({ fault, employee }) => [fault, employee])).toEqual([
      ['priority_unknown', undefined],
      [undefined, '7'],
    ]);
  });

  test('what is pushed adds to the list, and once only', () => {
    const book = new IncidentBook([feed]);
    const all = misused(misuse(1), misuse(2), { priority: 'x' });
    expect(book.push('elevate', all)).toEqual({ taken: 2, repeats: 0, invalid: 1 });
    expect(book.push('elevate', [...all, ...misused(misuse(3))])).toEqual({
      taken: 1,
      repeats: 3,
      invalid: 0,
    });
    book.drop('elevate', [all[0]?.id ?? 'inc_']);
    expect(whose(book)).toEqual({ '2': '7', '3': '7' });
    expect(book.counts('elevate', 'misuse')).toEqual({ count: 2, unresolved: 0, invalid: 1 });
  });
});

describe('whom an incident is about', () => {
  test('an address is nobody until the feed says whose it is', () => {
    const book = new IncidentBook([feed]);
    book.takeList('elevate', 'probing', probing(probe(1), probe(2, '17.0.0.2')));
    expect(documentOf(book)).toEqual({});
    expect(book.counts('elevate', 'probing')).toEqual({ count: 2, unresolved: 2, invalid: 0 });
    book.takeIdentities('elevate', identities([ADDRESS, '9']), 0);
    expect(whose(book)).toEqual({ '1': '9' });
    expect(book.counts('elevate', 'probing')).toEqual({ count: 2, unresolved: 1, invalid: 0 });
    expect(book.document().unresolved).toBe(1);
  });

  test('an address that moves is somebody else from then on and not backwards', () => {
    const book = new IncidentBook([feed]);
    book.takeIdentities('elevate', identities([ADDRESS, '1']), 0);
    book.takeList('elevate', 'probing', probing(probe(1)));
    book.takeIdentities('elevate', identities([ADDRESS, '2']), 1);
    book.takeList('elevate', 'probing', probing(probe(1), probe(2)));
    expect(whose(book)).toEqual({ '1': '1', '2': '2' });
  });

  test('an address that the feed forgets stays whose it was, and is marked', () => {
    const book = new IncidentBook([feed]);
    book.takeIdentities('elevate', identities([ADDRESS, '1'], ['17.0.0.2', '2']), 10);
    expect(book.takeIdentities('elevate', identities(['17.0.0.2', '2']), 20)).toEqual({
      count: 1,
      forgotten: 1,
    });
    book.takeList('elevate', 'probing', probing(probe(1), probe(2, '17.0.0.2')));
    const [page] = storeAll(book, 'elevate');
    expect(page?.seen.map(({ employee, isRemembered }) => [employee, isRemembered])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    expect(page?.identities).toContainEqual({ address: ADDRESS, employee: '1', forgottenAt: 20 });
    book.takeIdentities('elevate', identities([ADDRESS, '1'], ['17.0.0.2', '2']), 30);
    expect(book.changes('elevate', 10).identities).toEqual([
      { address: ADDRESS, employee: '1', forgottenAt: undefined },
    ]);
  });

  test('half the addresses gone and back again changes nothing that is filed', () => {
    const book = new IncidentBook([feed]);
    const all = Array.from({ length: 100 }, (_, at) => [`17.0.1.${at}`, String(at)] as const);
    const records = all.map(([address], at) => probe(at, address));
    book.takeIdentities('elevate', identities(...all), 0);
    book.takeList('elevate', 'probing', probing(...records));
    const before = documentOf(book);
    expect(book.takeIdentities('elevate', identities(...all.slice(50)), 1).forgotten).toBe(50);
    book.takeList('elevate', 'probing', probing(...records));
    expect(book.isChanged).toBe(false);
    expect(documentOf(book)).toEqual(before);
    expect(book.takeIdentities('elevate', identities(...all), 2).forgotten).toBe(0);
    expect(book.isChanged).toBe(false);
  });

  test('addresses can be looked up among those of another feed, whichever comes first', () => {
    const pushed = sampleFeed({ id: 'pushed', kind: 'push', identitiesOf: 'elevate' });
    const book = new IncidentBook([pushed, feed]);
    book.push('pushed', listed(pushed, 'probing', [probe(1)]));
    book.takeIdentities('pushed', identities([ADDRESS, '1']), 0);
    expect(whose(book)).toEqual({});
    book.takeIdentities('elevate', identities([ADDRESS, '2']), 0);
    expect(whose(book)).toEqual({ '1': '2' });
    book.push('pushed', listed(pushed, 'probing', [probe(2)]));
    expect(whose(book)).toEqual({ '1': '2', '2': '2' });
  });
});

describe('the document', () => {
  test('has changed only when what is filed has', () => {
    const book = new IncidentBook([feed]);
    expect(book.isChanged).toBe(false);
    book.takeList('elevate', 'misuse', misused(misuse(1), misuse(2)));
    expect(book.isChanged).toBe(true);
    book.document();
    for (const records of [
      [misuse(1), misuse(2)],
      [misuse(2), misuse(1)],
    ]) {
      book.takeList('elevate', 'misuse', misused(...records));
      expect(book.isChanged).toBe(false);
    }
    book.takeList('elevate', 'misuse', misused(misuse(2)));
    expect(book.isChanged).toBe(true);
  });

  test('of nothing in the store is empty, and before that is known there is none', () => {
    const book = new IncidentBook([feed]);
    expect(book.isChanged).toBe(false);
    book.load('elevate', [], []);
    expect(book.isChanged).toBe(true);
    expect(documentOf(book)).toEqual({});
  });

  test('records of one time stand as the types do, then as the feed has them', () => {
    const book = new IncidentBook([feed]);
    const denial = { priority: 'high', timestamp: 5, reported_by: 7 };
    const records = ['b', 'a', 'c'].map((note) => ({ ...misuse(5), note }));
    const notes = () => documentOf(book)['7']?.high.incidents.map(({ type, note }) => note ?? type);
    book.takeList('elevate', 'misuse', misused(...records));
    book.takeList('elevate', 'denial', listed(feed, 'denial', [denial]));
    expect(notes()).toEqual(['denial', 'b', 'a', 'c']);
    book.takeList('elevate', 'misuse', misused(...records.toReversed()));
    expect(book.isChanged).toBe(true);
    expect(notes()).toEqual(['denial', 'c', 'a', 'b']);
  });
});

describe('what the store holds', () => {
  const stored = (book: IncidentBook): readonly AttributedIncident[] =>
    storeAll(book, 'elevate').flatMap(({ seen }) => seen.map(({ isRemembered: _, ...one }) => one));

  test('once loaded, an equal list changes nothing', () => {
    const before = new IncidentBook([feed]);
    const records = [probe(1), probe(2), probe(2, 'unknown')];
    before.takeIdentities('elevate', identities([ADDRESS, '1']), 0);
    before.takeList('elevate', 'probing', probing(...records));
    const incidents = stored(before);
    const book = new IncidentBook([feed]);
    book.load('elevate', incidents, [{ address: ADDRESS, employee: '1', forgottenAt: undefined }]);
    expect(documentOf(book)).toEqual(documentOf(before));
    book.takeIdentities('elevate', identities([ADDRESS, '1']), 9);
    book.takeList('elevate', 'probing', probing(...records));
    expect(book.changes('elevate', 10)).toMatchObject({
      seen: [],
      gone: [],
      attributed: [],
      identities: [],
      more: false,
    });
    expect(book.isChanged).toBe(false);
  });

  test('an attribution outlives a restart, whatever the feed says after it', () => {
    const before = new IncidentBook([feed]);
    before.takeIdentities('elevate', identities([ADDRESS, '1']), 0);
    before.takeList('elevate', 'probing', probing(probe(1)));
    const book = new IncidentBook([feed]);
    book.load('elevate', stored(before), []);
    book.takeIdentities('elevate', identities([ADDRESS, '2']), 9);
    book.takeList('elevate', 'probing', probing(probe(1), probe(2)));
    expect(whose(book)).toEqual({ '1': '1', '2': '2' });
  });

  test('its employee is taken where ours is another', () => {
    const book = new IncidentBook([feed]);
    book.takeIdentities('elevate', identities([ADDRESS, '2']), 0);
    const [incident] = probing(probe(1));
    if (incident === undefined) throw new Error('nothing listed');
    book.takeList('elevate', 'probing', [incident]);
    const page = book.changes('elevate', 10);
    for (let repeat = 0; repeat < 2; repeat++) {
      book.adopt('elevate', [{ ...incident, employee: '1' }], [], []);
      expect(whose(book)).toEqual({ '1': '1' });
    }
    book.stored('elevate', page.mark);
    expect(book.changes('elevate', 10)).toMatchObject({ seen: [], attributed: [], gone: [] });
    expect(book.counts('elevate', 'probing')).toEqual({ count: 1, unresolved: 0, invalid: 0 });
  });

  test('what another process has stored is listed, and gone, here as well', () => {
    const book = new IncidentBook([]);
    const incidents = misused(misuse(1), misuse(2)).map((one) => ({ ...one, employee: one.stated }));
    for (let repeat = 0; repeat < 2; repeat++) {
      book.adopt('elevate', incidents, [], []);
      expect(whose(book)).toEqual({ '1': '7', '2': '7' });
      expect(book.changes('elevate', 10).seen).toEqual([]);
    }
    for (let repeat = 0; repeat < 2; repeat++) {
      book.adopt(
        'elevate',
        [],
        incidents.slice(0, 1).map(({ id }) => id),
        [],
      );
      expect(whose(book)).toEqual({ '2': '7' });
      expect(book.changes('elevate', 10).gone).toEqual([]);
    }
  });

  test('what was listed no more while it was being stored does not come back', () => {
    const book = new IncidentBook([feed]);
    const [incident] = misused(misuse(1));
    if (incident === undefined) throw new Error('nothing listed');
    book.takeList('elevate', 'misuse', [incident]);
    const page = book.changes('elevate', 10);
    book.takeList('elevate', 'misuse', []);
    book.adopt('elevate', [{ ...incident, employee: '7' }], [], []);
    book.stored('elevate', page.mark);
    expect(documentOf(book)).toEqual({});
    expect(book.changes('elevate', 10).gone).toEqual([incident.id]);
  });
});
