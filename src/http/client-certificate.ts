import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer, type TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../kernel/route.ts';

/**
 * The certificates with which clients proved themselves, by connection: each is looked at once, after its handshake.
 * What a proxy says of a certificate is no part of it.
 */
export class ClientCertificates {
  readonly #server: HttpServer;
  #known = new WeakMap<Socket, ClientCertificate>();

  /** Of a plain server nothing is ever known. */
  constructor(server: HttpServer) {
    this.#server = server;
    if (!(server instanceof TlsServer)) return;
    server.on('secureConnection', (socket) => {
      const certificate = provedBy(socket);
      if (certificate !== undefined) this.#known.set(socket, certificate);
    });
  }

  of(socket: Socket): ClientCertificate | undefined {
    return this.#known.get(socket);
  }

  /** The authorities changed: who is connected must connect anew to be known. */
  forget(): void {
    this.#known = new WeakMap();
    this.#server.closeIdleConnections();
  }
}

/**
 * The certificate, and not only the word of the connection: Node calls a resumed TLS 1.3 session authorized that began
 * without any.
 */
function provedBy(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) return undefined;
  const commonName: unknown = certificate.toLegacyObject().subject?.CN;
  return {
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    commonName: typeof commonName === 'string' ? commonName : '',
  };
}
