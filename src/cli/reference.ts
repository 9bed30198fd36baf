import type { Command } from './command.ts';
import { exitRows } from './help.ts';

/** The commands' reference as Markdown. */
export function cliReference(commands: readonly Command[]): string {
  return `${[INTRODUCTION, ...commands.map(commandPart)].join('\n\n')}\n`;
}

const INTRODUCTION = `# Commands

This page is made from the commands themselves; \`tocsin <command> --help\` says the same.

The answer is on standard output, everything else on standard error. \`--json\` makes the answer one for programs.
What came from outside is printed so that a terminal shows it instead of obeying it: ESC stands there as
\`\\u001b\`. There are colours on a terminal only, and none with \`NO_COLOR\`.

No secret is given on the command line, where other users of the machine could read it: it comes from the
environment, a \`.env\` file in the working directory, or the file that \`<NAME>_FILE\` names.`;

function commandPart(command: Command): string {
  const { name, summary, details, args, options, variables, examples } = command;
  return [
    `## tocsin ${name}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...details,
    `\`\`\`\ntocsin ${[name, ...args.map((arg) => arg.name), '[options]'].join(' ')}\n\`\`\``,
    table(
      'Argument',
      args.map((arg) => [code(arg.name), arg.description]),
    ),
    table(
      'Option',
      options.map(({ flags, description }) => [code(flags), description]),
    ),
    table(
      'Variable',
      variables.map((variable) => [code(variable.name), variable.description]),
    ),
    table('Exit code', exitRows(command)),
    `\`\`\`sh\n${examples.map(({ command: line, note }) => `# ${note}\n${line}`).join('\n')}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const code = (text: string): string => `\`${text}\``;

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([name, text]) => `| ${inCell(name)} | ${inCell(text)} |`);
  return [`| ${title} | |`, '| --- | --- |', ...lines].join('\n');
}

/** A bar would end the cell. */
const inCell = (text: string): string => text.replaceAll('|', '\\|');
