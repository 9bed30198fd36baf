import { parseAddress } from '../kernel/address.ts';

/** What stands in a record: text, or members. */
export type MmdbRecord = string | { readonly [name: string]: MmdbRecord };

export interface MmdbParts {
  readonly ipVersion: 4 | 6;
  readonly recordSize: 24 | 28 | 32;
  /** CIDRs; where two overlap the later one wins. Without IPv6 in a file of IPv4. */
  readonly networks: readonly (readonly [cidr: string, record: MmdbRecord])[];
  readonly type?: string;
}

export const TEST_BUILT_AT = Date.UTC(2026, 0, 2);

type Node = [Branch, Branch];
type Branch = Node | { readonly data: number } | undefined;

/** A MaxMind DB file (format 2.0) with these networks in it. */
export function testMmdb({ ipVersion, recordSize, networks, type = 'Test-Country' }: MmdbParts): Buffer {
  const data = networks.map(([, record]) => encoded(record));
  const offsets = data.map((_, index) => Buffer.concat(data.slice(0, index)).length);
  const root: Node = [undefined, undefined];
  for (const [index, [cidr]] of networks.entries()) plant(root, bitsOf(cidr, ipVersion), offsets[index] ?? 0);
  const nodes = nodesOf(root);
  const tree = nodes.map((node) =>
    encodedNode(
      node.map((branch) => valueOf(branch, nodes)),
      recordSize,
    ),
  );
  const metadata = members({
    binary_format_major_version: sized(5, bigEndian(2, 2)),
    binary_format_minor_version: sized(5, bigEndian(0, 2)),
    build_epoch: sized(9, bigEndian(TEST_BUILT_AT / 1000, 8)),
    database_type: encoded(type),
    description: encoded({}),
    ip_version: sized(5, bigEndian(ipVersion, 2)),
    languages: sized(11, Buffer.alloc(0)),
    node_count: sized(6, bigEndian(nodes.length, 4)),
    record_size: sized(5, bigEndian(recordSize, 2)),
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata]);
}

function bitsOf(cidr: string, ipVersion: 4 | 6): string {
  const [text = '', prefix = ''] = cidr.split('/');
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`no address: ${text}`);
  const binary = (word: number): string => word.toString(2).padStart(32, '0');
  if (address.family === 6) {
    return [address.w0, address.w1, address.w2, address.w3].map(binary).join('').slice(0, Number(prefix));
  }
  const above = ipVersion === 6 ? '0'.repeat(96) : '';
  return above + binary(address.w3).slice(0, Number(prefix));
}

function plant(root: Node, bits: string, data: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = Number(bit) === 0 ? 0 : 1;
    const next = node[side];
    // What a wider network says holds for both halves of it, until one says otherwise.
    const inner: Node = Array.isArray(next) ? next : [next, next];
    node[side] = inner;
    node = inner;
  }
  node[bits.endsWith('0') ? 0 : 1] = { data };
}

const nodesOf = (node: Node): Node[] => [
  node,
  ...node.flatMap((branch) => (Array.isArray(branch) ? nodesOf(branch) : [])),
];

function valueOf(branch: Branch, nodes: readonly Node[]): number {
  if (branch === undefined) return nodes.length;
  return Array.isArray(branch) ? nodes.indexOf(branch) : nodes.length + 16 + branch.data;
}

function encodedNode([left = 0, right = 0]: readonly number[], recordSize: 24 | 28 | 32): Buffer {
  if (recordSize !== 28) {
    return Buffer.concat([bigEndian(left, recordSize / 8), bigEndian(right, recordSize / 8)]);
  }
  const middle = ((left >>> 24) << 4) | (right >>> 24);
  return Buffer.concat([bigEndian(left & 0xff_ffff, 3), Buffer.of(middle), bigEndian(right & 0xff_ffff, 3)]);
}

const encoded = (record: MmdbRecord): Buffer =>
  typeof record === 'string'
    ? sized(2, Buffer.from(record))
    : members(Object.fromEntries(Object.entries(record).map(([name, value]) => [name, encoded(value)])));

function members(values: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(values).flatMap(([name, value]) => [encoded(name), value]);
  return Buffer.concat([Buffer.of((7 << 5) | (entries.length / 2)), ...entries]);
}

/** A value of one type; those past 7 take a second byte. */
function sized(type: number, bytes: Buffer): Buffer {
  const head = type > 7 ? [bytes.length, type - 7] : [(type << 5) | bytes.length];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function bigEndian(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
}
