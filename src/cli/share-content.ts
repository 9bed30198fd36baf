import { basename } from 'node:path';
import type { Content, SealedFile } from '../sealed/sealed.ts';
import type { CommandContext } from './command.ts';
import { readInput } from './input.ts';
import { failed, type Result, succeeded } from './result.ts';

/** What is to be shared: `typed`, or for `-` and without it standard input, and the files. */
export async function contentToShare(
  typed: string | undefined,
  paths: readonly string[],
  context: CommandContext,
): Promise<Result<Content>> {
  const text = await textOf(typed, paths.length > 0, context);
  if (!text.ok) return text;
  const files: SealedFile[] = [];
  for (const path of paths) {
    const read = await readInput(context, path);
    if (!read.ok) return failed(`${read.fault}.`);
    files.push({ name: basename(path), type: 'application/octet-stream', bytes: new Uint8Array(read.value) });
  }
  if (text.value === '' && files.length === 0) return failed('There is nothing to share.');
  return succeeded({ text: text.value, files });
}

/** With files there need not be a text, and who waits for one would wait for ever under cron. */
async function textOf(
  typed: string | undefined,
  hasFiles: boolean,
  context: CommandContext,
): Promise<Result<string>> {
  if (typed === undefined && hasFiles) return succeeded('');
  if (typed !== undefined && typed !== '-') {
    context.err(
      "Warning: a text on the command line stays in the shell's history, and others on this machine can see it. Pipe it instead.",
    );
    return succeeded(typed);
  }
  if (context.stdin.isTerminal) context.err('Type the message; Ctrl-D on an empty line ends it.');
  const read = await readInput(context, '-');
  if (!read.ok) return failed(`${read.fault}.`);
  try {
    return succeeded(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read.value));
  } catch {
    // The decoder throws for nothing else.
    return failed('Standard input is not UTF-8 text: share it as a file (--file).');
  }
}
