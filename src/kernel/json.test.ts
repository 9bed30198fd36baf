import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUntrusted } from './json.ts';

const valueOf = (text: string): unknown => {
  const parsed = parseUntrusted(text);
  if (!parsed.ok) throw new Error('the text did not parse');
  return parsed.value;
};

test('parses what JSON.parse parses, to the same value', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      fc.pre(!/__proto__|constructor/.test(JSON.stringify(JSON.parse(text))));
      expect(valueOf(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('tells text that is no JSON by a value, whatever the text', () => {
  expect(parseUntrusted('')).toEqual({ ok: false });
  expect(parseUntrusted('\ufeff[]')).toEqual({ ok: false });
  fc.assert(fc.property(fc.string(), (text) => typeof parseUntrusted(text).ok === 'boolean'));
});

test.each([
  '{"a":1,"__proto__":{"admin":true}}',
  '{"a":1,"constructor":{"prototype":{"admin":true}}}',
  String.raw`{"a":1,"\u005f_proto__":{"admin":true}}`,
  String.raw`{"a":1,"\u005F\u005fproto__":{"admin":true}}`,
  String.raw`{"a":1,"c\u006Fnstructor":{}}`,
  String.raw`{"a":1,"\u0063onstructor":{}}`,
])('drops a hazardous key, spelled out or escaped: %s', (text) => {
  const value = valueOf(text);
  expect(Object.keys(Object(value))).toEqual(['a']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('drops hazardous keys at every level', () => {
  const text =
    '[{"a":[{"__proto__":1,"b":{"constructor":2,"c":"__proto__"}}]},{"__proto__":{"constructor":3}}]';
  expect(JSON.stringify(valueOf(text))).toBe('[{"a":[{"b":{"c":"__proto__"}}]},{}]');
});

test('takes the last of duplicate keys', () => {
  expect(valueOf('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test('neither throws nor overflows at a depth of 100,000 with a hazardous key', () => {
  const depth = 100_000;
  const text = `${'['.repeat(depth)}{"__proto__":1}${']'.repeat(depth)}`;
  expect(parseUntrusted(text).ok).toBe(true);
});
