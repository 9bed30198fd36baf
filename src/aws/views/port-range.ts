import { portsOf, protocolOf, type PortRule } from '../analysis/ports.ts';

/**
 * "22-22" for one port, "0-65535" for all protocols and for one without ports, "type-code" for ICMP, where -1 is all of
 * them ("8-0", "-1--1").
 */
export function portRangeText(rule: PortRule): string {
  const protocol = protocolOf(rule.protocol);
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${rule.fromPort ?? -1}-${rule.toPort ?? -1}`;
  const { from, to } = portsOf(rule) ?? { from: 0, to: 65_535 };
  return `${from}-${to}`;
}
