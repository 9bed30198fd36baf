import { expect, test } from 'vitest';
import { isSince, readHttpDate, toHttpDate } from './http-date.ts';

const AT = Date.UTC(2026, 0, 1, 12, 0, 0, 700);

test('a date comes back to the second', () => {
  expect(toHttpDate(AT)).toBe('Thu, 01 Jan 2026 12:00:00 GMT');
  expect(readHttpDate(toHttpDate(AT))).toBe(AT - 700);
});

test('a client that has what changed in that second is told so, and one of a second before is not', () => {
  expect(isSince(AT, 'Thu, 01 Jan 2026 12:00:00 GMT')).toBe(true);
  expect(isSince(AT, 'Thu, 01 Jan 2026 12:00:01 GMT')).toBe(true);
  expect(isSince(AT, 'Thu, 01 Jan 2026 11:59:59 GMT')).toBe(false);
});

test.each([
  undefined,
  '',
  '2027-01-01T00:00:00Z',
  '9999999999999',
  'Thu, 41 Jan 2026 12:00:00 GMT',
  'Thu, 01 Xyz 2026 12:00:00 GMT',
  'Thu, 01 Jan 2027 12:00:00 +0100',
  'Thursday, 01-Jan-27 12:00:00 GMT',
])('what is no date of HTTP is passed over: %s', (text) => {
  expect(isSince(AT, text)).toBe(false);
});
