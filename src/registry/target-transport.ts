import { type Dial, guardedDial, openDial } from '../kernel/dial.ts';
import { egressGuard } from '../kernel/egress.ts';
import type { Fault } from '../kernel/fault.ts';
import { createGuardedHttpClient, type GuardedHttpOptions } from '../kernel/guarded-http.ts';
import type { HttpClient } from '../kernel/http-client.ts';
import type { ForwardProxy } from '../kernel/proxy-tunnel.ts';
import type { TlsMaterial } from '../kernel/tls-material.ts';
import type { Target, TargetContext, TargetKind } from '../targets/target.ts';
import { readTls, transportFaults, type TransportSettings } from '../targets/transport.ts';
import type { ObjectOrigin, TargetObject } from './objects.ts';

/** What all targets may reach, and how. */
export type Egress = Pick<GuardedHttpOptions, 'allow' | 'connectTimeoutMs' | 'connectionsMax' | 'lookup'>;

/** How one target's connections are made. */
export type TargetTransport = Pick<TargetContext, 'http' | 'dial' | 'tls'> & {
  /** Releases what was made for this target alone. */
  close(): Promise<void>;
};

/**
 * The transport of a target: who wrote it decides what it may reach. Hosts of the config file that are dialled
 * directly, and its proxies, are allowed as written; the same over the API goes by `egress.allow`. Most targets
 * share one HTTP client; one with certificates or a proxy of its own has a client of its own.
 */
export function openTransport(
  kind: TargetKind,
  { common, origin }: TargetObject,
  shared: HttpClient,
  egress: Egress,
):
  { readonly ok: true; readonly transport: TargetTransport } | { readonly ok: false; readonly fault: Fault } {
  const [fault] = transportFaults(kind, common, origin);
  if (fault) return { ok: false, fault };
  const reading = readTls(common);
  if (!reading.ok) return reading;
  const { tls } = reading;
  const dial = dialOf(origin, egress);
  const proxy = proxyOf(common, tls, dial, origin);
  const usesOwn =
    (kind.connects ?? 'http') === 'http' && (proxy !== undefined || Object.keys(tls).length > 0);
  if (!usesOwn) return { ok: true, transport: { http: shared, dial, tls, close: () => Promise.resolve() } };
  const http = createGuardedHttpClient({ ...egress, tls, ...(proxy === undefined ? {} : { proxy }) });
  return { ok: true, transport: { http, dial, tls, close: () => http.close() } };
}

/** A target that cannot be reached as configured: its deliveries wait, and say why. */
export function unreachable({ path, message }: Fault, origin: ObjectOrigin): Target {
  // What the config file names was right when it was checked: a certificate is being changed.
  const reason = origin === 'file' ? 'tls' : 'egress_denied';
  return {
    send: () => Promise.resolve({ kind: 'retry', reason, answer: `${path} ${message}` }),
    close: () => Promise.resolve(),
  };
}

/** Where sockets of a target, or of its proxy, may go: who wrote it decides. */
export function dialOf(origin: ObjectOrigin, { allow, lookup }: Egress): Dial {
  return origin === 'file' ? openDial(lookup) : guardedDial(egressGuard(allow), lookup);
}

function proxyOf(
  { proxy, proxyUser, proxyPassword }: TransportSettings,
  { ca }: TlsMaterial,
  dial: Dial,
  origin: ObjectOrigin,
): ForwardProxy | undefined {
  if (proxy === undefined) return undefined;
  const credentials = Buffer.from(`${proxyUser}:${proxyPassword}`).toString('base64');
  return {
    url: proxy,
    dial,
    // A name made over the API could lead the proxy elsewhere than it led the guard.
    tellsName: origin === 'file',
    ...(ca === undefined ? {} : { ca }),
    ...(proxyUser === undefined ? {} : { authorization: `Basic ${credentials}` }),
  };
}
