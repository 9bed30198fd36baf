import type { Place } from '../events/geo.ts';
import { type Address, isPublicAddress, parseAddress } from '../kernel/address.ts';
import type { CountryDatabase } from './country-database.ts';

export const PRIVATE: Place = 'private';
export const UNKNOWN: Place = 'unknown';

const MAPPED = 0xffff;
const NAT64 = 0x0064_ff9b;
const TEREDO = 0x2001_0000;
const SIX_TO_FOUR = 0x2002;

/** Finds the country of an address: alpha-2, `private` or `unknown`. Without a database every public one is unknown. */
export function ipCountry(
  database: Pick<CountryDatabase, 'countryAt'> | undefined,
): (address: string) => Place {
  return (text) => {
    const written = parseAddress(text);
    if (written === undefined) return UNKNOWN;
    const address = ipv4Within(written) ?? written;
    return isPublicAddress(address) ? (database?.countryAt(address) ?? UNKNOWN) : PRIVATE;
  };
}

/**
 * The IPv4 address that an IPv6 address is made of: IPv4-mapped ones (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056) and
 * Teredo's client (RFC 4380). Whoever comes through a tunnel is where its other end is.
 */
function ipv4Within({ family, w0, w1, w2, w3 }: Address): Address | undefined {
  if (family === 4) return undefined;
  if (w0 === 0 && w1 === 0 && w2 === MAPPED) return ipv4(w3);
  if (w0 === NAT64 && w1 === 0 && w2 === 0) return ipv4(w3);
  if (w0 === TEREDO) return ipv4(~w3 >>> 0);
  if (w0 >>> 16 === SIX_TO_FOUR) return ipv4(((w0 << 16) | (w1 >>> 16)) >>> 0);
  return undefined;
}

const ipv4 = (word: number): Address => ({ family: 4, w0: 0, w1: 0, w2: MAPPED, w3: word });
