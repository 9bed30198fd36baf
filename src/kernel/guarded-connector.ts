import { isIP, type LookupFunction, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { EgressGuard } from './egress.ts';
import { EgressDenied } from './http-failure.ts';
import { familyOf, type Lookup } from './lookup.ts';
import { type ForwardProxy, openTunnel } from './proxy-tunnel.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface GuardedConnectorOptions {
  readonly origin: URL;
  readonly guard: EgressGuard;
  readonly lookup: Lookup;
  readonly connectTimeoutMs: number;
  readonly tls?: TlsMaterial;
  readonly proxy?: ForwardProxy;
}

type Permits = (address: string) => boolean;

/** Opens connections to one origin, only to addresses that the guard permits. */
export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  const host = options.origin.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = portOf(options.origin);
  const permits = (address: string) => options.guard.permits(host, address, port);
  const { proxy } = options;
  return proxy ? proxied({ ...options, proxy }, host, port, permits) : direct(options, host, permits);
}

function direct(options: GuardedConnectorOptions, host: string, permits: Permits): buildConnector.connector {
  const dial = buildConnector({
    timeout: options.connectTimeoutMs,
    autoSelectFamily: true,
    lookup: guardedLookup(options.lookup, permits),
    ...options.tls,
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

/** The address is checked as if it were dialled from here; then a proxy is asked for the connection. */
function proxied(
  options: GuardedConnectorOptions & { readonly proxy: ForwardProxy },
  host: string,
  port: number,
  permits: Permits,
): buildConnector.connector {
  const { proxy, connectTimeoutMs } = options;
  const secure = buildConnector({ timeout: connectTimeoutMs, ...options.tls });
  const tunnel = async () => {
    const addresses = isIP(host) === 0 ? await options.lookup(host) : [host];
    const [checked] = addresses.filter(permits);
    if (checked === undefined) throw refusal(addresses);
    return openTunnel(proxy, proxy.tellsName ? host : checked, port, connectTimeoutMs);
  };
  return (target, callback) => {
    const use = (socket: Socket): void => {
      if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
      else callback(null, socket);
    };
    const fail = (error: unknown): void => callback(asError(error), null);
    tunnel().then(use, fail);
  };
}

/** The lookup that the socket is handed: it learns of permitted addresses only. */
function guardedLookup(lookup: Lookup, permits: Permits): LookupFunction {
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

function portOf(origin: URL): number {
  if (origin.port !== '') return Number(origin.port);
  return origin.protocol === 'https:' ? 443 : 80;
}
