/**
 * An IP address as four unsigned 32-bit words, the most significant first. IPv4 stands in its IPv4-mapped place
 * (RFC 4291, 2.5.5.2), so that `10.0.0.1` and `::ffff:10.0.0.1` are the same address to a CIDR.
 */
export interface Address {
  /** How it was written: an IPv4-mapped address is 6. */
  readonly family: 4 | 6;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

/** A range of addresses, ready to be compared with. IPv4 ranges hold IPv4 only, `::/0` holds IPv6 only. */
export interface Cidr {
  readonly v4: boolean;
  readonly network: Address;
  readonly mask: Address;
}

const MAPPED = 0xffff;

/**
 * Reads an address in one of its standard forms: four plain decimal octets, or RFC 4291 text with an optional
 * IPv4 tail. Undefined for all else: octal, hexadecimal and shortened IPv4, zone ids, brackets, blanks.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseIpv6(text);
  const w3 = parseIpv4(text);
  return w3 === undefined ? undefined : { family: 4, w0: 0, w1: 0, w2: MAPPED, w3 };
}

/** Reads `10.0.0.0/8`, `2001:db8::/32`, or a bare address as a range of one. Bits behind the prefix are ignored. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = slash < 0 ? bits : parsePrefix(text.slice(slash + 1), bits);
  if (prefix === undefined) return undefined;
  const mask = maskOf(prefix + 128 - bits);
  const network = and(address, mask);
  // A range of mapped addresses is an IPv4 range in other clothes; a wider one that merely holds them is not.
  return { v4: isV4(address) && mask.w2 === 0xffffffff, network, mask };
}

/** Whether the range holds the address. No allocation: rules call it per event. */
export function cidrContains({ v4, network, mask }: Cidr, ip: Address): boolean {
  return (
    v4 === isV4(ip) &&
    ((ip.w3 ^ network.w3) & mask.w3) === 0 &&
    ((ip.w2 ^ network.w2) & mask.w2) === 0 &&
    ((ip.w1 ^ network.w1) & mask.w1) === 0 &&
    ((ip.w0 ^ network.w0) & mask.w0) === 0
  );
}

/**
 * Whether an address belongs to a host on the public internet (IANA special-purpose registries, RFC 6890).
 * NAT64 (64:ff9b::/96, RFC 6052) is judged by the IPv4 address in it; every other way to write or tunnel IPv4 in
 * IPv6 is not public, nor is any text that `parseAddress` refuses.
 */
export function isPublicAddress(ip: string | Address): boolean {
  const address = typeof ip === 'string' ? parseAddress(ip) : ip;
  if (!address) return false;
  if (address.family === 4) return isPublicIpv4(address);
  if (cidrContains(nat64, address)) return isPublicIpv4({ ...address, family: 4, w0: 0, w1: 0, w2: MAPPED });
  return cidrContains(globalUnicast, address) && !specialIpv6.some((range) => cidrContains(range, address));
}

function isPublicIpv4(address: Address): boolean {
  return !specialIpv4.some((range) => cidrContains(range, address));
}

function isV4(address: Address): boolean {
  return address.w2 === MAPPED && address.w1 === 0 && address.w0 === 0;
}

function parseIpv4(text: string): number | undefined {
  if (text.length > 15) return undefined;
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    // A leading zero means octal to some readers and decimal to others: such an address is nobody's.
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    word = word * 256 + octet;
  }
  return word;
}

function parseIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  if (!head || halves.length > 2) return undefined;
  if (halves.length === 1) return head.length === 8 ? fromGroups(head) : undefined;
  const tail = parseGroups(halves[1] ?? '', true);
  if (!tail) return undefined;
  // "::" stands for at least one group of zeros.
  const zeros = 8 - head.length - tail.length;
  return zeros < 1 ? undefined : fromGroups([...head, ...Array<number>(zeros).fill(0), ...tail]);
}

/** The 16-bit groups of one side of the "::"; none for an empty side. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const word = atEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}

function fromGroups(groups: readonly number[]): Address {
  const word = (index: number) => (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0;
  return { family: 6, w0: word(0), w1: word(2), w2: word(4), w3: word(6) };
}

function parsePrefix(text: string, bits: number): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= bits ? prefix : undefined;
}

function maskOf(prefix: number): Address {
  const word = (index: number) => {
    const ones = Math.min(32, Math.max(0, prefix - 32 * index));
    return ones === 0 ? 0 : (0xffffffff << (32 - ones)) >>> 0;
  };
  return { family: 6, w0: word(0), w1: word(1), w2: word(2), w3: word(3) };
}

function and(a: Address, b: Address): Address {
  return {
    family: a.family,
    w0: (a.w0 & b.w0) >>> 0,
    w1: (a.w1 & b.w1) >>> 0,
    w2: (a.w2 & b.w2) >>> 0,
    w3: (a.w3 & b.w3) >>> 0,
  };
}

function range(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr) throw new TypeError(`not a CIDR: ${text}`);
  return cidr;
}

const specialIpv4: readonly Cidr[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
].map(range);

const nat64 = range('64:ff9b::/96');
/** All that IANA hands out; loopback, ULA, link-local, site-local, multicast, mapped and 64:ff9b:1::/48 lie outside. */
const globalUnicast = range('2000::/3');
const specialIpv6: readonly Cidr[] = [
  '2001::/23', // IETF protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
].map(range);
