import { durationMs } from '../../kernel/duration.ts';
import { type Content, contentBytes, FILES_MAX, seal, sealedBytes } from '../../sealed/sealed.ts';
import { apiVariables, operatorsToken } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  type CreatedMessage,
  type MessageApi,
  messageApi,
  type MessageLimits,
  type NewMessage,
} from '../message-api.ts';
import { readMessageLink } from '../message-link.ts';
import { durationOption, jsonOption, type Option, switchOption } from '../option.ts';
import { askNewPassword, passwordFileOption, passwordOfFile } from '../password.ts';
import { printable, printableJson } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';
import { serviceUrl, urlOption, warnIfExposed } from '../service-url.ts';
import { contentToShare } from '../share-content.ts';
import { environmentOf } from '../surroundings.ts';

const fileOption: Option<readonly string[]> = {
  flags: '--file <path...>',
  description: `A file to attach; as often as there are files, ${FILES_MAX} at most.`,
  read(typed) {
    const paths: readonly unknown[] = Array.isArray(typed) ? typed : [typed];
    const named = paths.filter((path) => typeof path === 'string' && path !== '' && path !== '-');
    return named.length === paths.length && named.length <= FILES_MAX
      ? succeeded(named.map(String))
      : failed(`a path, ${FILES_MAX} at most; standard input has no name`);
  },
};
const expiresOption = durationOption(
  '--expires-in <duration>',
  'It is gone after that: 1h. Without it, what the service does by default.',
  '30m or 7d',
);
const readsOption: Option<number | 'unlimited'> = {
  flags: '--max-reads <number>',
  description: 'How often it can be read: a number (1), or `unlimited` until it expires.',
  read(typed) {
    if (typed === 'unlimited') return succeeded(typed);
    const is = typeof typed === 'string' && /^[1-9]\d{0,4}$/.test(typed);
    return is ? succeeded(Number(typed)) : failed('a whole number from 1, or unlimited');
  },
};
const passwordOption = switchOption(
  '--password',
  'Ask for a password, which the reader needs beside the link.',
);
const plainOption = switchOption('--plain', 'Not sealed: the service can read it.');

/** `tocsin share`. */
export const share: Command = {
  name: 'share',
  summary: 'make a message that is read by its link, sealed before it leaves this machine',
  details: [
    'Standard output gets the link alone. The key is in it, behind `#`, which no browser and no command sends to the service: who has the link can read the message, and nobody else can, the service included. Standard error says when it ends, and the token that `tocsin unshare` deletes it with.',
    'The text comes from standard input. On the command line it would stay in the history of the shell.',
    'It takes no token. With one the service knows who made the message, and receipts tell when it is read, burned or expires.',
  ],
  args: [{ name: '[text]', description: 'The text; - or nothing for standard input.' }],
  options: [
    fileOption,
    expiresOption,
    readsOption,
    passwordOption,
    passwordFileOption,
    plainOption,
    urlOption,
    jsonOption,
  ],
  variables: apiVariables,
  exits: { ok: 'The service has it.', failed: 'Refused, too large, or nobody answered.' },
  examples: [
    { command: 'pass show door | tocsin share', note: 'can be read once' },
    { command: 'tocsin share --file id.pdf --expires-in 1h --password', note: 'a file, with a password' },
    {
      command: 'tocsin share --plain --max-reads unlimited < notes.txt',
      note: 'the service can read it too',
    },
  ],
  async run(call, context) {
    const isPlain = call.value(plainOption) === true;
    const sealedOnly = [fileOption, passwordOption, passwordFileOption].some((option) => call.has(option));
    if (isPlain && sealedOnly) {
      context.err('error: --plain takes no file and no password\nAdd --help for what there is.');
      return exitCodes.usage;
    }
    const shared = await makeMessage(call, context);
    if (shared.ok) tell(shared.value, call, context);
    else context.err(shared.fault);
    return shared.ok ? exitCodes.ok : exitCodes.failed;
  },
};

interface Shared {
  readonly created: CreatedMessage;
  readonly link: string;
}

