import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';

test('leaves ordinary text alone, of any script', () => {
  for (const text of ['SQL injection on /login', 'Атака', '攻撃 😀', 'مرحبا'])
    expect(cleanText(text, 300)).toBe(text);
});

test.each([
  ['a line break', 'a\r\nb', 'a  b'],
  ['NUL', 'a\u0000b', 'a b'],
  ['a terminal escape', '\u001b[31mred', '[31mred'],
  ['a C1 control', 'a\u0085b', 'a b'],
  ['a line separator', 'a\u2028b', 'a b'],
  ['a turn of direction', 'a\u202egpj.exe', 'a gpj.exe'],
  ['an isolate', 'a\u2066b\u2069', 'a b'],
  ['half a surrogate pair', 'a\ud800b', 'a b'],
])('makes %s harmless', (_name, text, expected) => {
  expect(cleanText(text, 300)).toBe(expected);
});

test('cuts what is too long, never through a character', () => {
  expect(cleanText('abcdef', 5)).toBe('abcd…');
  expect(cleanText('abc😀def', 5)).toBe('abc …');
});

test('gives one line of well-formed text within the length, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, lengthMax) => {
      const clean = cleanText(text, lengthMax);
      expect(clean.length).toBeLessThanOrEqual(lengthMax);
      expect(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(clean)).toBe(false);
    }),
  );
});
