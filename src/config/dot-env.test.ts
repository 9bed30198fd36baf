import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDotEnv } from './dot-env.ts';

test.each([
  ['A=b', 'b'],
  ['A=', ''],
  ['A=#x', ''],
  ['  A = b c  ', 'b c'],
  ['export A=b', 'b'],
  ['export\tA=b', 'b'],
  ['A=b # remark', 'b'],
  ['A=b#c', 'b#c'],
  ['A=b=c', 'b=c'],
  ['A="b # c" # remark', 'b # c'],
  ["A='b # c'", 'b # c'],
  ["A='$B\\n\"'", '$B\\n"'],
  ['A="b\\nc\\t\\"d\\" \\\\ $E"', 'b\nc\t"d" \\ $E'],
  ["A=it's", "it's"],
  ['A=1\r\nB=2', '1'],
  ['A=1\nA=2', '2'],
  ['\n# remark\n\nA=b', 'b'],
])('reads A of %j', (text, value) => {
  const { variables, skipped } = parseDotEnv(text);
  expect([variables.get('A'), skipped]).toEqual([value, []]);
});

test.each(['A', 'A b', '1A=b', 'A-B=c', 'A="b', "A='b", 'A="b" c', '=b'])(
  'leaves out %j and says which line',
  (line) => {
    const { variables, skipped } = parseDotEnv(`X=1\n${line}\nY=2`);
    expect([[...variables.keys()], skipped]).toEqual([['X', 'Y'], [2]]);
  },
);

test('takes every text without quotes and newlines back out of single quotes', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/['\r\n]/.test(text)),
      (text) => {
        expect(parseDotEnv(`A='${text}'`).variables.get('A')).toBe(text);
      },
    ),
  );
});
