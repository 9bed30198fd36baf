import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanJson } from './json-scan.ts';

const LIMITS = { depthMax: 64, itemsMax: 1000 };
const UNLIMITED = { depthMax: 1e6, itemsMax: 1e6 };

const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });

/** JSON of `value` with the given blanks between its tokens. */
function spaced(value: unknown, blanks: readonly string[]): string {
  let turn = 0;
  const pad = () => blanks[turn++ % blanks.length] ?? '';
  const write = (node: unknown): string => `${pad()}${bare(node)}${pad()}`;
  const bare = (node: unknown): string => {
    if (Array.isArray(node)) return node.length === 0 ? `[${pad()}]` : `[${node.map(write).join(',')}]`;
    if (typeof node !== 'object' || node === null) return JSON.stringify(node);
    const members = Object.entries(node).map(
      ([key, member]) => `${pad()}${JSON.stringify(key)}${pad()}:${write(member)}`,
    );
    return members.length === 0 ? `{${pad()}}` : `{${members.join(',')}}`;
  };
  return write(value);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce((deepest: number, child) => Math.max(deepest, depthOf(child)), 0);
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', 'a', '€') }),
);
const json = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, depthIdentifier: 'json' },
    fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('node'), { maxLength: 5, depthIdentifier: 'json' }),
    fc.dictionary(text, tie('node'), { maxKeys: 5, depthIdentifier: 'json', noNullPrototype: true }),
  ),
})).node;

test('finds each element of an array where JSON.parse finds it, whatever the blanks', () => {
  fc.assert(
    fc.property(fc.array(json), fc.array(blank, { minLength: 1, maxLength: 7 }), (values, blanks) => {
      const source = spaced(values, blanks);
      const scan = scanJson(source, UNLIMITED);
      if (scan.kind !== 'array') throw new Error(`scanned as ${scan.kind}`);
      const slices = scan.elements.map(({ start, end }) => source.slice(start, end));
      expect(slices.map((slice) => JSON.parse(slice))).toEqual(JSON.parse(source));
      for (const slice of slices) expect(slice).toBe(slice.trim());
    }),
  );
});

test('measures the depth that the parsed value has', () => {
  fc.assert(
    fc.property(json, fc.array(blank, { minLength: 1, maxLength: 7 }), (value, blanks) => {
      const scan = scanJson(spaced(value, blanks), UNLIMITED);
      expect(scan).toMatchObject({ kind: Array.isArray(value) ? 'array' : 'single', depth: depthOf(value) });
    }),
  );
});

test('never throws, and gives spans within the text, for text that is no JSON', () => {
  fc.assert(
    fc.property(text, (source) => {
      const scan = scanJson(source, LIMITS);
      if (scan.kind !== 'array') return;
      for (const { start, end } of scan.elements) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(source.length);
      }
    }),
  );
});

test('takes 64 levels and refuses 65, of arrays, objects or both', () => {
  const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  expect(scanJson(arrays(64), LIMITS)).toMatchObject({ kind: 'array', depth: 64 });
  expect(scanJson(arrays(65), LIMITS)).toEqual({ kind: 'refused', reason: 'too_deep' });
  expect(scanJson(`[${objects(63)}]`, LIMITS)).toMatchObject({ kind: 'array', depth: 64 });
  expect(scanJson(`[${objects(64)}]`, LIMITS)).toEqual({ kind: 'refused', reason: 'too_deep' });
});

test('counts no bracket inside a string', () => {
  const hostile = `["${'['.repeat(100)}","\\"${'{'.repeat(100)}","\\\\",[]]`;
  expect(scanJson(hostile, LIMITS)).toMatchObject({ kind: 'array', depth: 2 });
});

test('takes 1,000 elements and refuses 1,001', () => {
  const array = (length: number) => JSON.stringify(Array.from({ length }, () => ({})));
  expect(scanJson(array(1000), LIMITS)).toMatchObject({ kind: 'array', elements: { length: 1000 } });
  expect(scanJson(array(1001), LIMITS)).toEqual({ kind: 'refused', reason: 'too_many_items' });
  expect(scanJson('{"a":1,"b":2,"c":3}', { depthMax: 9, itemsMax: 1 })).toEqual({ kind: 'single', depth: 1 });
});

test.each(['[', '[{"a":1}', '["a', '["a\\"]', ']', '{"a":"b\\\\\\"}'])(
  'calls what never closes malformed: %s',
  (source) => {
    expect(scanJson(source, LIMITS)).toEqual({ kind: 'refused', reason: 'malformed' });
  },
);

test('is linear in long runs of backslashes and quotes', () => {
  const runs = `["${'\\\\'.repeat(2_000_000)}","${'\\"'.repeat(2_000_000)}"]`;
  expect(scanJson(runs, LIMITS)).toMatchObject({ kind: 'array', depth: 1, elements: { length: 2 } });
});
