import { type Content, type Fragment, SealedFault, unlock, type Unlocked } from '../sealed/sealed.ts';
import type { Call, CommandContext } from './command.ts';
import {
  type Asked,
  type MessageApi,
  type MessageFacts,
  messageApi,
  type ReleasedMessage,
} from './message-api.ts';
import type { MessageLink } from './message-link.ts';
import { askPassword, passwordFileOption, passwordOfFile } from './password.ts';
import { failed, type Result, succeeded } from './result.ts';

/** A message as its reader has it. */
export interface Revealed extends Content {
  readonly id: string;
  /** Null: any number. */
  readonly readsLeft: number | null;
}

type Known = Extract<Fragment, { version: 1 }>;

const TRIES = 3;
const NEWER = 'This message was made by a newer version of Tocsin: update the command line. It was not read.';
const NO_KEY =
  'This link is without its key, the part behind #: whoever sent it has it. The message was not read.';
const OTHER_KIND =
  'The link is that of a sealed message, but the service has one that is not: somebody has put it in its place.';

/**
 * Reads the message of a link, which counts. Whatever can be known before is checked before, so that nothing is used up
 * by a link that is not whole. No token of an operator goes along: a link names any host that its sender liked.
 */
export async function revealMessage(
  link: MessageLink,
  call: Call,
  context: CommandContext,
): Promise<Result<Revealed>> {
  const api = messageApi(link.base);
  const found = await api.find(link.id);
  if (!found.ok) return found.code === 'not_found' ? failed(gone()) : found;
  const fragment = keyFor(found.value, link.fragment);
  if (!fragment.ok) return fragment;
  if (fragment.value === undefined) return ofText(link.id, await api.claim(link.id, undefined));
  return claimSealed(link.id, fragment.value, api, call, context);
}

const gone = (): string => 'There is no such message: it was read, was deleted, or has expired.';

/** The key of a sealed message; undefined for a plain one. */
function keyFor(
  { sealed, version }: MessageFacts,
  fragment: Fragment | undefined,
): Result<Known | undefined> {
  if (!sealed)
    return fragment === undefined ? succeeded(undefined) : failed(`${OTHER_KIND} It was not read.`);
  if (fragment === undefined) return failed(NO_KEY);
  return fragment.version === 'newer' || version !== 1 ? failed(NEWER) : succeeded(fragment);
}

function ofText(id: string, claimed: Asked<ReleasedMessage>): Result<Revealed> {
  if (!claimed.ok) return failed(claimFault(claimed));
  const { value } = claimed;
  if (!('message' in value))
    return failed('The service answers with a message that is sealed, though it was not.');
  return succeeded({ id, text: value.message, files: [], readsLeft: value.reads_left });
}

/** Asks again while the password is not the right one; nothing is used up by that. */
async function claimSealed(
  id: string,
  fragment: Known,
  api: MessageApi,
  call: Call,
  context: CommandContext,
): Promise<Result<Revealed>> {
  const isAsked = fragment.needsPassword && !call.has(passwordFileOption);
  for (let left = TRIES - 1; ; left -= 1) {
    const password = await passwordFor(fragment, call, context);
    if (!password.ok) return password;
    const unlocked = await unlock(fragment, password.value);
    const claimed = await api.claim(id, unlocked.claimToken);
    if (claimed.ok) return openSealed(id, claimed.value, unlocked);
    if (claimed.code !== 'wrong_key') return failed(claimFault(claimed));
    if (!isAsked || left === 0) return failed(wrongKey(fragment));
    context.err('This is not the password. Nothing was used up by it.');
  }
}

async function passwordFor(
  { needsPassword }: Known,
  call: Call,
  context: CommandContext,
): Promise<Result<string | undefined>> {
  const read = passwordOfFile(call, context);
  if (!needsPassword || !read.ok || read.value !== undefined) return read;
  return askPassword(context, 'Password: ');
}

async function openSealed(
  id: string,
  claimed: ReleasedMessage,
  { open }: Unlocked,
): Promise<Result<Revealed>> {
  if (!('sealed' in claimed)) return failed(OTHER_KIND);
  try {
    const content = await open(claimed.sealed.ciphertext);
    return succeeded({ ...content, id, readsLeft: claimed.reads_left });
  } catch (error) {
    if (!(error instanceof SealedFault)) throw error;
    return failed(error.message);
  }
}

const wrongKey = ({ needsPassword }: Known): string =>
  needsPassword
    ? 'This is not the password. The message is still there.'
    : 'The key in this link is not that of the message: copy all of the link. The message is still there.';

/** Without a problem's code no answer came: then the read may have been counted. */
function claimFault({ fault, code }: Extract<Asked<unknown>, { ok: false }>): string {
  if (code === 'not_found') return gone();
  return code === undefined
    ? `${fault}\nWhether the message was read by that cannot be known: try again.`
    : fault;
}
