import { resolve } from 'node:path';
import { type Environment, readSecret } from '../../config/environment.ts';
import { readTextFile } from '../../config/read-file.ts';
import { apiVariables, operatorsToken } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { HeaderMap } from '../headers-option.ts';
import { messageApi } from '../message-api.ts';
import { isMessageId, readMessageLink } from '../message-link.ts';
import { jsonOption, textOption } from '../option.ts';
import { printableJson } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';
import { serviceUrl, urlOption, warnIfExposed } from '../service-url.ts';
import { environmentOf } from '../surroundings.ts';

const tokenFileOption = textOption('--token-file <path>', 'A file that holds the token that deletes it.');

/** `tocsin unshare`. */
export const unshare: Command = {
  name: 'unshare',
  summary: 'delete a shared message before its end',
  details: [
    'It takes the token that `tocsin share` said, of --token-file or asked for. An operator of the scope operate needs none at their own service, the one of --url or TOCSIN_URL: then TOCSIN_TOKEN is used.',
  ],
  args: [{ name: '<message>', description: 'Its link, whose host is asked; or its id.' }],
  options: [tokenFileOption, urlOption, jsonOption],
  variables: apiVariables,
  exits: { ok: 'It is gone.', failed: 'There is none, refused, or nobody answered.' },
  examples: [
    { command: 'tocsin unshare 0b6c… --token-file delete.token', note: 'with the token of its making' },
  ],
  async run(call, context) {
    const done = await remove(call, context);
    if (!done.ok) context.err(done.fault);
    else if (call.value(jsonOption)) context.out(printableJson({ message_id: done.value, deleted: true }));
    return done.ok ? exitCodes.ok : exitCodes.failed;
  },
};

interface Place {
  readonly base: URL;
  readonly id: string;
}

async function remove(call: Call, context: CommandContext): Promise<Result<string>> {
  const environment = environmentOf(context);
  const own = serviceUrl(call.value(urlOption), environment);
  if (!own.ok) return own;
  const place = placeOf(call.args[0] ?? '', own.value);
  if (!place.ok) return place;
  const { base, id } = place.value;
  const headers = await proofOf(call, context, environment, base.href === own.value.href);
  if (!headers.ok) return headers;
  warnIfExposed(base, context);
  const removed = await messageApi(base, headers.value).remove(id);
  return removed.ok ? succeeded(id) : removed;
}

function placeOf(typed: string, own: URL): Result<Place> {
  if (isMessageId(typed)) return succeeded({ base: own, id: typed.toLowerCase() });
  return readMessageLink(typed);
}

/** The operators' token goes to their own service only: a link names any host that its sender liked. */
async function proofOf(
  call: Call,
  { cwd, stdin }: CommandContext,
  environment: Environment,
  isOwn: boolean,
): Promise<Result<HeaderMap>> {
  const file = call.value(tokenFileOption);
  if (file !== undefined) {
    const read = readSecret(resolve(cwd, file), readTextFile);
    return read.kind === 'value' ? deletion(read.value) : failed(`--token-file ${read.message}.`);
  }
  const operator = isOwn ? operatorsToken(environment) : succeeded(undefined);
  if (!operator.ok) return operator;
  if (operator.value !== undefined) return succeeded({ authorization: `Bearer ${operator.value}` });
  const typed = await stdin.askHidden('Token that deletes it: ');
  if (typed !== undefined) return deletion(typed.trim());
  return failed('There is nobody to ask for the token that deletes it: give --token-file.');
}

/** Nothing that no header can hold. */
const deletion = (token: string): Result<HeaderMap> =>
  /^[\w-]{1,256}$/.test(token)
    ? succeeded({ 'tocsin-delete-token': token })
    : failed('This is no token that deletes a message.');
