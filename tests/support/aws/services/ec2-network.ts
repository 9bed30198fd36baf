import {
  DescribeFlowLogs$,
  DescribeManagedPrefixLists$,
  DescribeNetworkAcls$,
  DescribeNetworkInterfaces$,
  DescribeRouteTables$,
  DescribeSecurityGroups$,
  DescribeSubnets$,
  DescribeVpcs$,
  type FlowLog,
  GetManagedPrefixListEntries$,
  type ManagedPrefixList,
  type NetworkAcl,
  type NetworkInterface,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2';
import type { Operation } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { Refusal } from '../refusal.ts';
import { describing, tagsOf } from './ec2-describe.ts';

const upTo = (max: number): { readonly min: number; readonly max: number } => ({ min: 5, max });

export const networkOperations: readonly Operation[] = [
  describing<Vpc>({
    schema: DescribeVpcs$,
    list: 'Vpcs',
    ids: 'VpcIds',
    idOf: ({ VpcId }) => VpcId,
    notFound: 'InvalidVpcID.NotFound',
    sizes: upTo(1_000),
    isUnpagedByIds: true,
    items: ({ network }) => network.vpcs,
    filters: {
      cidr: ({ CidrBlock }) => [CidrBlock],
      'is-default': ({ IsDefault }) => [String(IsDefault)],
      'owner-id': ({ OwnerId }) => [OwnerId],
      state: ({ State }) => [State],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: tagsOf,
    },
  }),
  describing<Subnet>({
    schema: DescribeSubnets$,
    list: 'Subnets',
    ids: 'SubnetIds',
    idOf: ({ SubnetId }) => SubnetId,
    notFound: 'InvalidSubnetID.NotFound',
    sizes: upTo(1_000),
    items: ({ network }) => network.subnets,
    filters: {
      'availability-zone': ({ AvailabilityZone }) => [AvailabilityZone],
      'default-for-az': ({ DefaultForAz }) => [String(DefaultForAz)],
      'map-public-ip-on-launch': ({ MapPublicIpOnLaunch }) => [String(MapPublicIpOnLaunch)],
      state: ({ State }) => [State],
      'subnet-id': ({ SubnetId }) => [SubnetId],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: tagsOf,
    },
  }),
  describing<SecurityGroup>({
    schema: DescribeSecurityGroups$,
    list: 'SecurityGroups',
    ids: 'GroupIds',
    idOf: ({ GroupId }) => GroupId,
    notFound: 'InvalidGroup.NotFound',
    sizes: upTo(1_000),
    items: ({ network }) => network.securityGroups,
    filters: {
      description: ({ Description }) => [Description],
      'group-id': ({ GroupId }) => [GroupId],
      'group-name': ({ GroupName }) => [GroupName],
      'ip-permission.cidr': ({ IpPermissions = [] }) =>
        IpPermissions.flatMap(({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp)),
      'owner-id': ({ OwnerId }) => [OwnerId],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: tagsOf,
    },
  }),
  describing<NetworkAcl>({
    schema: DescribeNetworkAcls$,
    list: 'NetworkAcls',
    ids: 'NetworkAclIds',
    idOf: ({ NetworkAclId }) => NetworkAclId,
    notFound: 'InvalidNetworkAclID.NotFound',
    sizes: upTo(1_000),
    items: ({ network }) => network.networkAcls,
    filters: {
      'association.subnet-id': ({ Associations = [] }) => Associations.map(({ SubnetId }) => SubnetId),
      default: ({ IsDefault }) => [String(IsDefault)],
      'network-acl-id': ({ NetworkAclId }) => [NetworkAclId],
      'owner-id': ({ OwnerId }) => [OwnerId],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: tagsOf,
    },
  }),
  describing<RouteTable>({
    schema: DescribeRouteTables$,
    list: 'RouteTables',
    ids: 'RouteTableIds',
    idOf: ({ RouteTableId }) => RouteTableId,
    notFound: 'InvalidRouteTableID.NotFound',
    sizes: { ...upTo(100), default: 100 },
    items: ({ network }) => network.routeTables,
    filters: {
      'association.main': ({ Associations = [] }) => Associations.map(({ Main }) => String(Main)),
      'association.subnet-id': ({ Associations = [] }) => Associations.map(({ SubnetId }) => SubnetId),
      'owner-id': ({ OwnerId }) => [OwnerId],
      'route.gateway-id': ({ Routes = [] }) => Routes.map(({ GatewayId }) => GatewayId),
      'route-table-id': ({ RouteTableId }) => [RouteTableId],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: tagsOf,
    },
  }),
  describing<FlowLog>({
    schema: DescribeFlowLogs$,
    list: 'FlowLogs',
    ids: 'FlowLogIds',
    idOf: ({ FlowLogId }) => FlowLogId,
    notFound: 'InvalidFlowLogId.NotFound',
    sizes: { min: 1, max: 1_000 },
    items: ({ network }) => network.flowLogs,
    filters: {
      'deliver-log-status': ({ DeliverLogsStatus }) => [DeliverLogsStatus],
      'flow-log-id': ({ FlowLogId }) => [FlowLogId],
      'resource-id': ({ ResourceId }) => [ResourceId],
      'traffic-type': ({ TrafficType }) => [TrafficType],
      tag: tagsOf,
    },
  }),
  describing<NetworkInterface>({
    schema: DescribeNetworkInterfaces$,
    list: 'NetworkInterfaces',
    ids: 'NetworkInterfaceIds',
    idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
    notFound: 'InvalidNetworkInterfaceID.NotFound',
    sizes: upTo(1_000),
    isUnpagedByIds: true,
    items: ({ network }) => network.networkInterfaces,
    filters: {
      'association.public-ip': ({ Association }) => [Association?.PublicIp],
      'attachment.instance-id': ({ Attachment }) => [Attachment?.InstanceId],
      'availability-zone': ({ AvailabilityZone }) => [AvailabilityZone],
      'group-id': ({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId),
      'interface-type': ({ InterfaceType }) => [InterfaceType],
      'network-interface-id': ({ NetworkInterfaceId }) => [NetworkInterfaceId],
      status: ({ Status }) => [Status],
      'subnet-id': ({ SubnetId }) => [SubnetId],
      'vpc-id': ({ VpcId }) => [VpcId],
      tag: ({ TagSet = [] }) => tagsOf({ Tags: TagSet }),
    },
  }),
  describing<ManagedPrefixList>({
    schema: DescribeManagedPrefixLists$,
    list: 'PrefixLists',
    ids: 'PrefixListIds',
    idOf: ({ PrefixListId }) => PrefixListId,
    notFound: 'InvalidPrefixListID.NotFound',
    sizes: { min: 1, max: 100, default: 100 },
    items: ({ network }) => network.prefixLists.map(({ entries: _, ...list }) => list),
    filters: {
      'owner-id': ({ OwnerId }) => [OwnerId],
      'prefix-list-id': ({ PrefixListId }) => [PrefixListId],
      'prefix-list-name': ({ PrefixListName }) => [PrefixListName],
    },
  }),
  {
    service: 'ec2',
    name: 'GetManagedPrefixListEntries',
    action: 'ec2:GetManagedPrefixListEntries',
    schema: GetManagedPrefixListEntries$,
    isKept: true,
    answer: (asked, { region }) => {
      const id = asked.text('PrefixListId') ?? '';
      const list = region.network.prefixLists.find(({ PrefixListId }) => PrefixListId === id);
      if (list === undefined)
        throw new Refusal('InvalidPrefixListID.NotFound', 400, `The prefix list ID '${id}' does not exist`);
      const { items, next } = pageOf(list.entries, asked, {
        size: 'MaxResults',
        token: 'NextToken',
        min: 1,
        max: 100,
        default: 100,
        refuse: (name, value) =>
          new Refusal('InvalidParameterValue', 400, `Value ( ${value} ) for parameter ${name} is invalid.`),
      });
      return { Entries: items, NextToken: next };
    },
  },
];
