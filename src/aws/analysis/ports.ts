/** `all`, or one protocol: `tcp`, `udp`, `icmp`, `icmpv6`, or the number of another. */
export type Protocol = string;
/** Those that have ports. */
export type PortProtocol = 'tcp' | 'udp';
export const portProtocols = ['tcp', 'udp'] as const satisfies readonly PortProtocol[];

/** Both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const PORT_MAX = 65_535;
export const ALL_PORTS: PortRange = { from: 0, to: PORT_MAX };

/** A rule of a security group or an entry of an ACL, as far as ports go. */
export interface PortRule {
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

const spellings: ReadonlyMap<string, Protocol> = new Map([
  ['-1', 'all'],
  ['all', 'all'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['1', 'icmp'],
  ['58', 'icmpv6'],
  ['ipv6-icmp', 'icmpv6'],
]);

/** AWS writes `6` in ACLs, `tcp` in groups, and gives back either. */
export function protocolOf(text: string): Protocol {
  const lower = text.toLowerCase();
  return spellings.get(lower) ?? lower;
}

/** Null for a protocol without ports: what ICMP says there are types and codes. */
export function portsOf(rule: PortRule): PortRange | null {
  const protocol = protocolOf(rule.protocol);
  if (protocol === 'all') return ALL_PORTS;
  if (protocol !== 'tcp' && protocol !== 'udp') return null;
  // Absent and -1 stand for all.
  const from = rule.fromPort === null || rule.fromPort < 0 ? 0 : rule.fromPort;
  const to = rule.toPort === null || rule.toPort < 0 ? PORT_MAX : rule.toPort;
  return { from, to };
}

/** The ports of a protocol that a rule is about; undefined: none of them. */
export function portsFor(rule: PortRule, protocol: PortProtocol): PortRange | undefined {
  const said = protocolOf(rule.protocol);
  return said === 'all' || said === protocol ? (portsOf(rule) ?? undefined) : undefined;
}

/** The same ports as few ranges, ascending. */
export function mergePorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** What is in both; each is merged before. */
export function commonPorts(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  const common = a.flatMap((one) =>
    b.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })),
  );
  return mergePorts(common.filter(({ from, to }) => from <= to));
}

/** Stretches within which every rule either covers all ports or none. */
export function portStretches(ranges: readonly PortRange[]): readonly PortRange[] {
  const starts = ranges.flatMap(({ from, to }) => [from, to + 1]).filter((at) => at > 0 && at <= PORT_MAX);
  const sorted = [...new Set([0, ...starts])].sort((a, b) => a - b);
  return sorted.map((from, index) => ({ from, to: (sorted[index + 1] ?? PORT_MAX + 1) - 1 }));
}

export const hasPort = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to);

/** All but port 0, which nothing listens on. */
export const areAllPorts = (ranges: readonly PortRange[]): boolean =>
  mergePorts(ranges).some(({ from, to }) => from <= 1 && to >= PORT_MAX);

/** `22`, `8000-8080`. */
export const portText = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`);
