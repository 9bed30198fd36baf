import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { tlsFixture } from './tls-fixture.ts';

/** A forward proxy on a loopback port: gives tunnels (CONNECT), and serves nothing else. */
export class ConnectProxy {
  /** What tunnels were asked for, as `host:port`. */
  readonly asked: string[] = [];
  /** The credentials that came with each, or none. */
  readonly authorizations: (string | undefined)[] = [];
  /** Status of the next answers; 200 gives the tunnel. */
  status = 200;
  readonly #server;
  readonly #scheme: 'http' | 'https';
  readonly #names: ReadonlyMap<string, number>;
  readonly #open = new Set<Duplex>();

  private constructor(scheme: 'http' | 'https', names: ReadonlyMap<string, number>) {
    this.#scheme = scheme;
    this.#names = names;
    this.#server = scheme === 'https' ? createHttps({ ...tlsFixture }) : createHttp();
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => this.#take(request, socket));
  }

  /** `names`: hosts that the proxy knows, with the loopback port where each is; the rest it dials as told. */
  static async start(
    scheme: 'http' | 'https' = 'http',
    names: ReadonlyMap<string, number> = new Map(),
  ): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(scheme, names);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    // Listening on TCP: never a pipe's name, nor null.
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #keep(socket: Duplex): void {
    this.#open.add(socket);
    socket.on('error', () => {}).on('close', () => this.#open.delete(socket));
  }

  #take({ url = '', headers }: IncomingMessage, socket: Duplex): void {
    this.#keep(socket);
    this.asked.push(url);
    this.authorizations.push(headers['proxy-authorization']);
    if (this.status !== 200) {
      socket.end(`HTTP/1.1 ${this.status} No\r\nContent-Length: 5\r\n\r\nhush!`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const known = this.#names.get(hostname);
    const there = connect(known ?? Number(port), known === undefined ? hostname : '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    this.#keep(there);
  }
}
