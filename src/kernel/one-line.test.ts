import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

test('leaves ordinary text alone, of any script', () => {
  for (const text of ['SQL injection on /login', 'Атака', '攻撃 😀', 'مرحبا', '👩‍🚀 <b>', 'نمی‌خواهم'])
    expect(oneLine(text, 300)).toBe(text);
});

test.each([
  ['a line break', 'a\r\nb', 'a b'],
  ['NUL', 'a\u0000b', 'a b'],
  ['a terminal escape', '\u001b[31mred', '[31mred'],
  ['a C1 control', 'a\u0085b', 'a b'],
  ['a line separator', 'a\u2028b', 'a b'],
  ['a paragraph separator', 'a\u2029b', 'a b'],
  ['a turn of direction', 'a\u202egpj.exe', 'a gpj.exe'],
  ['a mark of direction', 'a\u200f\u061c\u200eb', 'a b'],
  ['an isolate', 'a\u2066b\u2069', 'a b'],
  ['half a surrogate pair', 'a\ud800b', 'a b'],
])('makes %s harmless', (_name, text, expected) => {
  expect(oneLine(text, 300)).toBe(expected);
});

test('cuts what is too long, never through a character', () => {
  expect(oneLine('abcdef', 6)).toBe('abcdef');
  expect(oneLine('abcdef', 5)).toBe('abcd…');
  expect(oneLine('abc😀def', 5)).toBe('abc…');
});

test('is empty when nothing is left', () => {
  expect(oneLine(' \r\n\u2028 ', 10)).toBe('');
});

test('is one line of well-formed text within the length, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, lengthMax) => {
      const line = oneLine(text, lengthMax);
      return line.length <= lengthMax && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(line);
    }),
  );
});

test('changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, lengthMax) => {
      const line = oneLine(text, lengthMax);
      return oneLine(line, lengthMax) === line;
    }),
  );
});
