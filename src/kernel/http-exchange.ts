import type { IncomingHttpHeaders } from 'node:http';
import type { Agent, Dispatcher } from 'undici';
import type { HttpAnswer, HttpRequest } from './http-client.ts';
import { httpFailure } from './http-failure.ts';

/** Beyond what is kept of an answer, this much is read for the sake of the connection; then it is closed. */
const DRAIN_BYTES_MAX = 65_536;

/** So many pieces of an answer become one: somebody may send it byte by byte, and a piece costs more than a byte. */
const LOOSE_PIECES_MAX = 512;

/**
 * One request and its answer. It takes undici's callbacks itself: a body stream and an abort signal per request
 * cost more than the rest of the exchange.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #bytesMax: number;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #readTimeoutMs: number | undefined;
  readonly #asBytes: boolean;
  #timer: NodeJS.Timeout;
  #settled = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #kept: Buffer[] = [];
  #joined = 0;
  #bytes = 0;

  private constructor(
    request: HttpRequest,
    bytesMax: number,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#bytesMax = bytesMax;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = request.signal;
    this.#readTimeoutMs = request.readTimeoutMs;
    this.#asBytes = request.asBytes === true;
    this.#timer = setTimeout(onTimeout, request.timeoutMs, this);
    // The object itself is the listener: no closure per request.
    this.#signal?.addEventListener('abort', this);
  }

  static run(
    agent: Agent,
    origin: string,
    path: string,
    request: HttpRequest,
    bytesMax: number,
  ): Promise<HttpAnswer> {
    const { signal, method = 'POST', headers, body } = request;
    if (signal?.aborted) return Promise.resolve({ ok: false, reason: 'timeout', detail: 'aborted' });
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request, bytesMax, resolve, reject);
      agent.dispatch({ origin, path, method, headers, ...(body === undefined ? {} : { body }) }, exchange);
    });
  }

  handleEvent(): void {
    this.abandon('aborted');
  }

  /** Ends the exchange without an answer; the connection is closed, for the answer may still come on it. */
  abandon(detail: string): void {
    this.#settle({ ok: false, reason: 'timeout', detail });
    this.#controller?.abort(new Error(detail));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Timed out while it waited for a connection: throwing takes it out of the queue and leaves the connection
    // to others, where an abort would close it.
    if (this.#settled) throw new Error('abandoned');
    this.#controller = controller;
    if (this.#readTimeoutMs === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onTimeout, this.#readTimeoutMs, this);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#bytes < this.#bytesMax) this.#keep(chunk.subarray(0, this.#bytesMax - this.#bytes));
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#bytesMax + DRAIN_BYTES_MAX) return;
    this.#settle(this.#answer());
    controller.abort(new Error('answer too long'));
  }

  onResponseEnd(): void {
    this.#settle(this.#answer());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const failure = httpFailure(error);
    if (failure) return this.#settle(failure);
    this.#release();
    this.#reject(error);
  }

  #keep(piece: Buffer): void {
    this.#kept.push(piece);
    if (this.#kept.length - this.#joined < LOOSE_PIECES_MAX) return;
    this.#kept.push(Buffer.concat(this.#kept.splice(this.#joined)));
    this.#joined += 1;
  }

  #answer(): HttpAnswer {
    const status = this.#status;
    const headers = joinHeaders(this.#headers);
    const isCut = this.#bytes > this.#bytesMax;
    if (!this.#asBytes) return { ok: true, status, headers, body: this.#text(), isCut };
    return { ok: true, status, headers, body: '', bytes: Buffer.concat(this.#kept), isCut };
  }

  #text(): string {
    const [only] = this.#kept;
    if (only === undefined) return '';
    const text = (this.#kept.length === 1 ? only : Buffer.concat(this.#kept)).toString('utf8');
    // The cut may go through a character.
    return this.#bytes > this.#bytesMax ? text.replace(/\ufffd$/, '') : text;
  }

  #settle(answer: HttpAnswer): void {
    if (this.#settled) return;
    this.#release();
    this.#resolve(answer);
  }

  #release(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this);
  }
}

function onTimeout(exchange: Exchange): void {
  exchange.abandon('timed out');
}

function joinHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return joined;
}
