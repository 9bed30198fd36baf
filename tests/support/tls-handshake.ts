import { once } from 'node:events';
import { connect, type ConnectionOptions, getCiphers, type SecureVersion, type TLSSocket } from 'node:tls';

/** What a client and a server agreed on. */
export interface Handshake {
  readonly protocol: string | null;
  readonly cipher: string;
}

/** A client that would agree to anything, however weak, unless told otherwise. */
const ANYTHING: ConnectionOptions = {
  rejectUnauthorized: false,
  minVersion: 'TLSv1',
  ciphers: 'ALL:@SECLEVEL=0',
};

/** Connects to the URL's host; undefined when no handshake came about. */
export async function handshake(
  url: string,
  options: ConnectionOptions = {},
): Promise<Handshake | undefined> {
  const socket = await connectTls(url, options);
  if (socket === undefined) return undefined;
  const agreed = { protocol: socket.getProtocol(), cipher: socket.getCipher().standardName };
  socket.destroy();
  return agreed;
}

/** An open connection to the URL's host; undefined when no handshake came about. */
export async function connectTls(
  url: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...ANYTHING, ...options });
  try {
    await once(socket, 'secureConnect');
    return socket;
  } catch {
    // Refused, by either side.
    socket.destroy();
    return undefined;
  }
}

/** What a client offers of TLS 1.2 and before when it offers this cipher alone. */
export const onlyCipher = (name: string, maxVersion: SecureVersion = 'TLSv1.2'): ConnectionOptions => ({
  ciphers: `${name.toUpperCase()}:@SECLEVEL=0`,
  maxVersion,
});

/** Every cipher of TLS 1.2 and before that this machine's client knows. */
export const oldCiphers = (): string[] => getCiphers().filter((name) => !name.startsWith('tls_'));
