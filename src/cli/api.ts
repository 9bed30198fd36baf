import { Check } from 'typebox/value';
import type { FilledPath } from '../client/client.ts';
import type { Environment } from '../config/environment.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { Static, TSchema } from '../kernel/schema.ts';
import type { Call, CommandContext, Described } from './command.ts';
import { exchange, type HttpAnswer, type HttpCall, openExchange, readAnswer, wholeBody } from './exchange.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';
import { isExposed, serviceUrl, urlOption } from './service-url.ts';
import { readMessages, type StreamMessage } from './stream-messages.ts';
import { environmentOf } from './surroundings.ts';

/** The paths that the service describes, relative: `api/v1/events/evt_…`. */
type ApiPath<Method extends 'GET' | 'POST' | 'PUT' | 'DELETE'> =
  FilledPath<Method> extends infer Path ? (Path extends `/${infer Rest}` ? Rest : never) : never;

/**
 * The operators' API. That there is such a path is known when this is compiled; every answer is checked against the
 * schema that it is asked with, for the service may be older or newer than the command line.
 */
export interface Api {
  get<Schema extends TSchema>(
    path: ApiPath<'GET'>,
    query: Query,
    schema: Schema,
  ): Promise<Result<Static<Schema>>>;
  post<Schema extends TSchema>(
    path: ApiPath<'POST'>,
    /** Undefined: without one. */
    body: Readonly<Record<string, unknown>> | undefined,
    schema: Schema,
  ): Promise<Result<Static<Schema>>>;
  /** `onlyNew`: refused where there is one. */
  put<Schema extends TSchema>(
    path: ApiPath<'PUT'>,
    body: Readonly<Record<string, unknown>>,
    schema: Schema,
    onlyNew?: boolean,
  ): Promise<Result<Static<Schema>>>;
  /** Of an answer without a body. */
  delete(path: ApiPath<'DELETE'>): Promise<Result<undefined>>;
  /** Server-sent events, behind `lastId` if there is one. */
  stream(path: ApiPath<'GET'>, query: Query, lastId: string | undefined): Promise<OpenedStream>;
  /** A file of that media type, however long, piece by piece; rejects with AnswerBroken in the middle. */
  download(
    path: ApiPath<'GET'>,
    query: Query,
    mediaType: string,
  ): Promise<Result<AsyncGenerator<Uint8Array>>>;
}

export type OpenedStream =
  | { readonly kind: 'open'; readonly messages: AsyncIterable<StreamMessage> }
  /** The service answers, but knows no such stream. */
  | { readonly kind: 'unknown' }
  /** For good: trying again would not help. */
  | { readonly kind: 'refused'; readonly fault: string }
  | { readonly kind: 'away'; readonly fault: string };

/** What is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every command that speaks to the API reads. */
export const apiVariables: readonly Described[] = [
  { name: 'TOCSIN_TOKEN', description: "The operators' token." },
  { name: 'TOCSIN_TOKEN_FILE', description: 'A file that holds it.' },
];

/** A bulk replay works through ten thousand deliveries before it answers. */
const POST_TIMEOUT_MS = 600_000;
const SET_TOKEN = 'Set TOCSIN_TOKEN, or TOCSIN_TOKEN_FILE to the path of a file that holds it.';
const NOT_ACCEPTED = `The service does not accept this token. ${SET_TOKEN}`;
const EVENT_STREAM = 'text/event-stream';

/** The API at the place and with the token that the command line and the environment name. */
export function openApi(call: Call, context: CommandContext): Result<Api> {
  const environment = environmentOf(context);
  const base = serviceUrl(call.value(urlOption), environment);
  if (!base.ok) return base;
  const token = operatorsToken(environment);
  if (!token.ok) return token;
  if (token.value === undefined) return failed(`There is no token. ${SET_TOKEN}`);
  if (isExposed(base.value)) {
    context.err(`Warning: the token goes to ${base.value.origin} unencrypted. Use https.`);
  }
  return succeeded(apiAt(base.value, token.value));
}

/** The token that the environment names; undefined when it names none. */
export function operatorsToken(environment: Environment): Result<string | undefined> {
  const found = environment.findSecret(['TOCSIN_TOKEN']);
  if (found.kind === 'faulty') return failed(`TOCSIN_TOKEN_FILE ${found.message}.`);
  if (found.kind !== 'value') return succeeded(undefined);
  if (!/^[\x21-\x7e]+$/.test(found.value)) {
    return failed(`${found.name} holds no token: there are blanks, line breaks or other characters in it.`);
  }
  return succeeded(found.value);
}

