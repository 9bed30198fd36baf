import type * as Ec2 from '@aws-sdk/client-ec2';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../inventory/network.ts';
import { list, numberOrNull, tags, text, textOrNull } from './fields.ts';

export function securityGroupOf(group: Ec2.SecurityGroup): readonly SecurityGroup[] {
  const id = textOrNull(group.GroupId);
  if (id === null) return [];
  return [
    {
      id,
      name: text(group.GroupName),
      description: text(group.Description, 300),
      vpcId: textOrNull(group.VpcId),
      inbound: list(group.IpPermissions).flatMap(rulesOf),
      outbound: list(group.IpPermissionsEgress).flatMap(rulesOf),
      tags: tags(group.Tags),
    },
  ];
}

interface DescribedPeer {
  readonly peer: RulePeer;
  readonly description: string | null;
}

/** One rule per peer. */
function rulesOf(permission: Ec2.IpPermission): readonly SecurityGroupRule[] {
  const common = {
    protocol: text(permission.IpProtocol),
    fromPort: numberOrNull(permission.FromPort),
    toPort: numberOrNull(permission.ToPort),
  };
  return peersOf(permission).map((described) => ({ ...common, ...described }));
}

const peersOf = (permission: Ec2.IpPermission): readonly DescribedPeer[] => [
  ...list(permission.IpRanges).flatMap(({ CidrIp, Description }) => cidrPeer('ipv4', CidrIp, Description)),
  ...list(permission.Ipv6Ranges).flatMap(({ CidrIpv6, Description }) =>
    cidrPeer('ipv6', CidrIpv6, Description),
  ),
  ...list(permission.UserIdGroupPairs).flatMap(groupPeer),
  ...list(permission.PrefixListIds).flatMap(({ PrefixListId, Description }) => {
    const prefixListId = textOrNull(PrefixListId);
    if (prefixListId === null) return [];
    return [{ peer: { kind: 'prefixList', prefixListId }, description: said(Description) } as const];
  }),
];

function cidrPeer(
  kind: 'ipv4' | 'ipv6',
  range: string | undefined,
  description: string | undefined,
): readonly DescribedPeer[] {
  const cidr = textOrNull(range);
  return cidr === null ? [] : [{ peer: { kind, cidr }, description: said(description) }];
}

function groupPeer({ GroupId, UserId, Description }: Ec2.UserIdGroupPair): readonly DescribedPeer[] {
  const groupId = textOrNull(GroupId);
  if (groupId === null) return [];
  return [
    { peer: { kind: 'group', groupId, accountId: textOrNull(UserId) }, description: said(Description) },
  ];
}

const said = (description: string | undefined): string | null => textOrNull(description, 300);
