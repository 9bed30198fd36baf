import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactJson, withoutMembers } from './record-text.ts';

const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom('', ' ', '\t', '\n  '));

test('what is compact says what it said, as JSON.stringify would', () => {
  fc.assert(
    fc.property(spaced, ([value, indent]) => {
      expect(compactJson(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value));
    }),
  );
});

test('dropping no member changes nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(withoutMembers(text, () => false)).toBe(text);
    }),
  );
});

test('drops members where it is told to, and their names in other places stay', () => {
  const text = '{"a":{"a":1.50,"b":["a",{"a":2}]},"b":"a","a":[]}';
  expect(withoutMembers(text, (name, depth) => name === 'a' && depth === 1)).toBe('{"b":"a"}');
  expect(withoutMembers(text, (name, depth) => name === 'a' && depth > 1)).toBe(
    '{"a":{"b":["a",{}]},"b":"a","a":[]}',
  );
});
