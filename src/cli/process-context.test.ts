import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const inShell = (line: string) =>
  spawnSync('sh', ['-c', line.replaceAll('tocsin', `"${process.execPath}" "${MAIN}"`)], {
    encoding: 'utf8',
    cwd: '/',
  });

test('who reads only the beginning of a long answer hears of no fault', () => {
  const { stdout, stderr } = inShell('{ tocsin completion bash; echo "exit $?" >&2; } | head -n 1');
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('exit 0\n');
});

test('a long answer arrives whole in a pipe, without colours', () => {
  const { stdout } = inShell('tocsin completion zsh | cat');
  expect(stdout.trimEnd().endsWith('fi')).toBe(true);
  expect(stdout).not.toContain('\u001b[');
});

test.runIf(existsSync('/dev/full'))(
  'an answer that a full disk does not take is a failure, said in words',
  () => {
    const { status, stderr } = inShell('tocsin completion bash > /dev/full');
    expect([status, stderr]).toEqual([1, 'The answer cannot be written (ENOSPC).\n']);
  },
);
