import type { Operations, Problem } from './operations.ts';

export type { Operations, Problem } from './operations.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The paths of a method: `/api/v1/events/{id}`. */
export type Path<M extends Method> = keyof Operations extends infer Key
  ? Key extends `${M} ${infer P}`
    ? P
    : never
  : never;
type OperationOf<M extends Method, P extends string> = `${M} ${P}` extends keyof Operations
  ? Operations[`${M} ${P}`]
  : never;
/** What an operation takes: `params`, `query`, `body`, as far as it has them. */
export type Input<M extends Method, P extends string> = OperationOf<M, P>['input'];
/** A path with its parameters filled in. */
export type FilledPath<M extends Method> = Filled<Path<M>>;
type Filled<P extends string> = P extends `${infer Before}{${string}}${infer Behind}`
  ? `${Before}${string}${Filled<Behind>}`
  : P;
/** What it answers. */
export type Answer<M extends Method, P extends string> = OperationOf<M, P>['answer'];
type StatusOf<M extends Method, P extends string> = OperationOf<M, P>['status'];
type CodeOf<M extends Method, P extends string> = OperationOf<M, P>['problems'];

export interface ClientOptions {
  /** Where the service is; a path in it is kept, for a service behind a prefix. */
  readonly url: string | URL;
  /** An operator's token; without one only public routes answer. */
  readonly token?: string;
  /** For a whole call, ms; 30,000 when absent. Streams: until they begin. */
  readonly timeoutMs?: number;
  /** Of an answer; 128 MiB when absent. */
  readonly answerBytesMax?: number;
  /** In place of the platform's, for a test or a proxy. */
  readonly fetch?: typeof fetch;
}

/** What every call takes beside its input. */
export interface CallOptions {
  /** Further headers: `Last-Event-ID`, `If-Match`, a signature. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** What came of a call. Only a mistake of the caller's is thrown. */
export type Result<M extends Method, P extends string> =
  | { readonly ok: true; readonly status: StatusOf<M, P>; readonly value: Answer<M, P> }
  | Refused<CodeOf<M, P>>
  | {
      readonly ok: false;
      readonly kind: 'foreign';
      /** Of an answer that is not Tocsin's. */ readonly status: number;
    }
  | {
      readonly ok: false;
      readonly kind: 'unreachable';
      /** The system's word: `ECONNREFUSED`; `ETIMEDOUT`, `ABORTED`, `TOO_LARGE` of our own. */
      readonly code: string;
    };

/** A refusal in the service's words (RFC 9457). */
export interface Refused<Code extends string = string> {
  readonly ok: false;
  readonly kind: 'problem';
  readonly status: number;
  readonly problem: Problem & { readonly code: Code };
  /** Seconds, where it says when to come again. */
  readonly retryAfterSeconds: number | undefined;
}

type Given<M extends Method, P extends string> =
  Readonly<Record<never, never>> extends Input<M, P>
    ? [input?: Input<M, P> & CallOptions]
    : [input: Input<M, P> & CallOptions];

type Call<M extends Method> = <P extends Path<M>>(path: P, ...given: Given<M, P>) => Promise<Result<M, P>>;

export interface Client {
  readonly get: Call<'GET'>;
  readonly post: Call<'POST'>;
  readonly put: Call<'PUT'>;
  readonly delete: Call<'DELETE'>;
}

const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 128 * 1_048_576;
const STREAM = 'text/event-stream';

/**
 * A client of Tocsin's API: `client.get('/api/v1/events/{id}', { params: { id } })`. What goes in and what comes out is
 * typed by the service's description; answers are taken at its word, a problem and a foreign answer told apart by their
 * form. Redirects are not followed: the token goes where it was meant to.
 */
export function createClient(options: ClientOptions): Client {
  const base = baseOf(options.url);
  const call =
    <M extends Method>(method: M): Call<M> =>
    // The description is the proof that the answer is of the type that it gives the path.
    (path, ...[input]) =>
      send(options, base, method, path, (input ?? {}) as Parts) as Promise<Result<M, typeof path>>;
  return { get: call('GET'), post: call('POST'), put: call('PUT'), delete: call('DELETE') };
}

type Text = string | number | boolean | undefined;
interface Parts extends CallOptions {
  readonly params?: Readonly<Record<string, Text>>;
  readonly query?: Readonly<Record<string, Text | readonly Text[]>>;
  readonly body?: unknown;
}

type AnyResult =
  | { readonly ok: true; readonly status: number; readonly value: unknown }
  | Exclude<Result<'GET', '/livez'>, { ok: true }>
  | Refused;

async function send(
  options: ClientOptions,
  base: URL,
  method: Method,
  path: string,
  parts: Parts,
): Promise<AnyResult> {
  const url = urlOf(base, path, parts);
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const timer = setTimeout(cancel, parts.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS);
  parts.signal?.addEventListener('abort', cancel, { once: true });
  if (parts.signal?.aborted === true) cancel();
  try {
    const init = { method, redirect: 'manual', signal: abort.signal, ...messageOf(options, parts) } as const;
    const response = await (options.fetch ?? fetch)(url, init);
    const result = await read(response, options.answerBytesMax ?? ANSWER_BYTES_MAX);
    // A stream goes on, and is ended by the caller's signal.
    if (response.bodyUsed || response.body === null) parts.signal?.removeEventListener('abort', cancel);
    return result;
  } catch (error) {
    if (!abort.signal.aborted) return { ok: false, kind: 'unreachable', code: codeOf(error) };
    return { ok: false, kind: 'unreachable', code: parts.signal?.aborted === true ? 'ABORTED' : 'ETIMEDOUT' };
  } finally {
    clearTimeout(timer);
  }
}

function baseOf(given: string | URL): URL {
  const url = new URL(given);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new TypeError('the url must be http or https, without a user');
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url;
}

function urlOf(base: URL, path: string, { params = {}, query = {} }: Parts): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(name, params[name]));
  const url = new URL(filled.slice(1), base);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** One step of a path, and no other than the one meant: "." and ".." would lead elsewhere. */
