import { anywhereRules, openPorts, type AnywhereRule } from '../analysis/anywhere.ts';
import { highRiskPorts } from '../analysis/high-risk-ports.ts';
import { areAllPorts, hasPort, portProtocols, type PortProtocol, type PortRange } from '../analysis/ports.ts';
import type { PrefixList, SecurityGroup } from '../inventory/network.ts';
import type { Listing } from '../inventory/reading.ts';

export interface ExposureRow {
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly port_range: string;
  readonly protocol: string;
  readonly source: string;
  readonly reason: string;
}

/** By port, with NetBIOS, which is no port of that check but of `net.sg-cifs`; what gives a shell is for who has the key. */
const services = [...highRiskPorts, [139, 'NetBIOS'] as const].sort(([a], [b]) => a - b);
const SHELLS: readonly number[] = [22, 3389];
/** The web is for everybody. */
const PUBLIC_PORTS: readonly number[] = [80, 443];
/** Names of one reason. */
const NAMED_MAX = 4;

/**
 * What the inbound rules of a group let everybody in to: each stretch of open ports with how bad that is. Ports of the
 * web are none of it. A group that guards nothing is a trap that is laid, no more: low.
 */
export function exposuresOf(
  group: SecurityGroup,
  prefixLists: Listing<PrefixList>,
  usedBy: number | null,
): readonly ExposureRow[] {
  const { rules } = anywhereRules(group.inbound, prefixLists);
  if (rules.length === 0) return [];
  const rows = portProtocols.flatMap((protocol) =>
    openPorts(rules, protocol).flatMap((ports) => exposureOf(protocol, ports, rules) ?? []),
  );
  if (usedBy !== 0) return rows;
  return rows.map((row) => ({ ...row, severity: 'low', reason: `${row.reason} Nothing uses the group.` }));
}

function exposureOf(
  protocol: PortProtocol,
  ports: PortRange,
  rules: readonly AnywhereRule[],
): ExposureRow | undefined {
  if (isOne(ports) && PUBLIC_PORTS.includes(ports.from)) return undefined;
  const source = sourceOf(protocol, ports, rules);
  const { severity, what } = judged(protocol, ports);
  return {
    severity,
    port_range: `${ports.from}-${ports.to}`,
    protocol,
    source,
    reason: `${what} to everybody (${source}).`,
  };
}

/** Of all rules that make up the stretch. */
function sourceOf(protocol: PortProtocol, { from, to }: PortRange, rules: readonly AnywhereRule[]): string {
  const those = rules.filter(
    (rule) =>
      (rule.protocol === 'all' || rule.protocol === protocol) &&
      rule.ports !== null &&
      rule.ports.from <= to &&
      from <= rule.ports.to,
  );
  const peers = [...new Set(those.flatMap((rule) => rule.peers))];
  const more = peers.length - NAMED_MAX;
  return peers.slice(0, NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function judged(protocol: PortProtocol, ports: PortRange): Pick<ExposureRow, 'severity'> & { what: string } {
  if (areAllPorts([ports])) return { severity: 'critical', what: `All ports of ${protocol} are open` };
  const named = services.filter(([port]) => hasPort([ports], port));
  const text = isOne(ports) ? `port ${ports.from}` : `ports ${ports.from} to ${ports.to}`;
  if (named.length === 0)
    return { severity: 'medium', what: `${protocol} ${text} ${isOne(ports) ? 'is' : 'are'} open` };
  const isShell = named.every(([port]) => SHELLS.includes(port));
  const names = named.slice(0, NAMED_MAX).map(([port, name]) => `${name} (${port})`);
  const more = named.length > NAMED_MAX ? ` and ${named.length - NAMED_MAX} more` : '';
  const what = `${protocol} ${text} ${isOne(ports) ? 'is' : 'are'} open: ${names.join(', ')}${more},`;
  return { severity: isShell ? 'high' : 'critical', what };
}

const isOne = ({ from, to }: PortRange): boolean => from === to;
