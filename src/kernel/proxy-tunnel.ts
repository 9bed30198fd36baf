import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Dial } from './dial.ts';
import { EgressDenied, httpFailure, ProxyFailed } from './http-failure.ts';
import { lookupAmong } from './lookup.ts';

/** A forward proxy that is asked for tunnels (RFC 9110, 9.3.6). */
export interface ForwardProxy {
  /** An http or https origin. */
  readonly url: string;
  /** The value of Proxy-Authorization; a secret. */
  readonly authorization?: string;
  /** PEM of authorities that an https proxy may be proved by, besides the public ones. */
  readonly ca?: string;
  /** Where the proxy may be. */
  readonly dial: Dial;
  /**
   * Whether the proxy is told the name and resolves it again, as rules by name need that are its own; else it is
   * told the address that was checked.
   */
  readonly tellsName: boolean;
}

const ANSWER_HEADER_BYTES_MAX = 16_384;

/** A connection through the proxy to `host:port`. Rejects with EgressDenied or ProxyFailed. */
export async function openTunnel(
  proxy: ForwardProxy,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Socket> {
  const request = await connectRequest(proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
  const timer = setTimeout(() => request.destroy(new ProxyFailed('ETIMEDOUT')), timeoutMs);
  // Who waits hears of the first error; a second one must not end the process.
  request.on('error', () => {}).end();
  try {
    // The arguments of the event are open in Node's types; these are what its documentation says.
    const [answer, socket] = (await once(request, 'connect')) as [IncomingMessage, Socket];
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return socket;
    socket.destroy();
    throw new ProxyFailed(`ANSWERED_${statusCode}`);
  } catch (error) {
    throw error instanceof ProxyFailed ? error : new ProxyFailed(httpFailure(error)?.detail ?? 'UNKNOWN');
  } finally {
    clearTimeout(timer);
  }
}

async function connectRequest(proxy: ForwardProxy, authority: string): Promise<ClientRequest> {
  const url = new URL(proxy.url);
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port) || (isTls ? 443 : 80);
  const there = await proxy.dial.resolve(host, port);
  if (!there.ok && there.reason === 'egress_denied') throw new EgressDenied('proxy not permitted');
  if (!there.ok) throw new ProxyFailed(there.detail);
  const authorization =
    proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
  const options = {
    host,
    port,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...authorization },
    // A connection is one tunnel: none is kept for another.
    agent: false as const,
    lookup: lookupAmong(there.addresses),
    autoSelectFamily: true,
    maxHeaderSize: ANSWER_HEADER_BYTES_MAX,
  };
  if (!isTls) return httpRequest(options);
  return httpsRequest(proxy.ca === undefined ? options : { ...options, ca: [...rootCertificates, proxy.ca] });
}
