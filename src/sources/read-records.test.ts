import { expect, test } from 'vitest';
import { readElements, readRecords } from './read-records.ts';

const read = (body: string) => {
  const records = readRecords(Buffer.from(body));
  return records.kind === 'invalid' ? records.detail : records.items.map(({ text }) => text);
};

test.each([
  ['one object', ' {"a": 1.50} ', [' {"a": 1.50} ']],
  ['an object over several lines', '{\n"a":\n1}', ['{\n"a":\n1}']],
  ['an array', '[{"a":1}, {"b": 2 }]', ['{"a":1}', '{"b": 2 }']],
  ['one object a line', '{"a":1}\n\n  {"b": 2 }\r\n{"c":3}', ['{"a":1}', '{"b": 2 }', '{"c":3}']],
  ['one line and its end', '{"a":1}\n', ['{"a":1}\n']],
])('takes %s, each with its own text', (_name, body, texts) => {
  expect(read(body)).toEqual(texts);
});

test.each([
  ['words', 'hello\nworld', 'not valid JSON'],
  ['a number', '7', 'must be a JSON object'],
  ['an empty array', '[]', 'empty'],
  ['an array with a number in it', '[{},7]', 'index 1'],
  ['a line that is no object', '{"a":1}\n7\n', 'line at index 1'],
  ['a line that is broken off', '{"a":1}\n{"b"', 'line at index 1'],
  ['a line that nests too deeply', `{"a":1}\n{"b":${'['.repeat(70)}${']'.repeat(70)}}`, 'line at index 1'],
  ['more than 1,000 lines', '{}\n'.repeat(1_001), 'more than 1000'],
  ['more than 1,000 in an array', `[${'{},'.repeat(1_000)}{}]`, 'more than 1000'],
  ['nothing', '', 'not valid JSON'],
  ['nothing but line feeds', '\n'.repeat(5_000_000), 'not valid JSON'],
  ['what is no UTF-8', '\ud800', 'JSON'],
])('refuses %s', (_name, body, detail) => {
  expect(read(body)).toContain(detail);
});

test('the elements of an inner array are bounded in number and must be objects', () => {
  const text = '{"in":{"list":[{"a":1},{"b":2}]}}';
  const elements = readElements(text, [{ a: 1 }, { b: 2 }], ['in', 'list'], '"list"');
  expect(elements).toMatchObject({ items: [{ text: '{"a":1}' }, { text: '{"b":2}' }] });
  expect(readElements('{"list":[1]}', [1], ['list'], '"list"')).toMatchObject({
    detail: 'the item at index 0 of "list" is not an object',
  });
  expect(
    readElements(
      '',
      Array.from({ length: 1_001 }, () => ({})),
      [],
      '"list"',
    ).kind,
  ).toBe('invalid');
});
