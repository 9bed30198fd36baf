import type * as Ec2 from '@aws-sdk/client-ec2';
import type {
  FlowLog,
  NetworkAcl,
  NetworkAclEntry,
  NetworkInterface,
  Route,
  RouteTable,
  Subnet,
  Vpc,
} from '../inventory/network.ts';
import { count, list, numberOrNull, tags, text, textOrNull, texts } from './fields.ts';

export function vpcOf(vpc: Ec2.Vpc): readonly Vpc[] {
  const id = textOrNull(vpc.VpcId);
  if (id === null) return [];
  const cidrBlock = text(vpc.CidrBlock);
  const ipv4 = list(vpc.CidrBlockAssociationSet)
    .filter(({ CidrBlockState }) => isAssociated(CidrBlockState))
    .map((association) => association.CidrBlock);
  const ipv6 = list(vpc.Ipv6CidrBlockAssociationSet)
    .filter(({ Ipv6CidrBlockState }) => isAssociated(Ipv6CidrBlockState))
    .map((association) => association.Ipv6CidrBlock);
  return [
    {
      id,
      cidrBlock,
      cidrBlocks: [...new Set(texts([cidrBlock, ...ipv4, ...ipv6]))],
      state: text(vpc.State),
      isDefault: vpc.IsDefault === true,
      dhcpOptionsId: textOrNull(vpc.DhcpOptionsId),
      instanceTenancy: text(vpc.InstanceTenancy),
      tags: tags(vpc.Tags),
    },
  ];
}

/** Where the state is not said it is taken as it stands there. */
const isAssociated = (state: { readonly State?: string | undefined } | undefined): boolean =>
  state?.State === undefined || state.State === 'associated' || state.State === 'associating';

export function subnetOf(subnet: Ec2.Subnet): readonly Subnet[] {
  const id = textOrNull(subnet.SubnetId);
  if (id === null) return [];
  const ipv6 = list(subnet.Ipv6CidrBlockAssociationSet)
    .filter(({ Ipv6CidrBlockState }) => isAssociated(Ipv6CidrBlockState))
    .map((association) => association.Ipv6CidrBlock);
  return [
    {
      id,
      vpcId: text(subnet.VpcId),
      cidrBlock: text(subnet.CidrBlock),
      ipv6CidrBlocks: texts(ipv6),
      availabilityZone: text(subnet.AvailabilityZone),
      state: text(subnet.State),
      availableAddresses: count(subnet.AvailableIpAddressCount),
      mapsPublicIp: subnet.MapPublicIpOnLaunch === true,
      isDefaultForZone: subnet.DefaultForAz === true,
      tags: tags(subnet.Tags),
    },
  ];
}

export function networkAclOf(acl: Ec2.NetworkAcl): readonly NetworkAcl[] {
  const id = textOrNull(acl.NetworkAclId);
  if (id === null) return [];
  return [
    {
      id,
      vpcId: text(acl.VpcId),
      isDefault: acl.IsDefault === true,
      subnetIds: texts(list(acl.Associations).map(({ SubnetId }) => SubnetId)),
      entries: list(acl.Entries)
        .map(aclEntryOf)
        .sort((a, b) => a.ruleNumber - b.ruleNumber),
      tags: tags(acl.Tags),
    },
  ];
}

/** The last rule: what has no number cannot come before it. */
const LAST_RULE = 32_767;

function aclEntryOf(entry: Ec2.NetworkAclEntry): NetworkAclEntry {
  const { From = undefined, To = undefined } = entry.PortRange ?? {};
  return {
    ruleNumber: numberOrNull(entry.RuleNumber) ?? LAST_RULE,
    isEgress: entry.Egress === true,
    isAllow: entry.RuleAction === 'allow',
    protocol: text(entry.Protocol),
    cidr: text(entry.CidrBlock) || text(entry.Ipv6CidrBlock),
    fromPort: numberOrNull(entry.IcmpTypeCode?.Type ?? From),
    toPort: numberOrNull(entry.IcmpTypeCode?.Code ?? To),
  };
}

export function routeTableOf(table: Ec2.RouteTable): readonly RouteTable[] {
  const id = textOrNull(table.RouteTableId);
  if (id === null) return [];
  const associations = list(table.Associations);
  return [
    {
      id,
      vpcId: text(table.VpcId),
      isMain: associations.some(({ Main }) => Main === true),
      subnetIds: texts(associations.map(({ SubnetId }) => SubnetId)),
      routes: list(table.Routes).map(routeOf),
      tags: tags(table.Tags),
    },
  ];
}

function routeOf(route: Ec2.Route): Route {
  const destinations = [
    route.DestinationCidrBlock,
    route.DestinationIpv6CidrBlock,
    route.DestinationPrefixListId,
  ];
  // An instance comes with its interface: that is where the packets go.
  const targets = [
    route.GatewayId,
    route.NatGatewayId,
    route.TransitGatewayId,
    route.VpcPeeringConnectionId,
    route.EgressOnlyInternetGatewayId,
    route.NetworkInterfaceId,
    route.LocalGatewayId,
    route.CarrierGatewayId,
    route.CoreNetworkArn,
    route.InstanceId,
  ];
  return { destination: firstOf(destinations), target: firstOf(targets), state: text(route.State) };
}

const firstOf = (values: readonly (string | undefined)[]): string => texts(values)[0] ?? '';

export function flowLogOf(log: Ec2.FlowLog): readonly FlowLog[] {
  const id = textOrNull(log.FlowLogId);
  if (id === null) return [];
  return [
    {
      id,
      resourceId: text(log.ResourceId),
      status: text(log.FlowLogStatus),
      trafficType: text(log.TrafficType),
      deliverStatus: textOrNull(log.DeliverLogsStatus),
      destination: textOrNull(log.LogDestination) ?? textOrNull(log.LogGroupName),
    },
  ];
}

export function networkInterfaceOf(face: Ec2.NetworkInterface): readonly NetworkInterface[] {
  const id = textOrNull(face.NetworkInterfaceId);
  if (id === null) return [];
  const addresses = list(face.PrivateIpAddresses);
  const own = [face.PrivateIpAddress, ...addresses.map((address) => address.PrivateIpAddress)];
  const open = [face.Association?.PublicIp, ...addresses.map(({ Association }) => Association?.PublicIp)];
  return [
    {
      id,
      vpcId: text(face.VpcId),
      subnetId: text(face.SubnetId),
      availabilityZone: text(face.AvailabilityZone),
      status: text(face.Status),
      type: text(face.InterfaceType) || 'interface',
      description: text(face.Description, 300),
      instanceId: textOrNull(face.Attachment?.InstanceId),
      privateAddresses: [...new Set(texts(own))],
      publicAddresses: [...new Set(texts(open))],
      ipv6Addresses: texts(list(face.Ipv6Addresses).map(({ Ipv6Address }) => Ipv6Address)),
      securityGroupIds: texts(list(face.Groups).map(({ GroupId }) => GroupId)),
    },
  ];
}
