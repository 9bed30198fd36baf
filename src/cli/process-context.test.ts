import { expect, test } from 'vitest';
import { terminalOf } from './process-context.ts';

test.each([
  ['a terminal', 80, {}, true],
  ['a pipe or a file', undefined, {}, false],
  ['NO_COLOR', 80, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which says nothing', 80, { NO_COLOR: '' }, true],
  ['a terminal that knows none', 80, { TERM: 'dumb' }, false],
])('colours with %s: %s', (_name, columns, env, colors) => {
  expect(terminalOf(columns, env)).toEqual({ columns, colors });
});
