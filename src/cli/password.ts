import { resolve } from 'node:path';
import { readSecret } from '../config/environment.ts';
import { readTextFile } from '../config/read-file.ts';
import type { Call, CommandContext } from './command.ts';
import { textOption } from './option.ts';
import { failed, type Result, succeeded } from './result.ts';

export const passwordFileOption = textOption(
  '--password-file <path>',
  'A file that holds the password, instead of asking for it.',
);

const NOBODY = 'There is nobody to ask for the password: run it at a terminal, or give --password-file.';

/** The password of `--password-file`; undefined without one. */
export function passwordOfFile(call: Call, { cwd }: CommandContext): Result<string | undefined> {
  const file = call.value(passwordFileOption);
  if (file === undefined) return succeeded(undefined);
  const read = readSecret(resolve(cwd, file), readTextFile);
  return read.kind === 'value' ? succeeded(read.value) : failed(`--password-file ${read.message}.`);
}

export async function askPassword({ stdin }: CommandContext, question: string): Promise<Result<string>> {
  const typed = await stdin.askHidden(question);
  if (typed === undefined) return failed(NOBODY);
  return typed === '' ? failed('No password was typed.') : succeeded(typed);
}

/** Twice, because nobody could read what was sealed with a slip of the finger. */
export async function askNewPassword(context: CommandContext): Promise<Result<string>> {
  const first = await askPassword(context, 'Password: ');
  if (!first.ok) return first;
  const second = await askPassword(context, 'Once more: ');
  if (second.ok && second.value !== first.value) return failed('These are two passwords: nothing was sent.');
  return second;
}
