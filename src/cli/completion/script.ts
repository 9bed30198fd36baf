import type { Command } from '../command.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { completionModel, type CompletionModel } from './model.ts';
import { zshCompletion } from './zsh.ts';

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (model: CompletionModel) => string
>;

/** A script that makes the shell complete the commands of the table. */
export const completionScript = (
  shell: keyof typeof writers,
  table: { readonly commands: readonly Command[]; readonly groups: Readonly<Record<string, string>> },
): string => writers[shell](completionModel(table.commands, table.groups));