function segment(name: string, value: Text): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..')
    throw new TypeError(`params.${name} cannot stand in a path`);
  return encodeURIComponent(text);
}

function messageOf({ token }: ClientOptions, { headers, body }: Parts): RequestInit {
  const proof = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const accept = { accept: `application/json, ${STREAM};q=0.9, */*;q=0.1` };
  if (body === undefined) return { headers: { ...accept, ...proof, ...headers } };
  // What is signed goes byte for byte as it was signed.
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  return {
    headers: { ...accept, 'content-type': 'application/json', ...proof, ...headers },
    body: isRaw ? (body as string) : JSON.stringify(body),
  };
}

async function read(response: Response, bytesMax: number): Promise<AnyResult> {
  const { status, headers } = response;
  const mediaType = headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
  if (status === 200 && mediaType === STREAM) return { ok: true, status, value: response.body ?? nothing() };
  const text = await textOf(response, bytesMax);
  if (text === undefined) return { ok: false, kind: 'unreachable', code: 'TOO_LARGE' };
  const isJson = mediaType === 'application/json' || mediaType === 'application/problem+json';
  const value = isJson ? parsed(text) : text;
  if (status < 200 || status > 299) return refused(status, value, headers.get('retry-after'));
  if (mediaType === '') return { ok: true, status, value: undefined };
  return isJson && value === undefined ? { ok: false, kind: 'foreign', status } : { ok: true, status, value };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Undefined when it is too large. */
async function textOf(response: Response, bytesMax: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > bytesMax) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Undefined of what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page with the wrong type, or half an answer: foreign, as the caller is told.
    return undefined;
  }
}

function refused(status: number, value: unknown, again: string | null): AnyResult {
  if (!isProblem(value)) return { ok: false, kind: 'foreign', status };
  const seconds = Number(again ?? NaN);
  const retryAfterSeconds = Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined;
  return { ok: false, kind: 'problem', status, problem: value, retryAfterSeconds };
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'detail' in value &&
  typeof value.detail === 'string';

/** By the system's codes only: the message of an error can quote a header, and with it the token. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
}
