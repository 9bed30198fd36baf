import { expect, test } from 'vitest';
import { commands } from './commands/index.ts';
import { cliReference } from './reference.ts';

test('the reference has a section for every command with each option, variable and example', () => {
  const sections = cliReference(commands).split('\n## ').slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(
    commands.map(({ name }) => `tocsin ${name}`),
  );
  for (const [index, { options, variables, examples }] of commands.entries()) {
    const section = sections[index];
    for (const { flags } of options) expect(section).toContain(`| \`${flags}\` |`);
    for (const { name } of variables) expect(section).toContain(`| \`${name}\` |`);
    for (const { command, note } of examples) expect(section).toContain(`# ${note}\n${command}`);
  }
});
