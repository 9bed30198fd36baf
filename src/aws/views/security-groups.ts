import { anywhereRules } from '../analysis/anywhere.ts';
import type {
  NetworkInterface,
  PrefixList,
  RulePeer,
  SecurityGroup,
  SecurityGroupRule,
} from '../inventory/network.ts';
import type { Listing } from '../inventory/reading.ts';
import { exposuresOf } from './exposures.ts';
import type { ListShape } from './list.ts';
import { portRangeText } from './port-range.ts';
import { UnreadMembers } from './unreadable.ts';

/** What a group's row is made of beside the group: of its VPC, and the prefix lists that rules name. */
export interface GroupSurroundings {
  readonly prefixLists: Listing<PrefixList>;
  readonly interfaces: Listing<NetworkInterface>;
}

export interface SecurityGroupRow {
  readonly region: string;
  readonly group: SecurityGroup;
  readonly prefixLists: Listing<PrefixList>;
  /** Network interfaces that it guards; null: not known. */
  readonly usedBy: number | null;
  readonly surroundings: GroupSurroundings;
}

export function securityGroupRows(
  region: string,
  groups: readonly SecurityGroup[],
  surroundings: GroupSurroundings,
): readonly SecurityGroupRow[] {
  const { prefixLists, interfaces } = surroundings;
  const used = new Map<string, number>();
  for (const { securityGroupIds } of interfaces.items)
    for (const id of new Set(securityGroupIds)) used.set(id, (used.get(id) ?? 0) + 1);
  const isKnown = interfaces.failures.length === 0;
  return groups.map((group) => ({
    region,
    group,
    prefixLists,
    usedBy: isKnown ? (used.get(group.id) ?? 0) : null,
    surroundings,
  }));
}

/** A security group as the contract has it, one row a source or destination, and what its rules let in. */
export function securityGroupWire(row: SecurityGroupRow) {
  const { region, group, prefixLists, usedBy, surroundings } = row;
  const unread = new UnreadMembers();
  if (usedBy === null) unread.add('interfaces_count', surroundings.interfaces.failures);
  const { failures } = anywhereRules([...group.inbound, ...group.outbound], prefixLists);
  if (failures.length > 0) unread.add('open_to_world', failures);
  return {
    group_id: group.id,
    group_name: group.name,
    description: group.description,
    inbound_rules: group.inbound.map((rule) => ({
      ...ruleMembers(rule, prefixLists),
      source: peerText(rule.peer),
      ...peerAccount(rule.peer),
    })),
    outbound_rules: group.outbound.map((rule) => ({
      ...ruleMembers(rule, prefixLists),
      destination: peerText(rule.peer),
      ...peerAccount(rule.peer),
    })),
    vpc_id: group.vpcId,
    region,
    interfaces_count: usedBy,
    exposures: exposuresOf(group, prefixLists, usedBy),
    tags: group.tags,
    ...unread.member,
  };
}

const ruleMembers = (rule: SecurityGroupRule, prefixLists: Listing<PrefixList>) => ({
  protocol: rule.protocol,
  port_range: portRangeText(rule),
  description: rule.description ?? '',
  open_to_world: isOpen(rule, prefixLists),
});

/** Null: it names a prefix list that could not be read. */
function isOpen(rule: SecurityGroupRule, prefixLists: Listing<PrefixList>): boolean | null {
  const { rules, unread } = anywhereRules([rule], prefixLists);
  if (rules.length > 0) return true;
  return unread.length > 0 ? null : false;
}

function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'group':
      return peer.groupId;
    case 'prefixList':
      return peer.prefixListId;
    case 'ipv4':
    case 'ipv6':
      return peer.cidr;
  }
}

/** Whose the group is, where AWS says. */
const peerAccount = (peer: RulePeer): { readonly peer_account?: string } =>
  peer.kind === 'group' && peer.accountId !== null ? { peer_account: peer.accountId } : {};

export const securityGroupList: ListShape<SecurityGroupRow> = {
  member: 'security_groups',
  name: ({ group }) => group.name,
  id: ({ group }) => group.id,
  words: ({ group }) => [group.description, group.tags['Name'] ?? ''],
  wire: securityGroupWire,
};

/** Those that the rules name. */
export const prefixListIdsOf = (groups: readonly SecurityGroup[]): readonly string[] =>
  [
    ...new Set(
      groups
        .flatMap(({ inbound, outbound }) => [...inbound, ...outbound])
        .flatMap(({ peer }) => (peer.kind === 'prefixList' ? [peer.prefixListId] : [])),
    ),
  ].sort();
