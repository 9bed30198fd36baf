import { isIP, isIPv6, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { EgressGuard } from './egress.ts';
import { EgressDenied } from './http-failure.ts';

/** All addresses of a name, in order of preference. Rejects with an error that has a `code` (`ENOTFOUND`). */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

export interface GuardedConnectorOptions {
  readonly origin: URL;
  readonly guard: EgressGuard;
  readonly lookup: Lookup;
  readonly connectTimeoutMs: number;
  readonly ca?: string;
}

/** Opens connections to one origin, only to addresses that the guard permits. */
export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const host = options.origin.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = portOf(options.origin);
  const permits = (address: string) => options.guard.permits(host, address, port);
  const dial = buildConnector({
    timeout: options.connectTimeoutMs,
    autoSelectFamily: true,
    lookup: guardedLookup(options.lookup, permits),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  return (target, callback) => {
    // A literal address is never looked up: this is its only check before the dial.
    if (isIP(host) !== 0 && !permits(host)) {
      process.nextTick(callback, new EgressDenied('address not permitted'), null);
      return;
    }
    dial(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      // Belt and braces: whatever the resolver and the socket layer agreed on, this is who answers.
      if (permits(socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      callback(new EgressDenied('address not permitted'), null);
    });
  };
}

/** The lookup that the socket is handed: it learns of permitted addresses only. */
function guardedLookup(lookup: Lookup, permits: (address: string) => boolean): LookupFunction {
  return (hostname, { all }, callback) => {
    const answer = (addresses: readonly string[]) => {
      const permitted = addresses.filter(permits);
      const [first] = permitted;
      if (first === undefined) return callback(refusal(addresses), []);
      if (all !== true) return callback(null, first, familyOf(first));
      callback(
        null,
        permitted.map((address) => ({ address, family: familyOf(address) })),
      );
    };
    const fail = (error: unknown) => callback(asError(error), []);
    lookup(hostname).then(answer, fail);
  };
}

function refusal(addresses: readonly string[]): Error {
  if (addresses.length > 0) return new EgressDenied('no permitted address');
  return Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : Object.assign(new Error('lookup failed'), { code: 'ENOTFOUND' });
}

const familyOf = (address: string): 4 | 6 => (isIPv6(address) ? 6 : 4);

function portOf(origin: URL): number {
  if (origin.port !== '') return Number(origin.port);
  return origin.protocol === 'https:' ? 443 : 80;
}
