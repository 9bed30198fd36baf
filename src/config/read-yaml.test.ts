import { describe, expect, test } from 'vitest';
import { readYaml } from './read-yaml.ts';

const faultsOf = (text: string) =>
  readYaml(text).faults.map(({ line, path, message }) => `${line}: ${path}: ${message}`);

test('gives plain values with the line of each, also through an alias', () => {
  const { value, lines, faults } = readYaml('a: &x\n  b: [1, "2"]\nc: *x\nd:\n  "e f": null\n');
  expect(value).toEqual({ a: { b: [1, '2'] }, c: { b: [1, '2'] }, d: { 'e f': null } });
  expect(faults).toEqual([]);
  expect(Object.fromEntries(lines)).toEqual({
    '': 1,
    a: 1,
    'a.b': 2,
    'a.b[0]': 2,
    'a.b[1]': 2,
    c: 3,
    'c.b': 3,
    'c.b[0]': 3,
    'c.b[1]': 3,
    d: 4,
    'd["e f"]': 5,
  });
});

test('knows no values but those of YAML 1.2: yes, 1e3, 0o17 and dates', () => {
  expect(readYaml('{a: yes, b: 1e3, c: 0o17, d: 2026-01-31, e: ~, f: True}').value).toEqual({
    a: 'yes',
    b: 1000,
    c: 15,
    d: '2026-01-31',
    e: null,
    f: true,
  });
});

test.each([
  ['a key given twice', 'a:\n  hunter2: 1\n  b: 1\n  b: 2\n', ['4: a.b: is given twice']],
  [
    'two keys given twice, both told',
    'a: 1\na: 2\nb: 1\nb: 2',
    ['2: a: is given twice', '4: b: is given twice'],
  ],
  ['a tab', 'a:\n\tb: hunter2\n', ['2: : a tab is used for indentation: use spaces']],
  [
    'a tag',
    'a: !!binary aHVudGVyMg==\nb: !hunter2 x\n',
    [
      '1: : a tag (!name) is used: only plain YAML is taken',
      '2: : a tag (!name) is used: only plain YAML is taken',
    ],
  ],
  ['a second document', 'a: 1\n---\nb: 2\n', ['2: : a second document (---) begins: keep one']],
  [
    'an unknown alias',
    'a:\n  b: *hunter2\n',
    ['2: a.b: is an alias (*name) without an anchor (&name) before it'],
  ],
  [
    'an alias of what it is in',
    'a: &a [*a]\n',
    ['1: a[0]: is an alias (*name) without an anchor (&name) before it'],
  ],
  ['a key that is a list', '? [hunter2]\n: 1\n', ['1: : a key is not text: put it in quotes']],
  [
    'a quote that is not closed',
    'a: "hunter2\n',
    ['2: : a character is missing: a closing quote or bracket, a comma, a space or a colon'],
  ],
  ['a second colon', 'a: hunter2: c\n', ['1: : a second ": " stands in the line: put the text in quotes']],
])('refuses %s, with its line and none of its values', (_name, text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

describe('bombs', () => {
  const DEEP = 'is nested deeper than 64 levels';
  const MANY = 'holds more than 50000 values, aliases counted out';

  test('aliases of aliases are counted out before they are copied', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const before = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`;
    });
    expect(faultsOf(levels.join('\n'))).toEqual([`5: : ${MANY}`]);
  });

  test.each([
    ['[', '['.repeat(100_000)],
    ['{', '{a: '.repeat(100_000)],
    ['- ', `${'- '.repeat(100_000)}x`],
    ['? ', '? '.repeat(100_000)],
  ])('deep nesting of %j is refused and not descended into', (_name, text) => {
    expect(faultsOf(text)).toEqual([`1: : ${DEEP}`]);
  });

  test('64 levels are taken', () => {
    expect(faultsOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toEqual([]);
    expect(faultsOf(`${'['.repeat(65)}${']'.repeat(65)}`)).toEqual([`1: : ${DEEP}`]);
  });

  test('a file of too many values is refused with one fault', () => {
    expect(faultsOf(Array.from({ length: 50_001 }, (_, key) => `k${key}: 1`).join('\n'))).toEqual([
      `50000: : ${MANY}`,
    ]);
  });
});

test('__proto__ is refused and makes nothing', () => {
  const { value, faults } = readYaml('a:\n  __proto__: {polluted: true}\n');
  expect(value).toBeUndefined();
  expect(faults.map(({ message }) => message)).toEqual(['is not a setting']);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
