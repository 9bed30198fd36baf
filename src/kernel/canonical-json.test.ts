import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

test('gives one text for every order of keys, and that text parses to the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(JSON.stringify(value, undefined, 3)))).toBe(text);
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      expect(reversed(reversed(JSON.parse(text)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('gives different texts for different values', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const equal = canonicalJson(one) === canonicalJson(other);
      expect(canonicalJson(JSON.parse(canonicalJson(one))) === canonicalJson(other)).toBe(equal);
      if (equal) expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));
    }),
  );
});

test('sorts by UTF-16 code units and escapes as RFC 8785 says', () => {
  // The sample of RFC 8785, section 3.2.3.
  const sample = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect(canonicalJson(sample)).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
  );
  expect(canonicalJson([-0, 1e21, 0.000001, '\u000f"\\/\ud800'])).toBe(
    String.raw`[0,1e+21,0.000001,"\u000f\"\\/\ud800"]`,
  );
});

test('leaves out a member that is undefined', () => {
  expect(canonicalJson({ b: 1, a: undefined, c: null })).toBe('{"b":1,"c":null}');
});

test.each([
  '[9007199254740993]',
  '{"a":[-9007199254740993]}',
  '1e400',
  '-1e400',
  '123456789012345678901234567890',
])('tells that %s holds a number that a double cannot', (text) => {
  let told = 0;
  canonicalJson(JSON.parse(text), () => told++);
  expect(told).toBe(1);
});

test('tells nothing of exact numbers', () => {
  let told = 0;
  canonicalJson([0, -1, 0.1, 1.5e-7, 9007199254740991], () => told++);
  expect(told).toBe(0);
});

test('does not take a number too great for a double for null', () => {
  expect(canonicalJson(JSON.parse('[1e400,-1e400,null]'))).toBe('[1e999,-1e999,null]');
});

test('throws at what is no JSON value', () => {
  expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  expect(() => canonicalJson([undefined])).toThrow(TypeError);
});
