import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableJson, printableJsonLine, printableLines } from './printable.ts';

/** Text with many of the characters that a terminal obeys. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b', '\u009b', '\u0007', '\r', '\n', '\u202e', '\u2028', '\ud800', '\u007f', '\\'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

test('nothing that a terminal obeys is left of any text, and what it shows stays', () => {
  fc.assert(fc.property(hostile, (text) => !OBEYED.test(printable(text))));
  expect(printable('\u001b[31mé 中 👩\u200d🚀\n')).toBe('\\u001b[31mé 中 👩\u200d🚀\\u000a');
});

test('JSON for a terminal holds the same value, and its only control character is its own line break', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
      const json = printableJson(value);
      expect(OBEYED.test(json.replaceAll('\n', ''))).toBe(false);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(OBEYED.test(printableJsonLine(value))).toBe(false);
    }),
  );
});

test('a text keeps its lines and tabs, and nothing else that a terminal would obey', () => {
  expect(printableLines('a\r\n\tb\rc\u001b[2J\n')).toBe('a\n\tb\\u000dc\\u001b[2J\n');
  fc.assert(fc.property(hostile, (text) => !OBEYED.test(printableLines(text).replace(/[\n\t]/g, ''))));
});
