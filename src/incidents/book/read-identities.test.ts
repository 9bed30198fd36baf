import { expect, test } from 'vitest';
import { incidentFixture } from '../../../tests/support/incident-lists.ts';
import { readIdentities } from './read-identities.ts';

test('reads which address is whose', () => {
  const read = readIdentities(incidentFixture('identities'));
  if (read.kind !== 'identities') throw new Error(read.detail);
  expect([read.identities.size, read.invalid]).toEqual([5_000, 0]);
  expect(read.identities.get('17.33.119.155')).toBe('386255');
});

test('passes over and counts what is no integer, and reads the rest', () => {
  const read = readIdentities(
    '{"a":1,"b":"2","c":-3,"d":1.5,"e":null,"f":{"x":1},"":4,"g":9007199254740993}',
  );
  expect(read).toEqual({ kind: 'identities', identities: new Map([['a', '1']]), invalid: 7 });
});

test('no name of an address does harm', () => {
  const read = readIdentities('{"__proto__":5,"constructor":6,"toString":7,"a":1}');
  if (read.kind !== 'identities') throw new Error(read.detail);
  expect(read.identities.get('a')).toBe('1');
  expect(read.identities.get('valueOf')).toBeUndefined();
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
});

test.each([
  ['', 'not_json'],
  ['{"a":1', 'not_json'],
  ['[]', 'shape_changed'],
  ['null', 'shape_changed'],
])('refuses %s as %s', (body, reason) => {
  expect(readIdentities(body)).toMatchObject({ kind: 'refused', reason });
});

test('refuses more than a million before building anything of them', () => {
  expect(readIdentities(`{${'"a":1,'.repeat(1_000_000)}"b":1}`)).toMatchObject({ reason: 'shape_changed' });
  expect(readIdentities(`[${'[],'.repeat(1_000_000)}[]]`)).toMatchObject({ reason: 'shape_changed' });
});

test('refuses what nests before building anything of it', () => {
  const mebibytes = 16 * 1_048_576;
  const open = '['.repeat(mebibytes);
  for (const body of [open, `{"a":${open}${']'.repeat(mebibytes)}}`, '{"a":'.repeat(1_000_000)]) {
    expect(readIdentities(body)).toMatchObject({ kind: 'refused', reason: 'shape_changed' });
  }
});
