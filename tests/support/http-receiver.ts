import { once } from 'node:events';
import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tlsFixture } from './tls-fixture.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As it came: what is not text is not whole in `body`. */
  readonly bytes: Buffer;
}

/** What to do with a request whose body has been read. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

export const answers = {
  status:
    (status: number, body = '', headers: Record<string, string> = {}): Answer =>
    (response) =>
      void response.writeHead(status, headers).end(body),
  hang: (): void => {},
  reset: (response: ServerResponse): void => {
    response.socket?.resetAndDestroy();
  },
};

/** An HTTP server on a loopback port that keeps what it was sent. */
export class HttpReceiver {
  readonly requests: ReceivedRequest[] = [];
  /** Connections accepted so far. */
  connections = 0;
  answer: Answer = answers.status(200);
  readonly #server;
  readonly #scheme: 'http' | 'https';
  readonly #open = new Set<Socket>();
  #waiting: { count: number; resolve: () => void }[] = [];

  private constructor(scheme: 'http' | 'https', options: ServerOptions) {
    this.#scheme = scheme;
    const listener: RequestListener = (request, response) => void this.#take(request, response);
    this.#server =
      scheme === 'https' ? createHttps({ ...tlsFixture, ...options }, listener) : createHttp(listener);
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#open.add(socket);
      socket.on('error', () => {}).on('close', () => this.#forget(socket));
    });
  }

  /** `options` of TLS: which client certificates to ask for. */
  static async start(scheme: 'http' | 'https' = 'http', options: ServerOptions = {}): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(scheme, options);
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get port(): number {
    // `address()` is a string for pipes only.
    const address: string | AddressInfo | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  url(path = '/', host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** Resolves once that many requests have come in all. */
  async received(count: number): Promise<void> {
    if (this.requests.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** Resolves once no connection is open. */
  async released(): Promise<void> {
    // Not `once` of events: a client that leaves with a reset would make it reject.
    await Promise.all(
      [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forget(socket: Socket): void {
    this.#open.delete(socket);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(request);
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
      ),
      body: bytes.toString('utf8'),
      bytes,
    };
    this.requests.push(received);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.requests.length < count) return true;
      resolve();
      return false;
    });
    this.answer(response, received);
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
