import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../../../tests/support/needs.ts';
import { commands } from '../commands/index.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

type Shell = 'bash' | 'zsh' | 'fish';
type Complete = (line: string) => readonly string[];

const cwd = testDirectory({ 'a file.json': '', 'tocsin.yaml': '' });

async function scriptFile(shell: Shell): Promise<string> {
  const { out } = await cli(['completion', shell]);
  return join(testDirectory({ script: `${out}\n` }), 'script');
}

const asked = (shell: Shell, code: string, ...args: readonly string[]): string =>
  execFileSync(shell, [...(shell === 'bash' ? ['--norc', '--noprofile'] : []), '-c', code, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, HOME: cwd, XDG_CONFIG_HOME: cwd },
  });

/** As readline does: the words of the line, `=` a word of its own, and the one that the cursor is in. */
function inBash(file: string): Complete {
  const code = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tocsin; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return (line) =>
    linesOf(asked('bash', code, file, ...line.split(/(=)| /).filter((word) => word !== undefined)));
}

function inFish(file: string): Complete {
  return (line) =>
    linesOf(asked('fish', 'source $argv[1]; complete -C $argv[2]', '--', file, line)).map(
      (found) => found.split('\t')[0] ?? '',
    );
}

/** A terminal of zsh's own: Tab is pressed there, and what it would insert is written down. */
function inZsh(file: string): Complete {
  const inner = `
    autoload -Uz compinit; compinit -u -D; source ${file}
    compadd() {
      if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
      local -a __hits; builtin compadd -A __hits "$@"
      builtin compadd "$@"; print -rl -- "HIT:"\${^__hits}
    }
    bindkey '^I' complete-word; setopt nolistbeep noautomenu; PROMPT=READY; print -r -- START`;
  const code = `zmodload zsh/zpty; zpty -b z zsh -f -i
    line() { local got; zpty -r z got "*$1*" && print -r -- "$got" }
    zpty -w z "source $1"; line START >/dev/null
    zpty -n -w z "$2"$'\\t'; sleep 0.7; while zpty -rt z got; do print -rn -- "$got"; done; zpty -d z`;
  const innerFile = join(testDirectory({ inner }), 'inner');
  return (line) =>
    [...asked('zsh', code, 'zsh', innerFile, line).matchAll(/HIT:([^\r\n]*)/g)].map(([, hit = '']) =>
      hit.trim(),
    );
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

function completes(shell: Shell, make: (file: string) => Complete): void {
  test(`${shell} takes the script without a word`, async () => {
    const { status, stderr } = spawnSync(shell, ['-n', await scriptFile(shell)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test(`${shell} completes every command, its options and their values`, async () => {
    const complete = make(await scriptFile(shell));
    expect(complete('tocsin ')).toEqual(
      expect.arrayContaining([...new Set(commands.map(({ name }) => name.split(' ')[0]))]),
    );
    expect(complete('tocsin chec')).toEqual(['check-config']);
    expect(complete('tocsin rules te')).toEqual(['test']);
    expect(complete('tocsin events --sev')).toEqual(['--severity']);
    expect(complete('tocsin events --severity crit')).toEqual(['critical']);
    expect(complete('tocsin targets pause mail --rea')).toEqual(['--reason']);
    expect(complete('tocsin targets list --js')).toEqual(['--json']);
    expect(complete('tocsin targets --js')).toEqual(['--json']);
    expect(complete('tocsin completion z')).toEqual(['zsh']);
  });

  test(`${shell} offers files where a file is wanted, and nothing where only the user knows`, async () => {
    const complete = make(await scriptFile(shell));
    const files = complete('tocsin check-config --config to').map((found) => found.replace(/^\.\//, ''));
    expect(files).toEqual(['tocsin.yaml']);
    expect(complete('tocsin events --since x')).toEqual([]);
  });
}

await describeWith('bash', 'in bash', () => {
  completes('bash', inBash);

  test('--option=value is completed like --option value, and a file may have a blank in its name', async () => {
    const complete = inBash(await scriptFile('bash'));
    expect(complete('tocsin events --severity=crit')).toEqual(['critical']);
    expect(complete('tocsin events --severity=')).toContain('critical');
    expect(complete('tocsin send a')).toEqual(['a file.json']);
  });

  test('every command that there is offers all of its options', async () => {
    const complete = inBash(await scriptFile('bash'));
    for (const { name, options } of commands) {
      const wanted = options.map(({ flags }) => flags.split(' ')[0]);
      expect(complete(`tocsin ${name} --`), name).toEqual(expect.arrayContaining([...wanted, '--help']));
    }
  });
});
await describeWith('zsh', 'in zsh', () => completes('zsh', inZsh));
await describeWith('fish', 'in fish', () => completes('fish', inFish));

test('a shell that is none of them is refused', async () => {
  const { code, out, err } = await cli(['completion', 'cmd']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('bash, zsh, fish');
});
