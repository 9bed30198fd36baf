import { expect, test } from 'vitest';
import { inexactNumbers } from './inexact-numbers.ts';

test('finds the numbers that a double cannot hold, as they stand, sorted', () => {
  const text = '{"a":9007199254740993,"b":[1e400,-12345678901234567890],"c":12,"d":0.5}';
  expect(inexactNumbers(text)).toEqual(['-12345678901234567890', '1e400', '9007199254740993']);
});

test('finds none in strings, keys included', () => {
  expect(inexactNumbers(String.raw`{"9007199254740993":"\"9007199254740993","b":"\\"}`)).toEqual([]);
});

test('ends on text that is no JSON', () => {
  expect(inexactNumbers('["9007199254740993')).toEqual([]);
});

test('takes a number and a string of megabytes', () => {
  const digits = '9'.repeat(5_000_000);
  expect(inexactNumbers(`[${digits},"${'\\"'.repeat(2_000_000)}"]`)).toEqual([digits]);
});
