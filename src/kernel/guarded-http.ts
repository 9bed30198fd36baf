import { Agent, Pool } from 'undici';
import { egressGuard } from './egress.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.ts';
import { Exchange } from './http-exchange.ts';
import { type Lookup, lookupOfSystem } from './lookup.ts';
import type { ForwardProxy } from './proxy-tunnel.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface GuardedHttpOptions {
  /** CIDRs, addresses, hosts and host:port that may be dialled though they are not public. */
  readonly allow: readonly string[];
  /** Of an answer's body; 4096 when absent. */
  readonly answerBytesMax?: number;
  readonly connectTimeoutMs: number;
  /** Per origin; requests beyond wait, within their own time-out. */
  readonly connectionsMax: number;
  /** A name's addresses in order of preference; the system's resolver when absent. */
  readonly lookup?: Lookup;
  readonly tls?: TlsMaterial;
  /** What every connection goes through. */
  readonly proxy?: ForwardProxy;
}

/** Where a request goes, taken from its URL once and kept: there are few URLs and many requests. */
type Destination =
  | { readonly ok: true; readonly origin: string; readonly path: string }
  | { readonly ok: false; readonly reason: 'egress_denied'; readonly detail: string };

const DESTINATIONS_MAX = 1_000;
const HEADER_BYTES_MAX = 16_384;

/**
 * The HTTP client for everything that the config names: keep-alive, one request at a time on a connection,
 * redirects are answers and not followed. The guard sees the address that is really dialled, on every connection
 * and after name resolution, so that neither a spelling of an address nor a name that changes its mind gets by.
 */
export function createGuardedHttpClient(
  options: GuardedHttpOptions,
): HttpClient & { close(): Promise<void> } {
  const agent = guardedAgent(options);
  const answerBytesMax = options.answerBytesMax ?? 4_096;
  const destinations = new Map<string, Destination>();
  let closing: Promise<void> | undefined;
  const destinationOf = (url: string): Destination => {
    const known = destinations.get(url);
    if (known) return known;
    if (destinations.size >= DESTINATIONS_MAX) destinations.clear();
    const fresh = readDestination(url);
    destinations.set(url, fresh);
    return fresh;
  };
  return {
    request(request: HttpRequest): Promise<HttpAnswer> {
      const destination = destinationOf(request.url);
      if (!destination.ok) return Promise.resolve(destination);
      return Exchange.run(
        agent,
        destination.origin,
        destination.path,
        request,
        request.answerBytesMax ?? answerBytesMax,
      );
    },
    close: () => (closing ??= agent.close()),
  };
}

function guardedAgent(options: GuardedHttpOptions): Agent {
  const guard = egressGuard(options.allow);
  const lookup = options.lookup ?? lookupOfSystem;
  return new Agent({
    factory: (origin) =>
      new Pool(origin, {
        connections: options.connectionsMax,
        pipelining: 1,
        maxHeaderSize: HEADER_BYTES_MAX,
        // The exchange has one timer for the whole of it: undici's two would only cost.
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: guardedConnector({
          origin: new URL(origin),
          guard,
          lookup,
          connectTimeoutMs: options.connectTimeoutMs,
          ...(options.tls === undefined ? {} : { tls: options.tls }),
          ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
        }),
      }),
  });
}

/** The details name no part of the URL: it may be a secret. */
function readDestination(text: string): Destination {
  const refuse = (detail: string): Destination => ({ ok: false, reason: 'egress_denied', detail });
  if (!URL.canParse(text)) return refuse('the URL cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse('only http and https URLs are dialled');
  if (url.username !== '' || url.password !== '')
    return refuse('a URL with credentials in it is not dialled');
  return { ok: true, origin: url.origin, path: url.pathname + url.search };
}
