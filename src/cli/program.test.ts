import { expect, test } from 'vitest';
import { definition } from '../app/settings.ts';
import { flagOptions } from '../config/flag-options.ts';
import { commands } from './commands/index.ts';
import { settingOptions } from './config-options.ts';
import { optionName } from './option.ts';
import { cli } from './test-cli.ts';

test.each(commands.map((command) => [command.name, command] as const))(
  '%s --help shows its options, exit codes and examples, and exits with 0',
  async (name, command) => {
    const { code, out, err } = await cli([...name.split(' '), '--help']);
    expect([code, err]).toEqual([0, '']);
    for (const option of command.options) expect(out).toContain(option.flags);
    for (const { command: line } of command.examples) expect(out).toContain(line);
    expect(out).toMatch(/Exit codes:\n {2}0 /);
    expect(command.examples.length).toBeGreaterThan(0);
  },
);

test.each([
  ['no command', []],
  ['an unknown command', ['sevre']],
  ['an unknown command of a group', ['rules', 'fly']],
  ['an unknown option', ['events', '--token', 'x']],
  ['an option without its value', ['events', '--since']],
  ['an argument too many', ['events', 'evt_1', 'evt_2']],
  ['a missing argument', ['rules', 'test']],
  ['a value of no use', ['events', '--severity', 'awful']],
])('exits with 2 and says so on standard error: %s', async (_name, line) => {
  const { code, out, err } = await cli(line);
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toBe('');
});

test('says which values an option takes', async () => {
  const { err } = await cli(['events', '--severity', 'awful']);
  expect(err).toContain('--severity must be one of unknown, informational, low, medium, high, critical');
});

test('no option takes a secret: a command line is no secret', () => {
  const takeValues = commands.flatMap(({ options }) => options.filter(({ flags }) => flags.includes(' ')));
  const names = takeValues.map(optionName);
  // The name of a file is none.
  const secret = names.filter((name) => /token|key|secret|password/.test(name) && !name.endsWith('-file'));
  expect(secret).toEqual([]);
});

test('the flags of settings are those that the settings declare', () => {
  expect(settingOptions.map(({ flags }) => flags)).toEqual(flagOptions(definition).map(({ flags }) => flags));
});

test('--version is the version alone', async () => {
  expect(await cli(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});

/** What they write is no answer: a log, a script, a file. */
const withoutJson = [
  'serve',
  'completion',
  'export',
  'import',
  'incidents export',
  'incidents fetch',
  'aws export',
  'aws policy',
];

test('every command that answers can answer in JSON, says what each exit code means, and speaks in sentences', () => {
  for (const { name, options, exits, summary, details } of commands) {
    const isJson = options.some((option) => optionName(option) === '--json');
    expect([name, isJson || withoutJson.includes(name)]).toEqual([name, true]);
    expect([name, exits.ok === undefined]).toEqual([name, false]);
    expect(summary).toMatch(/^[a-z`].*[^.]$/);
    const sentences = [...details, ...options.map(({ description }) => description), ...Object.values(exits)];
    for (const sentence of sentences) expect(sentence).toMatch(/\.$/);
  }
});
