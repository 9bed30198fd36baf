import { Check } from 'typebox/value';
import { isJsonObject } from '../kernel/json.ts';
import type { Static, TSchema } from '../kernel/schema.ts';
import type { Call, CommandContext, Described } from './command.ts';
import { exchange, type HttpAnswer, type HttpCall } from './exchange.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';
import { isExposed, serviceUrl, urlOption } from './service-url.ts';
import { environmentOf } from './surroundings.ts';

/** The operators' API. Every answer is checked against the schema that it is asked with. */
export interface Api {
  get<Schema extends TSchema>(path: string, query: Query, schema: Schema): Promise<Result<Static<Schema>>>;
  post<Schema extends TSchema>(
    path: string,
    /** Undefined: without one. */
    body: Readonly<Record<string, unknown>> | undefined,
    schema: Schema,
  ): Promise<Result<Static<Schema>>>;
}

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

/** The API at the place and with the token that the command line and the environment name. */
export function openApi(call: Call, context: CommandContext): Result<Api> {
  const environment = environmentOf(context);
  const base = serviceUrl(call.value(urlOption), environment);
  if (!base.ok) return base;
  const found = environment.findSecret(['TOCSIN_TOKEN']);
  if (found.kind === 'faulty') return failed(`TOCSIN_TOKEN_FILE ${found.message}.`);
  if (found.kind !== 'value') return failed(`There is no token. ${SET_TOKEN}`);
  if (!/^[\x21-\x7e]+$/.test(found.value)) {
    return failed(`${found.name} holds no token: there are blanks, line breaks or other characters in it.`);
  }
  if (isExposed(base.value)) {
    context.err(`Warning: the token goes to ${base.value.origin} unencrypted. Use https.`);
  }
  return succeeded(apiAt(base.value, found.value));
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
  };
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
  if (answer.status === 401) return `The service does not accept this token. ${SET_TOKEN}`;
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
