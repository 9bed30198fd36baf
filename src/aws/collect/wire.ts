import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import type { Socket } from 'node:net';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../kernel/clock.ts';

/** A page of a thousand volumes has 2 MB. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** A signed request as the SDK hands it over. */
export interface WireRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface WireAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

export interface WireOptions {
  readonly clock: Clock;
  /** Sockets per host. */
  readonly socketsMax: number;
  readonly attemptTimeoutMs: number;
}

/** Until a new connection stands, of the attempt's time. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The SDK's request handler: one HTTP exchange, of which it gives the whole answer or fails. The SDK's own hands over a
 * stream whose end nobody bounds in time or size. Redirects are answers like others.
 */
export class Wire {
  readonly #options: WireOptions;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;
  /** Requests that were sent. */
  sent = 0;
  #isClosed = false;

  constructor(options: WireOptions) {
    this.#options = options;
    const agent = { keepAlive: true, maxSockets: options.socketsMax };
    this.#http = new HttpAgent(agent);
    this.#https = new HttpsAgent(agent);
  }

  /** As the SDK wants to be given it. */
  handler(): Record<string, unknown> {
    return {
      handle: (request: WireRequest, options?: { readonly abortSignal?: AbortSignal }) =>
        this.handle(request, options),
      // Clients come and go over one set of sockets: `close` ends them.
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
      metadata: { handlerProtocol: 'http/1.1' },
    };
  }

  async handle(
    request: WireRequest,
    options: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<WireAnswer> {
    const stop = new AbortController();
    const onAbort = () => stop.abort(named('AbortError', 'ABORT_ERR'));
    if (this.#isClosed || options.abortSignal?.aborted === true) onAbort();
    options.abortSignal?.addEventListener('abort', onAbort, { once: true });
    const cancel = this.#options.clock.after(this.#options.attemptTimeoutMs, () =>
      stop.abort(named('TimeoutError', 'ETIMEDOUT')),
    );
    try {
      return await this.#exchange(request, stop);
    } finally {
      cancel();
      options.abortSignal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends what is under way too. */
  close(): void {
    this.#isClosed = true;
    this.#http.destroy();
    this.#https.destroy();
  }

  #exchange(request: WireRequest, stop: AbortController): Promise<WireAnswer> {
    const { signal } = stop;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(reasonOf(signal));
        return;
      }
      this.sent += 1;
      const send = request.protocol === 'http:' ? httpRequest : httpsRequest;
      const sent = send(this.#target(request), (answer) => {
        resolve(readAnswer(answer, request));
      });
      // Ends the answer's stream too, wherever it is.
      const end = () => sent.destroy(reasonOf(signal));
      signal.addEventListener('abort', end, { once: true });
      sent.on('socket', (socket) => this.#boundConnecting(socket, stop));
      sent.on('error', (error) => reject(signal.aborted ? reasonOf(signal) : error));
      sent.on('close', () => {
        signal.removeEventListener('abort', end);
        // Ended without an answer or an error: so does a change of protocols that nobody asked for.
        reject(named('Error', 'ECONNRESET'));
      });
      sent.end(bodyOf(request));
    });
  }

  /** Where nothing answers at all, nobody waits for as long as for an answer. */
  #boundConnecting(socket: Socket, stop: AbortController): void {
    if (!socket.connecting) return;
    const cancel = this.#options.clock.after(CONNECT_TIMEOUT_MS, () =>
      stop.abort(named('TimeoutError', 'ETIMEDOUT')),
    );
    socket.once('connect', cancel).once('close', cancel);
  }

  #target({ protocol, hostname, port, method, path, query, headers }: WireRequest): RequestOptions {
    const asked = queryText(query ?? {});
    return {
      agent: protocol === 'http:' ? this.#http : this.#https,
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port !== undefined && { port }),
      method,
      path: asked === '' ? path : `${path}?${asked}`,
      headers,
    };
  }
}

async function readAnswer(answer: IncomingMessage, request: WireRequest): Promise<WireAnswer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw named('AnswerTooLarge', 'AnswerTooLarge');
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const statusCode = answer.statusCode ?? 0;
  const body = Buffer.concat(chunks);
  const isSuccess = statusCode >= 200 && statusCode < 300;
  if (isSuccess && !canBeOfAws(body, request)) throw named('NotAnAnswer', 'NotAnAnswer');
  return { response: { statusCode, headers, body } };
}

/** As far as anybody looks for what an answer begins with. */
const BEGINNING = 512;

/**
 * All reads have an answer with a body, none of AWS's has a document type, and those of the query protocol are named
 * after what was asked. The SDK would take an empty one, or a page of somebody on the way, for an account that has
 * nothing.
 */
function canBeOfAws(body: Buffer, request: WireRequest): boolean {
  const beginning = body.subarray(0, BEGINNING).toString('latin1').trimStart();
  const action = typeof request.body === 'string' && /(?:^|&)Action=(\w+)/.exec(request.body)?.[1];
  if (action) return beginning.includes(`<${action}Response`) && !/<!doctype\b/i.test(beginning);
  return beginning !== '' && !(beginning.startsWith('<') && /<(?:!doctype|html)\b/i.test(beginning));
}

function bodyOf({ body }: WireRequest): string | Uint8Array | undefined {
  if (body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array)
    return body ?? undefined;
  throw new TypeError('only texts and bytes are sent');
}

/** As the signature was made over it: sorted by name, all but the unreserved characters escaped (RFC 3986). */
function queryText(query: Readonly<Record<string, string | string[] | null>>): string {
  return Object.keys(query)
    .sort()
    .flatMap((name) => {
      const value = query[name];
      if (value === null || value === undefined) return [escaped(name)];
      return [value].flat().map((one) => `${escaped(name)}=${escaped(one)}`);
    })
    .join('&');
}

const escaped = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const named = (name: string, code: string): Error => Object.assign(new Error(name), { name, code });

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : named('AbortError', 'ABORT_ERR');
