import { expect, test } from 'vitest';
import { parsePointer, valueAt } from './json-pointer.ts';

/** The document and the answers of RFC 6901, section 5. */
const DOCUMENT: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
);

const at = (pointer: string, root: unknown = DOCUMENT) => valueAt(root, parsePointer(pointer) ?? ['?']);

test.each([
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
])('%s leads where RFC 6901 says', (pointer, value) => {
  expect(at(pointer)).toEqual(value);
});

test('"~01" is the name "~1"', () => {
  expect(at('/~01', { '~1': 'yes', '/': 'no' })).toBe('yes');
});

test.each(['/foo/2', '/foo/-', '/foo/00', '/foo/1.0', '/foo/length', '/foo/0/0', '/none', '/none/deeper'])(
  '%s leads nowhere',
  (pointer) => {
    expect(at(pointer)).toBeUndefined();
  },
);

test.each(['/constructor', '/__proto__', '/toString', '/foo/map', '/constructor/name'])(
  '%s finds only what is the own of the record',
  (pointer) => {
    expect(at(pointer)).toBeUndefined();
  },
);

test.each(['foo', 'foo/bar', '/a~2b', '/a~', `/${'a'.repeat(300)}`])('%s is no pointer', (pointer) => {
  expect(parsePointer(pointer)).toBeUndefined();
});
