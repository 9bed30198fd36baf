import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonArray } from './read-json.ts';

const LIMITS = { depthMax: 64, itemsMax: 1000 };
const read = (body: string | Buffer, contentType: string | string[] | undefined = 'application/json') =>
  readJsonArray({ headers: { 'content-type': contentType }, body: Buffer.from(body) }, LIMITS);

test('gives each object with its own text, byte for byte', () => {
  const first = '{"b": 1,\n "a": "é"}';
  expect(read(` [ ${first} ,{}]\n`)).toEqual({
    kind: 'items',
    items: [
      { record: { b: 1, a: 'é' }, text: first },
      { record: {}, text: '{}' },
    ],
  });
});

test.each([
  ['', 'the body is not valid JSON'],
  ['[{"a":1}', 'the body is not valid JSON'],
  ['[{"a":1}] x', 'the body is not valid JSON'],
  ['[{},]', 'the body is not valid JSON'],
  ['[{]}', 'the body is not valid JSON'],
  ['\ufeff[{}]', 'the body is not valid JSON'],
  ['[]', 'the array is empty: at least one object is expected'],
  ['{}', 'the body must be an array of objects'],
  ['1', 'the body must be an array of objects'],
  ['null', 'the body must be an array of objects'],
  ['"[{}]"', 'the body must be an array of objects'],
  ['[1]', 'the item at index 0 is not an object'],
  ['[{},null]', 'the item at index 1 is not an object'],
  ['[{},{},[]]', 'the item at index 2 is not an object'],
])('refuses %j as a whole: %s', (body, detail) => {
  expect(read(body)).toEqual({ kind: 'invalid', detail });
});

test('refuses bytes that are not UTF-8', () => {
  expect(read(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))).toEqual({
    kind: 'invalid',
    detail: 'the body is not valid UTF-8',
  });
});

test('refuses more than 64 levels and more than 1,000 objects, and says so', () => {
  const deep = (levels: number) => `[${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}]`;
  expect(read(deep(64)).kind).toBe('items');
  expect(read(deep(65))).toEqual({ kind: 'invalid', detail: 'the body nests deeper than 64 levels' });
  const many = (count: number) => `[${Array.from({ length: count }, () => '{}').join(',')}]`;
  expect(read(many(1000)).kind).toBe('items');
  expect(read(many(1001))).toEqual({ kind: 'invalid', detail: 'the array holds more than 1000 objects' });
});

test('survives millions of brackets', () => {
  expect(read('['.repeat(5_000_000)).kind).toBe('invalid');
  expect(read('[{"a":'.repeat(1_000_000)).kind).toBe('invalid');
});

test.each([
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json ;charset="UTF-8"',
])('takes the media type %s', (type) => {
  expect(read('[{}]', type).kind).toBe('items');
});

test.each([
  '',
  'text/plain',
  'application/problem+json',
  'application/jsonp',
  'application/json, text/plain',
  'text/plain; application/json',
])('refuses the media type %j', (type) => {
  expect(read('[{}]', type)).toEqual({ kind: 'invalid', detail: 'the media type must be application/json' });
});

test('refuses a missing and a repeated media type', () => {
  expect(readJsonArray({ headers: {}, body: Buffer.from('[{}]') }, LIMITS).kind).toBe('invalid');
  expect(read('[{}]', ['application/json', 'application/json']).kind).toBe('invalid');
});

test('never throws and never quotes the body, whatever the bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(fc.oneof(bytes, fc.string().map(Buffer.from), fc.json().map(Buffer.from)), (body) => {
      const answer = read(body);
      if (answer.kind === 'items') expect(answer.items.length).toBeGreaterThan(0);
      else expect(answer.detail).toMatch(/^the (body|array|item at index \d+) [a-zA-Z0-9 :-]+$/);
    }),
  );
});
