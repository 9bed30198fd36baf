import { resolve } from 'node:path';
import { readSecret, type Environment } from '../../config/environment.ts';
import { readTextFile } from '../../config/read-file.ts';
import { problemText } from '../api.ts';
import type { Call, Command, CommandContext } from '../command.ts';
import { exchange, type HttpAnswer } from '../exchange.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type HeaderMap, headersOption } from '../headers-option.ts';
import { readInput } from '../input.ts';
import { choiceOption, jsonOption, textOption } from '../option.ts';
import { printable, printableJson } from '../printable.ts';
import { failed, type Result, succeeded } from '../result.ts';
import { sampleNotification } from '../../sources/sqreen/sample-notification.ts';
import { serviceUrl, urlOption } from '../service-url.ts';
import { signedHeaders, signingSchemes } from '../sign-request.ts';
import { environmentOf } from '../surroundings.ts';

const sourceOption = textOption(
  '--source <id>',
  'A source of the config (else the path of the webhook, /v1/webhook).',
);
const keyFileOption = textOption(
  '--key-file <path>',
  'A file that holds the key, instead of the environment.',
);

const schemeOption = choiceOption(
  '--scheme <name>',
  "How the source has its requests proved; sqreen without it. The config's `scheme`, or what its kind does",
  signingSchemes,
);
const signatureHeaderOption = textOption(
  '--signature-header <name>',
  'With --scheme hmac: the header for the signature, HMAC-SHA256 of the body in hex.',
);
const headerOption = headersOption(
  '--header <header...>',
  "Another header that the sender would send: 'X-GitHub-Event: push'. No place for a secret.",
);

/** `tocsin send`. */
export const send: Command = {
  name: 'send',
  summary: 'sign notifications and send them to the service, as a sender would',
  details: [
    'The body is sent byte for byte as it stands in the file, signed as Sqreen signs (X-Sqreen-Integrity) or as --scheme says. Without a file a sample of Sqreen is sent.',
    'It signs as the sender of that scheme does by default. What a source has of its own beyond that (another header, prefix, encoding or hash, a signed time with hmac) and the schemes sns and mtls are not for it.',
  ],
  args: [
    {
      name: '[file]',
      description: 'What the sender sends, for Sqreen an array of notifications; - for standard input.',
    },
  ],
  options: [
    sourceOption,
    schemeOption,
    signatureHeaderOption,
    headerOption,
    keyFileOption,
    urlOption,
    jsonOption,
  ],
  variables: [
    { name: 'SIGNATURE_KEY', description: 'The key that signs, or the token of the scheme bearer.' },
    { name: 'SIGNATURE_KEY_FILE', description: 'A file that holds it.' },
  ],
  exits: { ok: 'The service has it on disk.', failed: 'It was refused, or nobody answered.' },
  examples: [
    { command: 'tocsin send', note: 'a sample, to see it arrive' },
    { command: 'tocsin send notifications.json', note: 'what a sender would send' },
    { command: 'tocsin send --source waf --key-file waf.key body.json', note: 'to a source of the config' },
    {
      command: 'tocsin send --source prometheus --scheme bearer --key-file token alerts.json',
      note: 'to one that takes a token',
    },
  ],
  async run(call, context) {
    const request = await requestOf(call, context);
    if (!request.ok) {
      context.err(request.fault);
      return exitCodes.failed;
    }
    const { url, body, headers } = request.value;
    const answer = await exchange(url, { method: 'POST', headers, body });
    if (answer.ok) return tell(call, context, answer.value);
    context.err(answer.fault);
    return exitCodes.failed;
  },
};

interface SignedRequest {
  readonly url: URL;
  readonly body: Buffer;
  readonly headers: HeaderMap;
}

async function requestOf(call: Call, context: CommandContext): Promise<Result<SignedRequest>> {
  const environment = environmentOf(context);
  const base = serviceUrl(call.value(urlOption), environment);
  if (!base.ok) return base;
  const key = keyOf(call, context, environment);
  if (!key.ok) return key;
  const body = await bodyOf(call, context);
  if (!body.ok) return body;
  const source = call.value(sourceOption);
  const path = source === undefined ? 'v1/webhook' : `api/v1/sources/${encodeURIComponent(source)}`;
  const proof = signedHeaders(body.value, {
    scheme: call.value(schemeOption) ?? 'sqreen',
    key: key.value,
    header: call.value(signatureHeaderOption),
    now: context.now(),
  });
  if (!proof.ok) return proof;
  // The proof last: no header of the command line takes its place.
  const headers = { 'content-type': 'application/json', ...call.value(headerOption), ...proof.value };
  return succeeded({ url: new URL(path, base.value), body: body.value, headers });
}

function keyOf(call: Call, { cwd }: CommandContext, environment: Environment): Result<string> {
  const file = call.value(keyFileOption);
  if (file !== undefined) {
    const read = readSecret(resolve(cwd, file), readTextFile);
    return read.kind === 'value' ? succeeded(read.value) : failed(`--key-file ${read.message}.`);
  }
  const found = environment.findSecret(['SIGNATURE_KEY']);
  if (found.kind === 'value') return succeeded(found.value);
  if (found.kind === 'faulty') return failed(`SIGNATURE_KEY_FILE ${found.message}.`);
  return failed('There is no key to sign with. Set SIGNATURE_KEY or SIGNATURE_KEY_FILE, or give --key-file.');
}

async function bodyOf(call: Call, context: CommandContext): Promise<Result<Buffer>> {
  const [file] = call.args;
  if (file !== undefined) return readInput(context, file);
  if ((call.value(schemeOption) ?? 'sqreen') !== 'sqreen')
    return failed("Name a file: the sample is one of Sqreen's, and --scheme is another's.");
  return succeeded(Buffer.from(JSON.stringify([sampleNotification(context.now())])));
}

function tell(call: Call, { out, err }: CommandContext, answer: HttpAnswer): ExitCode {
  const isTaken = answer.status >= 200 && answer.status <= 299;
  const told = problemText(answer) ?? 'The answer is not one of Tocsin: does --url name the right place?';
  if (call.value(jsonOption)) out(printableJson(answer));
  else if (isTaken) out(`${answer.status} ${printable(JSON.stringify(answer.body))}`);
  if (!isTaken) err([`${answer.status} ${told}`, ...advice(call, answer)].join('\n'));
  return isTaken ? exitCodes.ok : exitCodes.failed;
}

function advice(call: Call, { status }: HttpAnswer): string[] {
  const source = call.value(sourceOption);
  if (status === 401) {
    const whose = source === undefined ? "the webhook's" : `the source's ("${printable(source)}")`;
    return [
      `Is SIGNATURE_KEY, or the file of --key-file, ${whose} key? Does --scheme say how it has requests proved?`,
    ];
  }
  if (status === 404) return ['`tocsin explain-config` shows the sources that the file has.'];
  return [];
}
