import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { statusText, terminalOf } from './process-context.ts';
import { testDirectory } from './test-directory.ts';

test.each([
  ['a terminal', 80, {}, true],
  ['a pipe or a file', undefined, {}, false],
  ['NO_COLOR', 80, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which says nothing', 80, { NO_COLOR: '' }, true],
  ['a terminal that knows none', 80, { TERM: 'dumb' }, false],
])('colours with %s: %s', (_name, columns, env, colors) => {
  expect(terminalOf(columns, env)).toEqual({ columns, colors });
});

test('a line that is written over stays one line, and is nothing that a terminal obeys', () => {
  expect(statusText('reading', 80)).toBe('\rreading\u001b[K');
  expect(statusText('0123456789', 5)).toBe('\r0123\u001b[K');
  expect(statusText('\u001b[2J', 0)).toBe('\r\\u001b[2J\u001b[K');
  expect(statusText('', undefined)).toBe('\r\u001b[K');
});

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
const shell = (line: string) => spawnSync('sh', ['-c', line], { encoding: 'utf8', cwd: '/' });
const inShell = (line: string) => shell(line.replaceAll('tocsin', `"${process.execPath}" "${MAIN}"`));

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

/** A program that does something with the context of its process. */
const program = (code: string): string => {
  const context = new URL('./process-context.js', import.meta.url).href;
  const text = `const { processContext } = await import('${context}'); const context = processContext(); ${code}`;
  return `"${process.execPath}" --input-type=module -e "${text.replaceAll('$', String.raw`\$`)}"`;
};
const tried = program("console.error(await context.tryWrite('x'.repeat(1_000_000)))");

test('what must not be lost is written whole, or it is known that it was not', () => {
  const file = join(testDirectory(), 'answer');
  const written = shell(`${tried} > "${file}"`);
  expect([written.status, written.stderr]).toEqual([0, 'undefined\n']);
  expect(readFileSync(file, 'utf8')).toHaveLength(1_000_000);
  expect(shell(`${tried} | wc -c`).stdout.trim()).toBe('1000000');
  expect(shell(`{ ${tried}; echo "exit $?" >&2; } | head -c 1`).stderr).toBe('EPIPE\nexit 0\n');
});

test.runIf(existsSync('/dev/full'))('a full disk too is known', () => {
  expect(shell(`${tried} > /dev/full`)).toMatchObject({ status: 0, stderr: 'ENOSPC\n' });
});

/** Runs it on a terminal and types each answer when it is asked for it; what the terminal showed. */
async function typedAt(line: string, typed: readonly (readonly [string, string])[]): Promise<string> {
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: '/' });
  const left = [...typed];
  let shown = '';
  child.stdout.on('data', (bytes: Buffer) => {
    shown += bytes.toString();
    const [question, answer] = left[0] ?? [];
    if (question === undefined || !shown.includes(question)) return;
    left.shift();
    child.stdin.write(answer);
  });
  await once(child, 'close');
  return shown;
}

test.runIf(existsSync('/usr/bin/script') && process.platform === 'linux').each([
  ['on standard input', ''],
  ['behind a pipe on standard input', 'echo no | '],
])('a secret is typed unseen at the terminal %s', async (_name, before) => {
  const asking = program("console.log('got ' + (await context.stdin.askHidden('Secret? '))?.length)");
  expect(await typedAt(before + asking, [['Secret? ', 'hunterx\u007f2\r']])).toBe('Secret? \r\ngot 7\r\n');
  const ended = await typedAt(before + asking, [['Secret? ', 'hunt\u0003']]);
  expect(ended).not.toContain('hunt');
  expect(ended).not.toContain('got');
});

test.runIf(existsSync('/usr/bin/script') && process.platform === 'linux')(
  'a secret can be asked for after a message was typed there to its end',
  async () => {
    const asking = program(
      "console.error('Text? '); for await (const _ of context.stdin.bytes); console.error('got ' + await context.stdin.askHidden('Secret? '))",
    );
    const shown = await typedAt(asking, [
      ['Text? ', 'hello\r\u0004'],
      ['Secret? ', 'x\r'],
    ]);
    expect(shown).toContain('Secret? \r\ngot x\r\n');
  },
);

test('without a terminal there is nobody to ask', () => {
  const asking = program("console.log(await context.stdin.askHidden('Secret? '))");
  const { stdout } = spawnSync('setsid', ['-w', 'sh', '-c', `${asking} < /dev/null`], { encoding: 'utf8' });
  expect(stdout).toBe('undefined\n');
});
