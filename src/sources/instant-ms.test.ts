import { expect, test } from 'vitest';
import { firstInstant, instantMs } from './instant-ms.ts';

const NOON = Date.UTC(2026, 2, 4, 12);

test.each([
  ['RFC 3339', '2026-03-04T12:00:00Z'],
  ['nanoseconds and an offset', '2026-03-04T14:00:00.000000001+02:00'],
  ['an offset without a colon', '2026-03-04T12:00:00.000+0000'],
  ['seconds', NOON / 1e3],
  ['seconds as digits', String(NOON / 1e3)],
  ['seconds with a fraction, as Slack writes them', `${NOON / 1e3}.000200`],
  ['milliseconds', NOON],
  ['microseconds', NOON * 1e3],
  ['nanoseconds', NOON * 1e6],
  ['nanoseconds as digits', `${NOON}000000`],
])('reads %s', (_name, value) => {
  expect(instantMs(value)).toBe(NOON);
});

test.each([
  ["Go's time that is not set", '0001-01-01T00:00:00Z'],
  ['zero', 0],
  ['a small number', 12],
  ['a negative number', -NOON],
  ['more than any unit', 1e300],
  ['words', 'yesterday'],
  ['a day that does not exist', '2026-02-30T00:00:00Z'],
  ['a boolean', true],
  ['nothing', null],
  ['a very long text', '2026-03-04T12:00:00Z'.padEnd(5_000_000)],
])('has no time for %s', (_name, value) => {
  expect(instantMs(value)).toBeUndefined();
});

test('takes the first that is a time', () => {
  expect(firstInstant(undefined, '', 'soon', NOON, 1)).toBe(NOON);
  expect(firstInstant()).toBeUndefined();
});
