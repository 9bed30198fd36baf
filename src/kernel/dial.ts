import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { EgressGuard } from './egress.ts';
import type { HttpAnswer } from './http-client.ts';
import { EgressDenied, httpFailure } from './http-failure.ts';
import { type Lookup, lookupAmong, lookupOfSystem } from './lookup.ts';

/** Where a socket may be opened to, in order of preference and at least one; or why to nowhere. */
export type DialAnswer =
  { readonly ok: true; readonly addresses: readonly string[] } | Extract<HttpAnswer, { ok: false }>;

/**
 * Asked before every connection by whoever opens sockets of its own. The connection is made to an address of the
 * answer, never to the name: the name may say something else a moment later. TLS is still proved for the name.
 */
export interface Dial {
  /** `host` as it was written: a name, or an address without brackets. */
  resolve(host: string, port: number): Promise<DialAnswer>;
}

/** A dial to addresses that the guard permits. */
export function guardedDial(guard: EgressGuard, lookup: Lookup = lookupOfSystem): Dial {
  return {
    async resolve(host, port) {
      try {
        const addresses = isIP(host) === 0 ? await lookup(host) : [host];
        const permitted = addresses.filter((address) => guard.permits(host, address, port));
        if (permitted.length > 0) return { ok: true, addresses: permitted };
        if (addresses.length > 0) throw new EgressDenied('no permitted address');
        return { ok: false, reason: 'dns', detail: 'ENODATA' };
      } catch (error) {
        const failure = httpFailure(error);
        if (failure) return failure;
        throw error;
      }
    },
  };
}

/** A dial to wherever the host is: for what the operator wrote into the config file. */
export function openDial(lookup: Lookup = lookupOfSystem): Dial {
  return guardedDial({ permits: () => true }, lookup);
}

/** A TCP connection to where the dial permits; the caller takes over its errors. The time is for all of it. */
export async function openSocket(
  dial: Dial,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<{ readonly ok: true; readonly socket: Socket } | Extract<HttpAnswer, { ok: false }>> {
  const there = await dial.resolve(host, port);
  if (!there.ok) return there;
  const socket = connect({ host, port, lookup: lookupAmong(there.addresses), autoSelectFamily: true });
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), timeoutMs);
  try {
    await once(socket, 'connect');
    return { ok: true, socket };
  } catch (error) {
    socket.destroy();
    const failure = httpFailure(error);
    if (failure) return failure;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}
