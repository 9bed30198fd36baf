import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Dial, guardedDial, openSocket } from '../kernel/dial.ts';
import { egressGuard } from '../kernel/egress.ts';
import { type HttpFailure, httpFailure } from '../kernel/http-failure.ts';
import type { TlsMaterial } from '../kernel/tls-material.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import type { TargetKind } from '../targets/target.ts';
import { readTls } from '../targets/transport.ts';
import type { TargetObject } from './objects.ts';
import { type Endpoint, endpointsOf } from './target-endpoints.ts';
import { dialOf, type Egress } from './target-transport.ts';

/** Whether an endpoint takes connections from here. */
export interface Reached {
  readonly endpoint: Endpoint;
  /** Undefined when it does. */
  readonly failure: Pick<HttpFailure, 'reason' | 'detail'> | undefined;
}

/**
 * Connects to each host of a target the way its deliveries would, with TLS where those begin with it, and hangs up: not
 * a byte of a request is sent. The time is for each host.
 */
export async function reachTarget(
  object: TargetObject,
  egress: Pick<Egress, 'allow' | 'lookup'>,
  timeoutMs: number,
): Promise<readonly Reached[]> {
  const reading = readTls(object.common);
  const tls = reading.ok ? reading.tls : {};
  return Promise.all(
    (await endpointsOf(object)).map(async (endpoint) => {
      const dial = dialFor(object, endpoint, egress);
      const late = failureAfter(timeoutMs);
      const failure = await Promise.race([connectTo(endpoint, dial, tls, timeoutMs), late.failure]);
      late.cancel();
      return { endpoint, failure };
    }),
  );
}

/** As `openTransport` has it: HTTP goes by the guard, sockets and proxies by who wrote the target. */
function dialFor(
  { kind, origin }: TargetObject,
  { isProxy }: Endpoint,
  egress: Pick<Egress, 'allow' | 'lookup'>,
): Dial {
  const found = targetKinds.find((one: TargetKind) => one.kind === kind) as TargetKind | undefined;
  const isHttp = (found?.connects ?? 'http') === 'http';
  if (isHttp && !isProxy) return guardedDial(egressGuard(egress.allow), egress.lookup);
  return dialOf(origin, { ...egress, connectTimeoutMs: 0, connectionsMax: 0 });
}

type Failure = Reached['failure'];

async function connectTo(
  { host, port, isTls }: Endpoint,
  dial: Dial,
  tls: TlsMaterial,
  timeoutMs: number,
): Promise<Failure> {
  const opened = await openSocket(dial, host, port, timeoutMs);
  if (!opened.ok) return opened;
  try {
    return isTls ? await shakeHands(opened.socket, host, tls) : undefined;
  } finally {
    opened.socket.destroy();
  }
}

async function shakeHands(socket: Socket, host: string, tls: TlsMaterial): Promise<Failure> {
  // A name only (RFC 6066, section 3); the certificate is proved for an address all the same.
  const named = isIP(host) === 0 ? { servername: host } : { host };
  const secured = connectTls({ socket, ...named, ...tls, rejectUnauthorized: true });
  try {
    await once(secured, 'secureConnect');
    return undefined;
  } catch (error) {
    const failure = httpFailure(error);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    // What comes after the verdict, an alert say, is nobody's.
    secured.on('error', () => {});
    secured.destroy();
  }
}

/** A resolver can be slower than any socket. */
function failureAfter(ms: number): { readonly failure: Promise<Failure>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<Failure>((resolve) => {
    timer = setTimeout(() => resolve({ reason: 'timeout', detail: 'ETIMEDOUT' }), ms);
  });
  return { failure, cancel: () => clearTimeout(timer) };
}
