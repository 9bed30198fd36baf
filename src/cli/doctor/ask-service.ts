import { once } from 'node:events';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isJsonObject, parseUntrusted } from '../../kernel/json.ts';

/** Who answers at a place. */
export type ServiceAnswer =
  /** Tocsin does; `isReady` as `/readyz` says. */
  | {
      readonly kind: 'tocsin';
      readonly isReady: boolean;
      readonly detail: string;
      readonly at: number | undefined;
    }
  | { readonly kind: 'other' }
  | { readonly kind: 'nobody'; readonly code: string };

const TIMEOUT_MS = 5_000;
const BODY_BYTES_MAX = 65_536;

/**
 * Asks `/livez` and `/readyz`. Neither sends a secret, so that the certificate need not be believed: it is looked at
 * by itself.
 */
export async function askService(base: string): Promise<ServiceAnswer> {
  const alive = await ask(`${base}/livez`);
  if (alive.kind === 'nobody') return alive;
  if (alive.status !== 200 || !isOk(alive.body)) return { kind: 'other' };
  const ready = await ask(`${base}/readyz`);
  if (ready.kind === 'nobody') return ready;
  const detail = isJsonObject(ready.body) ? String(ready.body['detail'] ?? '') : '';
  return { kind: 'tocsin', isReady: ready.status === 200, detail, at: alive.at };
}

const isOk = (body: unknown): boolean => isJsonObject(body) && body['status'] === 'ok';

type Answer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly at: number | undefined;
    }
  | { readonly kind: 'nobody'; readonly code: string };

async function ask(url: string): Promise<Answer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const options = { signal, agent: false } as const;
    const request = url.startsWith('https:')
      ? requestTls(url, { ...options, rejectUnauthorized: false })
      : requestPlain(url, options);
    request.end();
    // The one event that it has: the answer.
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const date = Date.parse(response.headers.date ?? '');
    const body = parseUntrusted(await textOf(response));
    return {
      kind: 'answer',
      status: response.statusCode ?? 0,
      body: body.ok ? body.value : undefined,
      at: Number.isNaN(date) ? undefined : date,
    };
  } catch (error) {
    // Nobody there, another protocol, or too slow: the code says which.
    return { kind: 'nobody', code: codeOf(error) };
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    // Bytes, as no encoding is set.
    const bytes = chunk as Buffer;
    chunks.push(bytes);
    length += bytes.length;
    if (length > BODY_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'ETIMEDOUT';
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : 'UNKNOWN';
}
