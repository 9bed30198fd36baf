import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';

export interface RelayOptions {
  readonly host: string;
  readonly port: number;
  /** Speaks TLS to whoever comes, and plain to the server. */
  readonly tls?: TlsOptions;
}

/** A loopback port before a real server, at which the connection can be held up or torn. */
export class TcpRelay {
  /** Connections accepted so far. */
  connections = 0;
  #mode: 'pass' | 'hang' | 'reset' = 'pass';
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #all = new Set<Socket>();
  #waiting: (() => void)[] = [];

  private constructor(options: RelayOptions) {
    this.#options = options;
    const take = (client: Socket): void => this.#take(client);
    this.#server = options.tls ? createTls(options.tls, take) : createServer(take);
    this.#server.on('tlsClientError', () => {});
  }

  static async start(options: RelayOptions): Promise<TcpRelay> {
    const relay = new TcpRelay(options);
    await once(relay.#server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  get port(): number {
    // Listening on TCP: never a pipe's name, nor null.
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on: what comes is passed on, or swallowed, or answered with a reset. */
  set(mode: 'pass' | 'hang' | 'reset'): void {
    this.#mode = mode;
  }

  /** Resolves when a client sends something, or comes while it is held up. */
  reached(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Says something to every client as if the server had. */
  inject(bytes: Buffer): void {
    for (const client of this.#clients) client.write(bytes);
  }

  /** Tears every connection. */
  cut(): void {
    for (const client of this.#clients) client.resetAndDestroy();
  }

  /** Resolves once no client is connected. */
  async released(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => once(client, 'close')));
  }

  async close(): Promise<void> {
    for (const socket of this.#all) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(client: Socket): void {
    this.connections += 1;
    const server = connect(this.#options.port, this.#options.host);
    this.#clients.add(client);
    for (const socket of [client, server]) {
      this.#all.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          this.#all.delete(socket);
          this.#clients.delete(socket);
          client.destroy();
          server.destroy();
        });
    }
    // A server may be the one who speaks first: a client that waits for it has reached us all the same.
    if (this.#mode !== 'pass') this.#pass(Buffer.alloc(0), client, server);
    client.on('data', (bytes) => this.#pass(bytes, client, server));
    server.on('data', (bytes) => void (this.#mode === 'pass' && client.write(bytes)));
  }

  #pass(bytes: Buffer, client: Socket, server: Socket): void {
    if (this.#mode === 'pass') server.write(bytes);
    if (this.#mode === 'reset') client.resetAndDestroy();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
