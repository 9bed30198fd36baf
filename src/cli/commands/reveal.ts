import { dirname, resolve } from 'node:path';
import type { Call, Command, CommandContext } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readInput } from '../input.ts';
import { type KeptFile, keepFiles, lastResorts, prepareDirectory } from '../keep-files.ts';
import { type MessageLink, readMessageLink } from '../message-link.ts';
import { jsonOption, textOption } from '../option.ts';
import { passwordFileOption } from '../password.ts';
import { printable, printableJson, printableLines } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';
import { type Revealed, revealMessage } from '../reveal-message.ts';
import { warnIfExposed } from '../service-url.ts';

const outputOption = textOption(
  '--output <directory>',
  'Where files go; made if it is not there. Without it, a new private directory.',
);

/** `tocsin reveal`. */
export const reveal: Command = {
  name: 'reveal',
  summary: 'read a message by its link, which counts as a read',
  details: [
    'The host in the link is asked, and gets no token of yours. The key behind `#` stays here: the message is opened on this machine.',
    'A wrong password or a link that is not whole uses nothing up. What has been read is not lost to a full disk either: files, and the text when standard output takes none of it, go to a private directory then, and standard error says where. No file is written over, or outside of its directory.',
    'A text goes to a pipe or a file as it was; on a terminal what would do harm there is shown as `\\u001b`.',
  ],
  args: [{ name: '<link>', description: "The link; - for standard input, which no shell's history has." }],
  options: [outputOption, passwordFileOption, jsonOption],
  variables: [],
  exits: {
    ok: 'It was read.',
    failed: 'There is none, it cannot be opened, nobody answered; or it is not where it was to go.',
  },
  examples: [
    { command: 'tocsin reveal "https://tocsin.example/m/0b6c…#1.AAEC…"', note: 'the text' },
    { command: 'tocsin reveal - --output inbox < link', note: 'and its files into a directory' },
  ],
  async run(call, context) {
    const revealed = await readMessage(call, context);
    if (revealed.ok) return deliver(revealed.value, call, context);
    context.err(revealed.fault);
    return exitCodes.failed;
  },
};

async function readMessage(call: Call, context: CommandContext): Promise<Result<Revealed>> {
  const link = await linkOf(call, context);
  if (!link.ok) return link;
  const output = outputOf(call, context);
  const prepared = output === undefined ? succeeded(output) : prepareDirectory(output);
  if (!prepared.ok) return prepared;
  warnIfExposed(link.value.base, context);
  return revealMessage(link.value, call, context);
}

async function linkOf(call: Call, context: CommandContext): Promise<Result<MessageLink>> {
  const [typed = ''] = call.args;
  if (typed !== '-') return readMessageLink(typed);
  const read = await readInput(context, '-');
  return read.ok ? readMessageLink(read.value.toString('utf8')) : failed(`${read.fault}.`);
}

function outputOf(call: Call, { cwd }: CommandContext): string | undefined {
  const output = call.value(outputOption);
  return output === undefined ? undefined : resolve(cwd, output);
}

/** It may exist nowhere else by now, so each part goes somewhere, whatever fails. */
async function deliver(revealed: Revealed, call: Call, context: CommandContext): Promise<ExitCode> {
  const output = outputOf(call, context);
  const kept = keepFiles(revealed.files, output, lastResorts(context.cwd));
  const isHomeless = kept.some(({ path }) => path === undefined);
  const isJson = call.value(jsonOption) === true || isHomeless;
  const answer = isJson ? `${printableJson(asJson(revealed, kept))}\n` : asText(revealed.text, context);
  const fault = answer === '' ? undefined : await context.tryWrite(answer);
  if (fault !== undefined) tellKept(keepAnswer(answer, isJson, context), fault, context);
  for (const one of kept) context.err(fileLine(one));
  if (isHomeless) context.err('No directory took these files: they are in the answer, in base64.');
  context.err(readsText(revealed.readsLeft));
  const isInPlace = output === undefined || kept.every(({ path = '' }) => dirname(path) === output);
  return fault === undefined && !isHomeless && isInPlace ? exitCodes.ok : exitCodes.failed;
}

const asJson = ({ id, text, readsLeft }: Revealed, kept: readonly KeptFile[]): object => ({
  message_id: id,
  text,
  files: kept.map(({ file: { name, type, bytes }, path }) => ({
    name,
    type,
    size: bytes.length,
    ...(path === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { path }),
  })),
  reads_left: readsLeft,
});

/** For a person with a line's end behind it; for a program as it is. */
function asText(text: string, { terminal }: CommandContext): string {
  if (terminal.columns === undefined || text === '') return text;
  return printableLines(text).replace(/\n?$/, '\n');
}

function keepAnswer(answer: string, isJson: boolean, { cwd }: CommandContext): string | undefined {
  const name = isJson ? 'message.json' : 'message.txt';
  const file = { name, type: 'text/plain', bytes: new TextEncoder().encode(answer) };
  return keepFiles([file], undefined, lastResorts(cwd))[0]?.path;
}

function tellKept(path: string | undefined, fault: string, { err }: CommandContext): void {
  const where = path === undefined ? 'no directory takes it either' : `it is in ${path}`;
  err(printable(`The answer cannot be written (${fault}): ${where}.`));
}

const fileLine = ({ file, path }: KeptFile): string =>
  printable(`${file.name}, ${file.bytes.length} bytes${path === undefined ? '' : `: ${path}`}`);

function readsText(left: number | null): string {
  if (left === null) return 'It can be read again until it expires.';
  return left === 0
    ? 'That was the last time: it is gone from the service.'
    : `It can be read ${left} times more.`;
}