async function makeMessage(call: Call, context: CommandContext): Promise<Result<Shared>> {
  const environment = environmentOf(context);
  const base = serviceUrl(call.value(urlOption), environment);
  if (!base.ok) return base;
  const token = operatorsToken(environment);
  if (!token.ok) return token;
  const headers: Record<string, string> =
    token.value === undefined ? {} : { authorization: `Bearer ${token.value}` };
  warnIfExposed(base.value, context);
  const content = await contentToShare(call.args[0], call.value(fileOption) ?? [], context);
  if (!content.ok) return content;
  const made = await send(content.value, messageApi(base.value, headers), call, context);
  if (!made.ok) return made;
  const { created, fragment } = made.value;
  return succeeded({ created, link: linkOf(created, base.value) + fragment });
}

interface Sent {
  readonly created: CreatedMessage;
  /** Of a plain message there is none. */
  readonly fragment: string;
}

async function send(
  content: Content,
  api: MessageApi,
  call: Call,
  context: CommandContext,
): Promise<Result<Sent>> {
  const limits = await api.limits();
  if (!limits.ok) return limits;
  const isPlain = call.value(plainOption) === true;
  const unfit = misfit(limits.value, content, call, isPlain);
  if (unfit !== undefined) return failed(unfit);
  if (isPlain) return withFragment(await api.create({ message: content.text, ...boundsOf(call) }), '');
  const password = await passwordOf(call, context);
  if (!password.ok) return password;
  const { ciphertext, claimHash, fragment } = await seal(content, password.value);
  const sealed = { version: 1, ciphertext, claim_hash: claimHash } as const;
  return withFragment(await api.create({ sealed, ...boundsOf(call) }), fragment);
}

const withFragment = (created: Result<CreatedMessage>, fragment: string): Result<Sent> =>
  created.ok ? succeeded({ created: created.value, fragment }) : created;

/** What the service would refuse, said before anything is sent or asked for. */
function misfit(
  limits: MessageLimits,
  { text, files }: Content,
  call: Call,
  isPlain: boolean,
): string | undefined {
  const sized = files.map(({ name, type, bytes }) => ({ name, type, size: bytes.length }));
  const bytes = isPlain ? Buffer.byteLength(text) : sealedBytes(contentBytes(text, sized));
  if (bytes > limits.bytes_max) {
    return `It is too large: ${bytes} bytes${isPlain ? '' : ' when sealed'}, of ${limits.bytes_max} that the service takes.`;
  }
  const { expires_in: seconds, max_reads: reads } = boundsOf(call);
  const { min, max } = limits.expires_in;
  if (seconds !== undefined && (seconds < min || seconds > max)) {
    return `--expires-in must be between ${min}s and ${max}s at this service.`;
  }
  if (reads !== undefined && reads > limits.reads_max) {
    return `--max-reads must be at most ${limits.reads_max} at this service, or unlimited.`;
  }
  return undefined;
}

function boundsOf(call: Call): Pick<NewMessage, 'expires_in' | 'max_reads'> {
  const expires = call.value(expiresOption);
  const reads = call.value(readsOption) ?? 1;
  return {
    ...(expires === undefined ? {} : { expires_in: Math.floor(durationMs(expires) / 1_000) }),
    ...(reads === 'unlimited' ? {} : { max_reads: reads }),
  };
}

async function passwordOf(call: Call, context: CommandContext): Promise<Result<string | undefined>> {
  const read = passwordOfFile(call, context);
  if (!read.ok || read.value !== undefined || !call.value(passwordOption)) return read;
  return askNewPassword(context);
}

/** The service's own address of it; ours where it says none that could be opened. */
function linkOf({ url, message_id: id }: CreatedMessage, base: URL): string {
  const link = readMessageLink(url);
  return link.ok && link.value.id === id && !url.includes('#') ? url : new URL(`m/${id}`, base).href;
}

function tell({ created, link }: Shared, call: Call, { out, err }: CommandContext): void {
  const { message_id: id, max_reads: reads, expires_at: expires, delete_token: token } = created;
  if (call.value(jsonOption)) {
    out(printableJson({ link, sealed: call.value(plainOption) !== true, ...created }));
    return;
  }
  out(printable(link));
  const often = reads === null ? 'any number of times' : reads === 1 ? 'once' : `${reads} times`;
  err(printable(`It can be read ${often}, until ${expires}.`));
  err(printable(`Deleting it before that: tocsin unshare ${id}, with the token ${token}`));
}
