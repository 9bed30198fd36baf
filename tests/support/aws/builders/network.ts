import type {
  FlowLog,
  IpPermission,
  NetworkAcl,
  NetworkAclEntry,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from '@aws-sdk/client-ec2';
import type { Network } from '../account.ts';
import { here, idOf, longAgo, named, type Place } from './place.ts';

export function aVpc(name: string, overrides: Partial<Vpc> = {}, at: Place = here): Vpc {
  const CidrBlock = overrides.CidrBlock ?? '10.0.0.0/16';
  return {
    VpcId: idOf('vpc', at, name),
    OwnerId: at.accountId,
    CidrBlock,
    CidrBlockAssociationSet: [
      {
        AssociationId: idOf('vpc-cidr-assoc', at, name),
        CidrBlock,
        CidrBlockState: { State: 'associated' },
      },
    ],
    DhcpOptionsId: idOf('dopt', at, 'default'),
    State: 'available',
    InstanceTenancy: 'default',
    IsDefault: false,
    Tags: named(name),
    ...overrides,
  };
}

/** Private. */
export function aSubnet(
  name: string,
  VpcId: string | undefined,
  overrides: Partial<Subnet> = {},
  at: Place = here,
): Subnet {
  return {
    SubnetId: idOf('subnet', at, name),
    VpcId,
    OwnerId: at.accountId,
    CidrBlock: '10.0.0.0/24',
    AvailabilityZone: `${at.region}a`,
    AvailableIpAddressCount: 251,
    State: 'available',
    MapPublicIpOnLaunch: false,
    DefaultForAz: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: named(name),
    ...overrides,
  };
}

/** Lets nothing in and everything out. */
export function aSecurityGroup(
  name: string,
  VpcId: string | undefined,
  overrides: Partial<SecurityGroup> = {},
  at: Place = here,
): SecurityGroup {
  return {
    GroupId: idOf('sg', at, `${VpcId}/${name}`),
    GroupName: name,
    Description: `Group ${name}`,
    VpcId,
    OwnerId: at.accountId,
    IpPermissions: [],
    IpPermissionsEgress: [everything('0.0.0.0/0')],
    Tags: named(name),
    ...overrides,
  };
}

const base: IpPermission = { UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };

/** One port or a range from a CIDR, IPv4 or IPv6. */
export function from(
  cidr: string,
  port: number,
  toPort = port,
  protocol = 'tcp',
  description?: string,
): IpPermission {
  const words = description === undefined ? {} : { Description: description };
  const isV6 = cidr.includes(':');
  return {
    ...base,
    IpProtocol: protocol,
    FromPort: port,
    ToPort: toPort,
    ...(isV6 ? { Ipv6Ranges: [{ CidrIpv6: cidr, ...words }] } : { IpRanges: [{ CidrIp: cidr, ...words }] }),
  };
}

/** All protocols and ports from a CIDR: AWS tells no ports then. */
export const everything = (cidr: string): IpPermission => ({
  ...base,
  IpProtocol: '-1',
  IpRanges: [{ CidrIp: cidr }],
});

/** A port from whatever is in a group, or on a prefix list. */
export const fromGroup = (GroupId: string | undefined, UserId: string, port: number): IpPermission => ({
  ...base,
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  UserIdGroupPairs: [{ GroupId, UserId }],
});
export const fromPrefixList = (PrefixListId: string, port: number): IpPermission => ({
  ...base,
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  PrefixListIds: [{ PrefixListId }],
});

/** Denies 22 and 3389 to everybody before it allows the rest. */
export function aNetworkAcl(
  name: string,
  VpcId: string | undefined,
  overrides: Partial<NetworkAcl> = {},
  at: Place = here,
): NetworkAcl {
  const rule = (
    RuleNumber: number,
    RuleAction: 'allow' | 'deny',
    port?: number,
    protocol = '6',
  ): NetworkAclEntry => ({
    RuleNumber,
    RuleAction,
    Egress: false,
    CidrBlock: '0.0.0.0/0',
    Protocol: port === undefined ? '-1' : protocol,
    ...(port === undefined ? {} : { PortRange: { From: port, To: port } }),
  });
  return {
    NetworkAclId: idOf('acl', at, name),
    VpcId,
    OwnerId: at.accountId,
    IsDefault: true,
    Associations: [],
    Entries: [
      rule(90, 'deny', 22),
      rule(91, 'deny', 3_389),
      rule(92, 'deny', 3_389, '17'),
      rule(100, 'allow'),
      rule(32_767, 'deny'),
      { ...rule(100, 'allow'), Egress: true },
      { ...rule(32_767, 'deny'), Egress: true },
    ],
    Tags: named(name),
    ...overrides,
  };
}

/** The entry that a default ACL has: everything. */
export const allowAll: NetworkAclEntry = {
  RuleNumber: 100,
  RuleAction: 'allow',
  Egress: false,
  CidrBlock: '0.0.0.0/0',
  Protocol: '-1',
};

/** The main table of a VPC; with `gateway` it leads to the internet. */
export function aRouteTable(
  name: string,
  VpcId: string | undefined,
  {
    gateway,
    subnets,
  }: { readonly gateway?: string; readonly subnets?: readonly (string | undefined)[] } = {},
  at: Place = here,
): RouteTable {
  const RouteTableId = idOf('rtb', at, name);
  const association = { RouteTableId, AssociationState: { State: 'associated' as const } };
  const associations = subnets?.map((SubnetId) => ({
    ...association,
    Main: false,
    RouteTableAssociationId: idOf('rtbassoc', at, `${name}/${SubnetId}`),
    SubnetId,
  }));
  const local = {
    DestinationCidrBlock: '10.0.0.0/16',
    GatewayId: 'local',
    State: 'active' as const,
    Origin: 'CreateRouteTable' as const,
  };
  const out = {
    ...local,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gateway,
    Origin: 'CreateRoute' as const,
  };
  return {
    RouteTableId,
    VpcId,
    OwnerId: at.accountId,
    Associations: associations ?? [
      { ...association, Main: true, RouteTableAssociationId: idOf('rtbassoc', at, name) },
    ],
    Routes: gateway === undefined ? [local] : [local, out],
    PropagatingVgws: [],
    Tags: named(name),
  };
}

/** Active, of all traffic, to a log group. */
export function aFlowLog(
  ResourceId: string | undefined,
  overrides: Partial<FlowLog> = {},
  at: Place = here,
): FlowLog {
  return {
    FlowLogId: idOf('fl', at, `${ResourceId}`),
    ResourceId,
    FlowLogStatus: 'ACTIVE',
    TrafficType: 'ALL',
    DeliverLogsStatus: 'SUCCESS',
    LogDestinationType: 'cloud-watch-logs',
    LogGroupName: '/vpc/flow',
    CreationTime: longAgo,
    ...overrides,
  };
}

/** Of an instance in a subnet; public with `publicIp`. */
export function aNetworkInterface(
  name: string,
  { SubnetId, VpcId, AvailabilityZone }: Subnet,
  groups: readonly SecurityGroup[],
  publicIp?: string,
  at: Place = here,
): NetworkInterface {
  const address = publicIp === undefined ? {} : { Association: { PublicIp: publicIp, IpOwnerId: 'amazon' } };
  const PrivateIpAddress = '10.0.0.10';
  return {
    NetworkInterfaceId: idOf('eni', at, name),
    VpcId,
    SubnetId,
    AvailabilityZone,
    OwnerId: at.accountId,
    Status: 'in-use',
    InterfaceType: 'interface',
    Description: name,
    Attachment: {
      AttachmentId: idOf('eni-attach', at, name),
      InstanceId: idOf('i', at, name),
      DeviceIndex: 0,
      Status: 'attached',
    },
    PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress, ...address }],
    Ipv6Addresses: [],
    Groups: groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName })),
    TagSet: named(name),
    ...address,
  };
}

export function aPrefixList(
  name: string,
  cidrs: readonly string[],
  at: Place = here,
): Network['prefixLists'][number] {
  const PrefixListId = idOf('pl', at, name);
  return {
    PrefixListId,
    PrefixListName: name,
    PrefixListArn: `arn:aws:ec2:${at.region}:${at.accountId}:prefix-list/${PrefixListId}`,
    AddressFamily: 'IPv4',
    State: 'create-complete',
    MaxEntries: 100,
    Version: 1,
    OwnerId: at.accountId,
    Tags: named(name),
    entries: cidrs.map((Cidr) => ({ Cidr, Description: name })),
  };
}
