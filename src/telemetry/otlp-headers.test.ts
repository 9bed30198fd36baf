import { expect, test } from 'vitest';
import { readOtlpHeaders } from './otlp-headers.ts';

test.each([
  ['', {}],
  ['api-key=abc', { 'api-key': 'abc' }],
  ['Authorization=Basic%20dTpw, X-Scope=a=b', { authorization: 'Basic dTpw', 'x-scope': 'a=b' }],
  ['a=1%2C2,', { a: '1,2' }],
])('headers as the environment of OpenTelemetry has them are read: %s', (text, headers) => {
  expect(readOtlpHeaders(text)).toEqual(headers);
});

test.each([
  'no-value',
  '=value',
  'a b=c',
  'a=%0d%0aInjected: yes',
  'a=%',
  'a=\u00e9',
  Array.from({ length: 21 }, (_, n) => `h${n}=v`).join(','),
])('what is none is refused: %j', (text) => {
  expect(readOtlpHeaders(text)).toBeUndefined();
});
