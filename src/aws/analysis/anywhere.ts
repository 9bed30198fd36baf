import type { PrefixList, SecurityGroupRule } from '../inventory/network.ts';
import type { Listing, ReadFailure } from '../inventory/reading.ts';
import { isAnywhere, rangesOf, shareOfInternet, type AddressRange, type Family } from './cidr.ts';
import {
  areAllPorts,
  hasPort,
  mergePorts,
  portsFor,
  portsOf,
  portStretches,
  portText,
  protocolOf,
  type PortProtocol,
  type PortRange,
  type Protocol,
} from './ports.ts';

/** What lets in everybody, or to everybody out: one rule, or several that make it together. */
export interface AnywhereRule {
  readonly family: Family;
  readonly protocol: Protocol;
  /** Null for a protocol without ports; all of them where the protocol is `all`. */
  readonly ports: PortRange | null;
  /** CIDRs and prefix lists that are everybody, together. */
  readonly peers: readonly string[];
}

export interface AnywhereRules {
  readonly rules: readonly AnywhereRule[];
  /** What would let in everybody if a prefix list that could not be read does. */
  readonly unread: readonly AnywhereRule[];
  /** Why it could not be. */
  readonly failures: readonly ReadFailure[];
}

const families = ['ipv4', 'ipv6'] as const satisfies readonly Family[];

/**
 * Of the rules of one direction those that are for everybody: 0.0.0.0/0 and ::/0, their halves, what makes as much in
 * smaller pieces, and prefix lists with such entries. A rule for another group is for nobody outside.
 */
export function anywhereRules(
  rules: readonly SecurityGroupRule[],
  prefixLists: Listing<PrefixList>,
): AnywhereRules {
  const parts = rules.flatMap((rule) => partOf(rule, prefixLists));
  const unread = parts.filter(({ failures }) => failures.length > 0);
  return {
    rules: families.flatMap((family) => [...alone(family, parts), ...together(family, parts)]),
    unread: unread.flatMap((part) => families.map((family) => ruleOf(family, part))),
    failures: unread.flatMap(({ failures }) => failures),
  };
}

/** A rule and the addresses that are known to be its peers. */
interface Part {
  readonly rule: SecurityGroupRule;
  readonly peer: string;
  readonly ranges: readonly AddressRange[];
  readonly failures: readonly ReadFailure[];
}

function partOf(rule: SecurityGroupRule, prefixLists: Listing<PrefixList>): readonly Part[] {
  const { peer } = rule;
  if (peer.kind === 'group') return [];
  if (peer.kind !== 'prefixList') {
    return [{ rule, peer: peer.cidr, ranges: rangesOf([peer.cidr]), failures: [] }];
  }
  const { items, failures } = cidrsOfPrefixList(peer.prefixListId, prefixLists);
  return [{ rule, peer: peer.prefixListId, ranges: rangesOf(items), failures }];
}

/** The entries of a prefix list; with failures where they are not all known. */
export function cidrsOfPrefixList(id: string, prefixLists: Listing<PrefixList>): Listing<string> {
  const list = prefixLists.items.find((one) => one.id === id);
  if (list) return list.cidrs;
  return { items: [], failures: prefixLists.failures.length > 0 ? prefixLists.failures : [unlisted] };
}

/** A list that a rule names and AWS does not show, such as another account's that is no longer shared. */
const unlisted: ReadFailure = {
  kind: 'missing',
  action: 'ec2:GetManagedPrefixListEntries',
  region: 'unknown',
  code: 'NotListed',
};

const alone = (family: Family, parts: readonly Part[]): readonly AnywhereRule[] =>
  parts.filter(({ ranges }) => isAnywhere(family, ranges)).map((part) => ruleOf(family, part));

const ruleOf = (family: Family, { rule, peer }: Part): AnywhereRule => ({
  family,
  protocol: protocolOf(rule.protocol),
  ports: portsOf(rule),
  peers: [peer],
});

/** Ports that no rule opens to everybody alone, but several do, each to a part of the internet. */
function together(family: Family, parts: readonly Part[]): readonly AnywhereRule[] {
  const pieces = parts.filter(({ ranges }) => {
    const share = shareOfInternet(family, ranges);
    return share > 0 && share < 0.5;
  });
  // Nearly every group ends here: its few networks are not half of the internet however they are put together.
  if (!isAnywhere(family, peersOf(pieces))) return [];
  const protocols = new Set(pieces.map(({ rule }) => protocolOf(rule.protocol)));
  return [...protocols].flatMap((protocol) => togetherFor(family, protocol, pieces));
}

function togetherFor(family: Family, protocol: Protocol, pieces: readonly Part[]): readonly AnywhereRule[] {
  const those = pieces.filter(({ rule }) => [protocol, 'all'].includes(protocolOf(rule.protocol)));
  if (protocol !== 'tcp' && protocol !== 'udp') {
    const ports = protocol === 'all' ? { from: 0, to: 65_535 } : null;
    return isAnywhere(family, peersOf(those)) ? [{ family, protocol, ports, peers: namesOf(those) }] : [];
  }
  const covered = those.map((part) => ({ part, ports: portsFor(part.rule, protocol) }));
  return portStretches(covered.flatMap(({ ports }) => ports ?? [])).flatMap((ports) => {
    const here = covered
      .filter((one) => one.ports && hasPort([one.ports], ports.from))
      .map(({ part }) => part);
    return isAnywhere(family, peersOf(here)) ? [{ family, protocol, ports, peers: namesOf(here) }] : [];
  });
}

const peersOf = (parts: readonly Part[]): readonly AddressRange[] => parts.flatMap(({ ranges }) => ranges);
const namesOf = (parts: readonly Part[]): readonly string[] => [...new Set(parts.map(({ peer }) => peer))];

/** Which ports of a protocol are open, as few ranges, ascending; of one address family, or of both. */
export function openPorts(
  rules: readonly AnywhereRule[],
  protocol: PortProtocol,
  family?: Family,
): readonly PortRange[] {
  const those = rules.filter((rule) => family === undefined || rule.family === family);
  return mergePorts(those.flatMap((rule) => (isAbout(rule, protocol) && rule.ports ? [rule.ports] : [])));
}

const isAbout = (rule: AnywhereRule, protocol: PortProtocol): boolean =>
  rule.protocol === 'all' || rule.protocol === protocol;

export const opensPort = (rules: readonly AnywhereRule[], protocol: PortProtocol, port: number): boolean =>
  rulesThatOpen(rules, protocol, port).length > 0;

export const rulesThatOpen = (
  rules: readonly AnywhereRule[],
  protocol: PortProtocol,
  port: number,
): readonly AnywhereRule[] =>
  rules.filter((rule) => isAbout(rule, protocol) && rule.ports !== null && hasPort([rule.ports], port));

/** Whether every port of TCP or of UDP is open, whether by one rule or by several that follow each other. */
export const opensAllPorts = (rules: readonly AnywhereRule[]): boolean =>
  areAllPorts(openPorts(rules, 'tcp')) || areAllPorts(openPorts(rules, 'udp'));

/** `tcp 20-25 from 0.0.0.0/0`. */
export function anywhereText({ protocol, ports, peers }: AnywhereRule): string {
  const what =
    protocol === 'all' ? 'all traffic' : ports ? `${protocol} ${portText(ports)}` : protocolText(protocol);
  return `${what} from ${peers.slice(0, 2).join(' and ')}${peers.length > 2 ? ' and others' : ''}`;
}

const protocolText = (protocol: Protocol): string =>
  /^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol;
