import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rfc3339Ms } from './rfc3339.ts';

test.each([
  ['2021-02-08T12:45:00.078701+00:00', '2021-02-08T12:45:00.078Z'],
  ['2021-02-08T12:45:00.078999999+05:30', '2021-02-08T07:15:00.078Z'],
  ['2021-02-08T12:45:00-23:59', '2021-02-09T12:44:00.000Z'],
  ['2021-02-08t12:45:00.5z', '2021-02-08T12:45:00.500Z'],
  ['2021-02-08 12:45:00Z', '2021-02-08T12:45:00.000Z'],
  ['2021-02-08T12:45:00', '2021-02-08T12:45:00.000Z'],
  ['2020-02-29T00:00:00Z', '2020-02-29T00:00:00.000Z'],
  ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
])('reads %s as %s', (text, expected) => {
  const ms = rfc3339Ms(text);
  expect(ms === undefined ? ms : new Date(ms).toISOString()).toBe(expected);
});

test.each([
  '2021-02-30T00:00:00Z',
  '2021-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2021-00-01T00:00:00Z',
  '2021-13-01T00:00:00Z',
  '2021-04-31T00:00:00Z',
  '2021-01-00T00:00:00Z',
  '2021-01-01T24:00:00Z',
  '2021-01-01T23:60:00Z',
  '2016-12-31T23:59:60Z',
  '2021-01-01T00:00:00+24:00',
  '2021-01-01T00:00:00+0100',
  '2021-01-01',
  '2021-01-01T00:00Z',
  '1612788300',
  'yesterday',
  '',
])('has no time for %s', (text) => {
  expect(rfc3339Ms(text)).toBeUndefined();
});

test('reads back every instant that Date writes', () => {
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(fc.property(date, (instant) => rfc3339Ms(instant.toISOString()) === instant.getTime()));
});
