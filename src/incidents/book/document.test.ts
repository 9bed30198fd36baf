import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf, listed, sampleFeed } from '../../../tests/support/incident-lists.ts';
import { priorities } from '../incident.ts';
import { documentRecord } from './document.ts';
import { IncidentBook } from './incident-book.ts';

test.each([
  ['{}', '{"type":"t"}'],
  ['{"a":1.50}', '{"a":1.50,"type":"t"}'],
  ['{"type":"x"}', '{"type":"t"}'],
  ['{"type":"x","a":{"type":"y"},"\\u0074ype":[1,{}]}', '{"a":{"type":"y"},"type":"t"}'],
  ['{"a":"\\"type\\":","type":null,"b":[]}', '{"a":"\\"type\\":","b":[],"type":"t"}'],
])('%s has its type last, and but one', (record, expected) => {
  expect(documentRecord({ record, type: 't' })).toBe(expected);
});

const feed = sampleFeed({
  types: [
    { type: 'a', employee: 'who' },
    { type: 'b', employee: 'who' },
  ],
});

const record = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc
    .tuple(
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('type', '__proto__')),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      fc.record({
        priority: fc.constantFrom(...priorities, 'severe'),
        timestamp: fc.integer({ min: -1, max: 5 }),
        who: fc.oneof(fc.integer({ min: -1, max: 12 }), fc.string()),
      }),
    )
    .map(([others, own]) => ({ ...others, ...own })),
);

test('whatever a feed lists, the document is JSON whose counts agree with it and with the book', () => {
  fc.assert(
    fc.property(fc.array(record), fc.array(record), (first, second) => {
      const book = new IncidentBook([feed]);
      book.takeList('elevate', 'a', listed(feed, 'a', first));
      book.takeList('elevate', 'b', listed(feed, 'b', second));
      const levels = Object.values(documentOf(book)).flatMap((one) => priorities.map((level) => one[level]));
      const { unresolved, incidents } = book.document();
      expect(levels.every(({ count, incidents: all }) => count === all.length)).toBe(true);
      expect(levels.reduce((sum, { count }) => sum + count, 0)).toBe(incidents - unresolved);
      for (const { incidents: all } of levels) {
        const times = all.map(({ timestamp }) => timestamp);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(all.every(({ type }) => type === 'a' || type === 'b')).toBe(true);
      }
    }),
  );
});

test('a document of many megabytes is made of pieces of bounded size', () => {
  const book = new IncidentBook([feed]);
  const note = 'ä'.repeat(4_000);
  const records = Array.from({ length: 1_000 }, (_, at) => ({
    priority: 'low',
    timestamp: at,
    who: 7,
    note,
  }));
  book.takeList('elevate', 'a', listed(feed, 'a', records));
  const { pieces } = book.document();
  expect(Math.max(...pieces.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(1_048_576);
  expect(documentOf(book)['7']?.low.incidents.map(({ type: _, ...one }) => one)).toEqual(records);
});
