import { expect, test } from 'vitest';
import { utc } from './instant.ts';

test.each([
  [Date.UTC(2025, 2, 6, 14, 30), '2025-03-06T14:30:00Z'],
  [Date.UTC(2025, 2, 6, 14, 30) + 7, '2025-03-06T14:30:00.007Z'],
  [0, '1970-01-01T00:00:00Z'],
  [null, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [8.7e15, null],
])('%d ends in Z, or is null where no calendar has it: %j', (at, expected) => {
  expect(utc(at)).toBe(expected);
});
