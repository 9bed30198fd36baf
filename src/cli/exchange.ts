import { parseUntrusted } from '../kernel/json.ts';
import { failed, type Result, succeeded } from './result.ts';

/** An answer of the service, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** The body as JSON; its text when it is none. */
  readonly body: unknown;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 128 * 1_048_576;

/** One HTTP request. Redirects are not followed: what is signed or holds a token goes where it was sent. */
export async function exchange(url: URL, call: HttpCall): Promise<Result<HttpAnswer>> {
  const { method, headers, body, timeoutMs = TIMEOUT_MS } = call;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const init = { method, headers, redirect: 'manual', signal } as const;
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    const text = await readText(response.body ?? nothing());
    if (text === undefined) return failed(`The answer of ${url.origin} is larger than 128 MiB.`);
    const json = parseUntrusted(text);
    return succeeded({ status: response.status, body: json.ok ? json.value : text });
  } catch (error) {
    return failed(noAnswer(url, error, timeoutMs));
  }
}

/** An answer that goes on: its body comes bit by bit. */
export interface OpenAnswer {
  readonly status: number;
  /** Without its parameters. */
  readonly mediaType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Asks for an answer that goes on and on; only its beginning must come in time. */
export async function openExchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<Result<OpenAnswer>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: abort.signal });
    const mediaType = response.headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
    return succeeded({ status: response.status, mediaType, body: response.body ?? nothing() });
  } catch (error) {
    return failed(noAnswer(url, error, TIMEOUT_MS));
  } finally {
    clearTimeout(timer);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The whole of an answer that turned out not to go on. */
export async function readAnswer(url: URL, { status, body }: OpenAnswer): Promise<Result<HttpAnswer>> {
  try {
    const text = await readText(body);
    if (text === undefined) return failed(`The answer of ${url.origin} is larger than 128 MiB.`);
    const json = parseUntrusted(text);
    return succeeded({ status, body: json.ok ? json.value : text });
  } catch (error) {
    return failed(noAnswer(url, error, TIMEOUT_MS));
  }
}

/** An answer ended in the middle. */
export class AnswerBroken extends Error {
  constructor({ origin }: URL) {
    super(`the answer of ${origin} broke off before its end`);
    this.name = 'AnswerBroken';
  }
}

/** The body; rejects with AnswerBroken where it ends before its end. */
export async function* wholeBody(
  url: URL,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch(() => {
        // Whatever the network did: the code of it helps nobody, and the other end's log knows.
        throw new AnswerBroken(url);
      });
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** Undefined when it is too large. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** By the system's codes only: the message of an error can quote a header, and with it the token. */
function noAnswer({ origin, hostname }: URL, error: unknown, timeoutMs: number): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return `${origin} did not answer within ${timeoutMs / 1000} s.`;
  }
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined) ?? 'no connection';
  const hint = 'Is the service running? --url or TOCSIN_URL says where.';
  if (code === 'ECONNREFUSED') return `Nobody answers at ${origin}. ${hint}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host ${hostname}. ${hint}`;
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    return `The certificate of ${origin} is not trusted (${code}). NODE_EXTRA_CA_CERTS names the file of another authority.`;
  }
  return `${origin} cannot be reached (${code}). ${hint}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
