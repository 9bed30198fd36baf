import type { Address } from '../kernel/address.ts';

/** What a search needs to know of a file (MaxMind DB File Format Specification 2.0, "Binary Search Tree Section"). */
export interface TreeShape {
  readonly nodeCount: number;
  /** Bits of one record, of which a node has two: 24, 28 or 32. */
  readonly recordSize: number;
  readonly ipVersion: number;
}

type ReadRecord = (node: number, side: number) => number;

/** In a tree of IPv6 the IPv4 addresses stand below 96 zero bits. */
const BITS_ABOVE_IPV4 = 96;

/**
 * The walk from an address to its record: `nodeCount` when there is none, else the place of its data. By the words of
 * the address and without an allocation: reading the text again would take longer than the walk. `bytes` must hold the
 * whole tree. An IPv6 address in a tree of IPv4 is for the caller to turn away.
 */
export function searchTree(
  bytes: Buffer,
  { nodeCount, recordSize, ipVersion }: TreeShape,
): (address: Address) => number {
  const record = recordReader(bytes, recordSize);
  const descend = (from: number, word: number): number => {
    let node = from;
    for (let bit = 31; bit >= 0 && node < nodeCount; bit--) node = record(node, (word >>> bit) & 1);
    return node;
  };
  let ipv4Root = 0;
  const bitsAbove = ipVersion === 6 ? BITS_ABOVE_IPV4 : 0;
  for (let bit = 0; bit < bitsAbove && ipv4Root < nodeCount; bit++) ipv4Root = record(ipv4Root, 0);
  return ({ family, w0, w1, w2, w3 }) =>
    family === 4 ? descend(ipv4Root, w3) : descend(descend(descend(descend(0, w0), w1), w2), w3);
}

function recordReader(bytes: Buffer, recordSize: number): ReadRecord {
  if (recordSize === 24) return (node, side) => bytes.readUIntBE(node * 6 + side * 3, 3);
  if (recordSize === 32) return (node, side) => bytes.readUInt32BE(node * 8 + side * 4);
  return (node, side) => {
    // The byte between the two holds the four highest bits of each.
    const word = bytes.readUInt32BE(node * 7 + side * 3);
    return side === 0 ? (word >>> 8) | ((word & 0xf0) << 20) : word & 0x0fff_ffff;
  };
}
