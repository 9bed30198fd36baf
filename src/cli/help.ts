import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** What stands below a command's options on its help page. */
export function helpAfter(command: Command): string {
  return [
    section(
      'Environment',
      command.variables.map(({ name, description }) => [name, description]),
    ),
    section('Exit codes', exitRows(command)),
    section(
      'Examples',
      command.examples.map(({ command: line, note }) => [line, note]),
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Code and meaning, by number. */
export function exitRows({ exits }: Command): readonly (readonly [string, string])[] {
  const meanings = { ...exits, usage: 'The command line is not understood.' };
  return Object.entries(meanings)
    .map(([name, meaning]) => [String(codeOf(name)), meaning] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
}

const codeOf = (name: string): number | undefined =>
  Object.entries(exitCodes).find(([known]) => known === name)?.[1];

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([name]) => name.length));
  return [`${title}:`, ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join('\n');
}
