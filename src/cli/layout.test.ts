import { expect, test } from 'vitest';
import { cell, layOut } from './layout.ts';

const rows = [
  [cell('a'), cell('high', 'red'), cell('a title that goes on and on and on')],
  [cell('bcd'), cell('low'), cell('short')],
];

test('lines up the columns and cuts nothing where there is no terminal', () => {
  expect(layOut(rows, { columns: undefined, colors: false })).toEqual([
    'a    high  a title that goes on and on and on',
    'bcd  low   short',
  ]);
});

test('cuts the last column at the edge of the terminal', () => {
  const [first = ''] = layOut(rows, { columns: 32, colors: false });
  expect(first).toBe('a    high  a title that goes on…');
  expect(first).toHaveLength(32);
});

test('colours do not move the columns', () => {
  expect(layOut(rows, { columns: undefined, colors: true })).toEqual([
    'a    \u001b[31mhigh\u001b[0m  a title that goes on and on and on',
    'bcd  low   short',
  ]);
});

test('a text cannot bring its own colours or lines', () => {
  expect(layOut([[cell('\u001b[2J\n'), cell('\u009b2J')]], { columns: undefined, colors: true })).toEqual([
    '\\u001b[2J\\u000a  \\u009b2J',
  ]);
});
