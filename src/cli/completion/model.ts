import type { Command } from '../command.ts';
import { type Option, optionName } from '../option.ts';

/** The commands as a shell needs them to complete a line. */
export interface CompletionModel {
  /** The first words, in order; a group's once. */
  readonly names: readonly Described[];
  readonly groups: readonly CompletedGroup[];
  readonly commands: readonly CompletedCommand[];
}

export interface Described {
  readonly name: string;
  readonly summary: string;
}

export interface CompletedGroup {
  readonly name: string;
  /** The second words. */
  readonly members: readonly Described[];
}

export interface CompletedCommand {
  /** What was typed for it: `events`, `rules test`; `targets` for the one that a group's name stands for. */
  readonly words: string;
  readonly options: readonly CompletedOption[];
  readonly args: readonly ValueKind[];
}

export interface CompletedOption {
  /** `--since`. */
  readonly name: string;
  readonly description: string;
  /** Undefined of one that takes no value. */
  readonly value: ValueKind | undefined;
}

/** `text`: nobody but the user knows what comes there. */
export type ValueKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'file' }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

const HELP: CompletedOption = { name: '--help', description: 'Say what there is.', value: undefined };

export function completionModel(
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
): CompletionModel {
  const firsts = [...new Set(commands.map(({ name }) => firstWord(name)))];
  return {
    names: firsts.map((name) => ({ name, summary: groups[name] ?? summaryOf(commands, name) })),
    groups: firsts.flatMap((name) => groupOf(commands, name)),
    commands: commands.flatMap(completed),
  };
}

const firstWord = (name: string): string => name.split(' ')[0] ?? name;
const summaryOf = (commands: readonly Command[], name: string): string =>
  commands.find((command) => command.name === name)?.summary ?? '';

function groupOf(commands: readonly Command[], group: string): CompletedGroup[] {
  const members = commands.flatMap(({ name, summary }) => {
    const [first, second] = name.split(' ');
    return first === group && second !== undefined ? [{ name: second, summary }] : [];
  });
  return members.length === 0 ? [] : [{ name: group, members }];
}

function completed({ name, isDefault, options, args }: Command): CompletedCommand[] {
  const shared = {
    options: [...options.map(completedOption), HELP],
    args: args.map((arg) => valueKind(arg.name, arg.values)),
  };
  const own = { words: name, ...shared };
  return isDefault === true ? [own, { words: firstWord(name), ...shared }] : [own];
}

function completedOption(option: Option): CompletedOption {
  const name = optionName(option);
  const placeholder = option.flags.slice(name.length + 1);
  const value = placeholder === '' ? undefined : valueKind(`${name} ${placeholder}`, option.values);
  return { name, description: option.description, value };
}

/** By what the help calls it: `<path>`, `[file]`, `--data-dir`. */
function valueKind(called: string, values: readonly string[] | undefined): ValueKind {
  if (values !== undefined) return { kind: 'choice', values };
  return /[<[](?:path|file|directory)[\]>.]|-dir\b|-file\b/.test(called)
    ? { kind: 'file' }
    : { kind: 'text' };
}
