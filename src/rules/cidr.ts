import { cidrContains, parseAddress, parseCidr, type Address, type Cidr } from '../kernel/address.ts';

/** What is wrong with a network such as `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined: nothing. */
export function cidrFault(text: string): string | undefined {
  const cidr = parseCidr(text);
  if (!cidr) return 'not a network: write it as 10.0.0.0/8, 2001:db8::/32 or a single address';
  // `10.1.2.3/8` may mean one address or sixteen million: a rule must not guess.
  const written = parseAddress(text.split('/')[0] ?? '');
  if (written && sameWords(written, cidr.network)) return undefined;
  return 'the address goes on behind its prefix: write the first address of the network';
}

const sameWords = (a: Address, b: Address): boolean =>
  a.w0 === b.w0 && a.w1 === b.w1 && a.w2 === b.w2 && a.w3 === b.w3;

/**
 * Whether an address lies in one of the networks, as a function of the address's text; what is not an address
 * lies in none. IPv4, of which block lists hold thousands, takes one look-up per prefix length in use.
 */
export function withinNetworks(cidrs: readonly string[]): (address: string) => boolean {
  const networks = cidrs.map(networkOf);
  const v4 = blocksByMask(networks.filter((network) => network.v4));
  const v6 = networks.filter((network) => !network.v4);
  return (text) => {
    const address = addressOf(text);
    return address !== undefined && (inBlocks(v4, address) || inNetworks(v6, address));
  };
}

const RECENT_MAX = 256;
const ADDRESS_CHARS_MAX = 45;
const recent = new Map<string, Address | undefined>();

/** Every rule asks about the same few addresses of an event; reading one costs ten times a look-up. */
function addressOf(text: string): Address | undefined {
  if (text.length > ADDRESS_CHARS_MAX) return undefined;
  const known = recent.get(text);
  if (known !== undefined || recent.has(text)) return known;
  if (recent.size >= RECENT_MAX) recent.clear();
  const address = parseAddress(text);
  recent.set(text, address);
  return address;
}

function networkOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr) throw new TypeError('a network that was not checked');
  return cidr;
}

/** The first addresses of the networks of one prefix length, by its mask; signed, as `&` gives them. */
type Blocks = ReadonlyMap<number, ReadonlySet<number>>;

function blocksByMask(networks: readonly Cidr[]): Blocks {
  const blocks = new Map<number, Set<number>>();
  for (const { mask, network } of networks) {
    const starts = blocks.get(mask.w3) ?? new Set();
    blocks.set(mask.w3, starts.add(network.w3 | 0));
  }
  return blocks;
}

const ALL_IPV4 = networkOf('0.0.0.0/0');

function inBlocks(blocks: Blocks, address: Address): boolean {
  if (!cidrContains(ALL_IPV4, address)) return false;
  for (const [mask, starts] of blocks) if (starts.has(address.w3 & mask)) return true;
  return false;
}

function inNetworks(networks: readonly Cidr[], address: Address): boolean {
  for (const network of networks) if (cidrContains(network, address)) return true;
  return false;
}
