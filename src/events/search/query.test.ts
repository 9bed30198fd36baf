import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ftsQuery, searchNumber, tsQuery, tsVector } from './dialects.ts';
import { holds, readSearch, type SearchQuery } from './query.ts';
import { wordsOf } from './words.ts';
import { eventIdAt } from '../../../tests/contracts/ids.ts';
import { newEventId } from '../../kernel/ids.ts';

function read(text: string): SearchQuery {
  const query = readSearch(text);
  if (typeof query === 'string') throw new TypeError(query);
  return query;
}
const finds = (search: string, ...fields: readonly string[]): boolean =>
  holds(fields.map(wordsOf), read(search));

describe('words', () => {
  test.each([
    ['Connection from TOR (135.96.171.118)', ['connection', 'from', 'tor', '135', '96', '171', '118']],
    ['auth_tor-tentative.jeff@x.com', ['auth', 'tor', 'tentative', 'jeff', 'x', 'com']],
    ['Crème BRÛLÉE ﬁn', ['creme', 'brulee', 'fin']],
    ['Ångström ＡＢＣ１', ['angstrom', 'abc1']],
    ['日本語テキスト abc中', ['日', '本', '語', 'テ', 'キ', 'ス', 'ト', 'abc', '中']],
    ['привет МИР', ['привет', 'мир']],
    ['', []],
    ['\u0000 \ue000 %_"\'*()', []],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test('longer than 64 characters are known by their beginning, on both sides', () => {
    const hash = 'ab'.repeat(64);
    expect(wordsOf(hash)).toEqual(['ab'.repeat(32)]);
    expect(finds(hash, `sha512 ${hash}`)).toBe(true);
    expect(wordsOf('\u{20000}x'.normalize() + '\u{1D7D8}'.repeat(80))).not.toContain(undefined);
  });
});

describe('a search', () => {
  test.each([
    ['tor connection', true],
    ['TOR CONNÉCTION', true],
    ['tor nowhere', false],
    ['"from tor"', true],
    ['"tor from"', false],
    ['135.96.171.118', true],
    ['135.96.171', true],
    ['96.135', false],
    ['conn*', true],
    ['onn*', false],
    ['"from to"*', true],
    ['135.96.*', true],
    ['tent*', true],
    ['auth_to*', true],
    ['"tor', true],
    ['tor"', true],
    ['tor AND from', false],
    ['-tor', true],
    ['title:tor', false],
    ['tor OR', false],
  ])('%s', (search, found) => {
    expect(finds(search, 'Connection from TOR (135.96.171.118)', 'auth_tor_tentative')).toBe(found);
  });

  test('finds words in different parts, but a phrase within one', () => {
    expect(finds('one two', 'one', 'two')).toBe(true);
    expect(finds('"one two"', 'one', 'two')).toBe(false);
  });

  test.each([
    ['', 'no word'],
    [' "" * % _ -- ()', 'no word'],
    ['a*', 'too short'],
    ['x 1*', 'too short'],
    ['a '.repeat(33), '32 words'],
    ['1.'.repeat(200), '32 words'],
    ['aa* bb* cc* dd* ee*', '4 beginnings'],
  ])('%j is a fault, in words', (text, told) => {
    expect(readSearch(text)).toContain(told);
  });

  test('a beginning of one character is enough where characters are words', () => {
    expect(finds('日*', '日本語')).toBe(true);
  });

  test('nothing of what was typed reaches a database but words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const query = readSearch(text);
        if (typeof query === 'string') return;
        expect(ftsQuery(query)).toMatch(/^("[\p{L}\p{N} ]+"( \*)?( AND )?)+$/u);
        expect(tsQuery(query)).toMatch(/^(\(('[\p{L}\p{N}]+'(:\*)?( <-> )?)+\)( & )?)+$/u);
      }),
      { examples: [['"a" OR b) NEAR/2 {title}: ^c'], ["a' | !b & c:*B <-> d\\"], ['a"b"c*"d']] },
    );
  });
});

test('a vector has every word once, with its places, and a gap between parts', () => {
  expect(tsVector([['a', 'b', 'a'], ['b']])).toBe("'a':2,4 'b':3,6");
  expect(tsVector([])).toBe('');
});

test('the number of an event keeps the order of the ids', () => {
  const ids = [
    eventIdAt(0),
    eventIdAt(1),
    ...Array.from({ length: 50 }, () => newEventId()),
    eventIdAt(2 ** 43),
  ];
  const numbers = ids.map((id) => BigInt(searchNumber(id)));
  for (const [n, number] of numbers.entries()) {
    if (n > 0) expect(number).toBeGreaterThan(numbers[n - 1] ?? 0n);
    expect(number).toBeLessThan(2n ** 63n);
  }
});