function apiAt(base: URL, token: string): Api {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return {
    get: (path, query, schema) => ask(urlOf(base, path, query), { method: 'GET', headers }, schema),
    post: (path, body, schema) =>
      ask(
        urlOf(base, path, {}),
        { method: 'POST', timeoutMs: POST_TIMEOUT_MS, ...bodyOf(headers, body) },
        schema,
      ),
    put: (path, body, schema, onlyNew = false) => {
      const asked = onlyNew ? { ...headers, 'if-none-match': '*' } : headers;
      return ask(urlOf(base, path, {}), { method: 'PUT', ...bodyOf(asked, body) }, schema);
    },
    delete: (path) => end(urlOf(base, path, {}), headers),
    stream: (path, query, lastId) => openStream(urlOf(base, path, query), headers, lastId),
    download: (path, query, mediaType) => openFile(urlOf(base, path, query), headers, mediaType),
  };
}

async function end(url: URL, headers: HttpCall['headers']): Promise<Result<undefined>> {
  const answer = await exchange(url, { method: 'DELETE', headers });
  if (!answer.ok) return answer;
  return answer.value.status === 204 ? succeeded(undefined) : failed(refusal(url, answer.value));
}

async function openStream(
  url: URL,
  headers: HttpCall['headers'],
  lastId: string | undefined,
): Promise<OpenedStream> {
  const mark: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
  const opened = await openExchange(url, { ...headers, ...mark, accept: EVENT_STREAM });
  if (!opened.ok) return { kind: 'away', fault: opened.fault };
  const { status, mediaType, body } = opened.value;
  if (status === 200 && mediaType === EVENT_STREAM) return { kind: 'open', messages: readMessages(body) };
  await body[Symbol.asyncIterator]().return?.();
  if (status === 429 || status >= 500) return { kind: 'away', fault: `The service answers ${status}.` };
  if (status === 401) return { kind: 'refused', fault: NOT_ACCEPTED };
  if (status === 403) return { kind: 'refused', fault: 'This token may not read this.' };
  return { kind: 'unknown' };
}

async function openFile(
  url: URL,
  headers: HttpCall['headers'],
  mediaType: string,
): Promise<Result<AsyncGenerator<Uint8Array>>> {
  const opened = await openExchange(url, { ...headers, accept: `${mediaType}, application/json` });
  if (!opened.ok) return opened;
  const { status, body } = opened.value;
  if (status === 200 && opened.value.mediaType === mediaType) return succeeded(wholeBody(url, body));
  const answer = await readAnswer(url, opened.value);
  return answer.ok ? failed(refusal(url, answer.value)) : answer;
}

function bodyOf(
  headers: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>> | undefined,
): Pick<HttpCall, 'headers' | 'body'> {
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function urlOf(base: URL, path: string, query: Query): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function ask<Schema extends TSchema>(
  url: URL,
  call: HttpCall,
  schema: Schema,
): Promise<Result<Static<Schema>>> {
  const answer = await exchange(url, call);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status < 200 || status > 299) return failed(refusal(url, answer.value));
  return Check(schema, body) ? succeeded(body) : failed(foreign(url, status));
}

/** A refusal in words, with what to do about it where it is the caller's to do. */
function refusal(url: URL, answer: HttpAnswer): string {
  const told = problemText(answer);
  if (told === undefined) return foreign(url, answer.status);
  if (answer.status === 401) return NOT_ACCEPTED;
  return told;
}

/** What an RFC 9457 problem says, as a line or several; undefined when the answer is none. */
export function problemText({ body }: HttpAnswer): string | undefined {
  if (!isJsonObject(body) || typeof body['detail'] !== 'string' || typeof body['code'] !== 'string')
    return undefined;
  const errors = Array.isArray(body['errors']) ? body['errors'] : [];
  return [printable(body['detail']), ...errors.flatMap(errorLine)].join('\n');
}

function errorLine(error: unknown): string[] {
  if (!isJsonObject(error) || typeof error['message'] !== 'string') return [];
  return [`  ${printable(`${String(error['path'] ?? '')}: ${error['message']}`)}`];
}

const foreign = ({ origin }: URL, status: number): string =>
  `${origin} answers (${status}), but not as Tocsin does. Does --url or TOCSIN_URL name the right place?`;
