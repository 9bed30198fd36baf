import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate, soleReference } from './interpolate.ts';

const lookup = (name: string) => ({ A: 'a', EMPTY: '', REF: '${A}' })[name];

test.each([
  ['plain $ { } $A text', 'plain $ { } $A text'],
  ['${A}', 'a'],
  ['<${A}${A}>', '<aa>'],
  ['${EMPTY}', ''],
  ['${NONE:-x y}', 'x y'],
  ['${NONE:-}', ''],
  ['${EMPTY:-x}', 'x'],
  ['${A:-x}', 'a'],
  ['$${A}', '${A}'],
  ['$${', '${'],
  ['${REF}', '${A}'],
])('makes %j to %j', (text, expected) => {
  expect(interpolate(text, lookup)).toMatchObject({ kind: 'text', text: expected });
});

test.each(['${', '${}', '${A', '${1A}', '${A-b}', '${A:-${B}}', '${A B}', '${{A}}'])('refuses %j', (text) => {
  expect(interpolate(text, lookup)).toEqual({ kind: 'malformed' });
});

test('names every variable that is not set, once', () => {
  expect(interpolate('${X}${Y}${X}', lookup)).toEqual({ kind: 'missing', names: ['X', 'Y'] });
});

test('takes time in proportion to the text', () => {
  const text = '${A:-'.repeat(200_000);
  expect(interpolate(text, lookup).kind).toBe('malformed');
});

test('leaves every text without "${" as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('${')),
      (text) => {
        expect(interpolate(text, lookup)).toEqual({ kind: 'text', text, names: [] });
      },
    ),
  );
});

test.each([
  ['${A}', 'A'],
  ['x${A}', undefined],
  ['${A}\n', undefined],
  ['${A:-b}', undefined],
  ['$${A}', undefined],
])('a sole reference in %j is %s', (text, name) => {
  expect(soleReference(text)).toBe(name);
});
