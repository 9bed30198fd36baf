import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementSpans } from './json-spans.ts';

const texts = (text: string, path: readonly string[]) =>
  elementSpans(text, path)?.map(({ start, end }) => text.slice(start, end));

test('finds the elements of an array inside, byte for byte', () => {
  const text = ' { "a" : [1], "b":{"list": [ {"x": 1.50 , "y":"]},"} ,\n 7,"\\"", true , [[2]],{ } ] } } ';
  expect(texts(text, ['b', 'list'])).toEqual([
    '{"x": 1.50 , "y":"]},"}',
    '7',
    '"\\""',
    'true',
    '[[2]]',
    '{ }',
  ]);
  expect(texts(text, ['a'])).toEqual(['1']);
  expect(texts(text, ['b', 'list', '4', '0'])).toEqual(['2']);
});

test('the outermost array is at the empty path', () => {
  expect(texts('[1, 2]', [])).toEqual(['1', '2']);
  expect(texts(' [ ] ', [])).toEqual([]);
});

test('of members with one name the last counts, however it is spelled', () => {
  expect(texts('{"a":[1],"\\u0061":[2]}', ['a'])).toEqual(['2']);
});

test('there are none where there is no array', () => {
  expect(texts('{"a":{"b":1}}', ['a'])).toBeUndefined();
  expect(texts('{"a":{"b":1}}', ['a', 'b', 'c'])).toBeUndefined();
  expect(texts('[1]', ['1'])).toBeUndefined();
  expect(texts('7', [])).toBeUndefined();
});

test('agrees with JSON.parse on every JSON, however it is laid out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.nat(3),
      (list, rest, blanks) => {
        const text = JSON.stringify({ ...rest, list, '': 1 }, undefined, blanks);
        const found = texts(text, ['list'])?.map((one): unknown => JSON.parse(one));
        const { list: parsed } = JSON.parse(text) as { list: unknown };
        expect(found).toEqual(parsed);
      },
    ),
  );
});

test('ends on a text that is no JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', ' ') }), (text) => {
      elementSpans(text, ['1']);
      elementSpans(text, []);
    }),
  );
});
