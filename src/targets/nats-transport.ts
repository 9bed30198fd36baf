import type { Socket } from 'node:net';
import { jetstream } from '@nats-io/jetstream';
import {
  type Authenticator,
  credsAuthenticator,
  type NatsConnection,
  NatsConnectionImpl,
  nkeyAuthenticator,
  type NodeConnectionOptions,
  type ServerInfo,
  setTransportFactory,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

// The packages of NATS, loaded with the first target that needs them: this file is imported lazily.
export { jetstream };
export type { NatsConnection };

/** How a client proves itself: by one of these, or not at all. */
export interface NatsProof {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly nkeySeed?: string;
  /** The text of a `.creds` file. */
  readonly creds?: string;
}

interface BoundedOptions extends NodeConnectionOptions {
  /** Ends the connecting. */
  readonly signal: AbortSignal;
}

/** What a server says first; one that goes on and on is none. */
const INFO_BYTES_MAX = 65_536;

/**
 * The library's transport, with what it lacks: it lets go of a server that is connected and silent, cuts off one
 * that greets without end, and can be told to stop.
 */
class BoundedTransport extends NodeTransport {
  #isStopped = false;

  override async connect(
    server: { hostname: string; port: number; tlsName: string },
    options: BoundedOptions,
  ): Promise<void> {
    const stop = (): void => {
      this.#isStopped = true;
      this.socket?.destroy();
    };
    options.signal.addEventListener('abort', stop, { once: true });
    try {
      await super.connect(server, options);
    } finally {
      options.signal.removeEventListener('abort', stop);
    }
  }

  override async dial(server: { hostname: string; port: number }): Promise<Socket> {
    const socket = await super.dial(server);
    if (!this.#isStopped) return socket;
    socket.destroy();
    throw new Error('told to stop');
  }

  override async close(error?: Error): Promise<void> {
    if (!this.connected) this.discard();
    await super.close(error);
  }

  override async peekInfo(): Promise<ServerInfo> {
    let bytes = 0;
    const greeting = super.peekInfo();
    // Taken away with the library's own listeners once the greeting is there.
    this.socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > INFO_BYTES_MAX) this.socket.destroy();
    });
    const info = await greeting;
    if (info.tls_required === true && this.options.tls === null) throw new Error("the server requires 'tls'");
    return info;
  }
}

export function connectNats(options: BoundedOptions): Promise<NatsConnection> {
  // The library holds one for the whole process, and its own `connect` would put its own back.
  setTransportFactory({ factory: () => new BoundedTransport() });
  return NatsConnectionImpl.connect(options);
}

export function authenticatorsOf(proof: NatsProof): Authenticator[] {
  const { user, password, token, nkeySeed, creds } = proof;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return [
    ...(creds === undefined ? [] : [credsAuthenticator(bytes(creds))]),
    ...(nkeySeed === undefined ? [] : [nkeyAuthenticator(bytes(nkeySeed))]),
    ...(token === undefined ? [] : [tokenAuthenticator(token)]),
    ...(user === undefined ? [] : [usernamePasswordAuthenticator(user, password)]),
  ];
}
