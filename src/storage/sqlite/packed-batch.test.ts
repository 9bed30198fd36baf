import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Group, Submission, Write } from '../statement.ts';
import { pack, unpack } from './packed-batch.ts';

const names = ['a', 'b', 'c'];
const indexOf = new Map(names.map((name, index) => [name, index]));

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constant('\uD800'),
  fc.constant(null),
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
);
const write: fc.Arbitrary<Write> = fc.record({
  statement: fc.constantFrom(...names),
  row: fc.array(value, { maxLength: 5 }),
});
const group: fc.Arbitrary<Group> = fc.record(
  { guard: write, writes: fc.array(write, { maxLength: 3 }), otherwise: fc.array(write, { maxLength: 2 }) },
  { requiredKeys: ['writes', 'otherwise'] },
);
const batch: fc.Arbitrary<Submission[]> = fc.array(fc.array(group, { maxLength: 4 }), { maxLength: 4 });

test('a batch arrives as it was sent, whatever is in its rows', () => {
  fc.assert(
    fc.property(batch, (sent) => {
      expect(unpack(structuredClone(pack(sent, indexOf)), names)).toEqual(sent);
    }),
  );
});

test('a statement that nobody declared is refused before it is sent', () => {
  expect(() => pack([[{ writes: [{ statement: 'unknown', row: [] }] }]], indexOf)).toThrow(TypeError);
});
