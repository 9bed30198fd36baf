import type { NetworkAcl, NetworkAclEntry, Route, RouteTable } from '../../inventory/network.ts';
import type { CheckStatus } from '../check.ts';
import type { RegionFixture } from '../ebs/test-fixtures.ts';
import {
  aFlowLog,
  aNetworkAcl,
  anAclEntry,
  anInterface,
  aPrefixList,
  aRoute,
  aRouteTable,
  aSubnet,
  aVpc,
  regionOf,
  unlisted,
} from '../test-inventory.ts';
import { groupFixtures } from './test-group-fixtures.ts';

type Given = Parameters<typeof regionOf>[0];

const fixture = (status: CheckStatus, of: string, given: Given): RegionFixture => ({
  status,
  of,
  region: regionOf(given),
});
const noLists: Given = { prefixLists: unlisted('ec2:GetManagedPrefixListEntries') };
const acl = (
  status: CheckStatus,
  of: string,
  entries: readonly NetworkAclEntry[],
  over: Partial<NetworkAcl> = {},
) => fixture(status, of, { networkAcls: [aNetworkAcl({ entries, isDefault: false, ...over })] });
const entry = (ruleNumber: number, over: Partial<NetworkAclEntry> = {}) =>
  anAclEntry({ ruleNumber, protocol: '6', fromPort: 22, toPort: 22, ...over });
const noAcls = fixture('UNKNOWN', 'a region whose ACLs may not be listed', {
  networkAcls: unlisted('ec2:DescribeNetworkAcls'),
});

const table = (
  status: CheckStatus,
  of: string,
  routes: readonly Route[],
  over: Partial<RouteTable> = {},
  beside: Given = {},
) =>
  fixture(status, of, {
    vpcs: [aVpc(), aVpc({ id: 'vpc-2', cidrBlock: '10.1.0.0/20', cidrBlocks: ['10.1.0.0/20'] })],
    routeTables: [aRouteTable({ routes: [aRoute(), ...routes], ...over })],
    ...beside,
  });
const peering = (status: CheckStatus, of: string, destination: string, beside: Given = {}) =>
  table(status, of, [aRoute(destination, 'pcx-1')], {}, beside);
const noTables = fixture('UNKNOWN', 'a region whose route tables may not be listed', {
  routeTables: unlisted('ec2:DescribeRouteTables'),
});

const vpc = (status: CheckStatus, of: string, beside: Given = {}) =>
  fixture(status, of, { vpcs: [aVpc()], ...beside });
const noVpcs = fixture('UNKNOWN', 'a region whose VPCs may not be listed', {
  vpcs: unlisted('ec2:DescribeVpcs'),
});
const noSubnets = fixture('UNKNOWN', 'a region whose subnets may not be listed', {
  subnets: unlisted('ec2:DescribeSubnets'),
});
const theDefault: Given = { vpcs: [aVpc({ isDefault: true })] };

/** By check: each status that it can have. */
export const netFixtures: Readonly<Record<string, readonly RegionFixture[]>> = {
  ...groupFixtures,
  'net.flow-logs': [
    vpc('PASS', 'an active log of all traffic', { flowLogs: [aFlowLog()] }),
    vpc('PASS', 'an active log of what is rejected', { flowLogs: [aFlowLog({ trafficType: 'REJECT' })] }),
    vpc('PASS', 'a log that has not delivered yet', { flowLogs: [aFlowLog({ deliverStatus: null })] }),
    vpc('FAIL', 'no log'),
    vpc('FAIL', 'a log of another VPC', { flowLogs: [aFlowLog({ resourceId: 'vpc-2' })] }),
    vpc('FAIL', 'a log of what is accepted', { flowLogs: [aFlowLog({ trafficType: 'ACCEPT' })] }),
    vpc('FAIL', 'a log that is not active', { flowLogs: [aFlowLog({ status: 'INACTIVE' })] }),
    vpc('FAIL', 'a log whose delivery fails', { flowLogs: [aFlowLog({ deliverStatus: 'FAILED' })] }),
    vpc('UNKNOWN', 'logs that may not be listed', { flowLogs: unlisted('ec2:DescribeFlowLogs') }),
    vpc('PASS', 'a log among those that could be read', {
      flowLogs: unlisted('ec2:DescribeFlowLogs', [aFlowLog()]),
    }),
    noVpcs,
  ],
  'net.nacl-admin-ports': [
    acl('PASS', 'an ACL that lets nothing in', []),
    acl('PASS', 'the web', [entry(100, { fromPort: 443, toPort: 443 })]),
    acl('PASS', 'SSH for an office', [entry(100, { cidr: '203.0.113.0/24' })]),
    acl('PASS', 'SSH that is let out', [entry(100, { isEgress: true })]),
    acl('FAIL', 'SSH', [entry(100)]),
    acl('FAIL', 'RDP over UDP', [entry(100, { protocol: '17', fromPort: 3389, toPort: 3389 })]),
    acl('FAIL', 'SSH over IPv6', [entry(100, { cidr: '::/0' })]),
    acl('FAIL', 'everything, as AWS makes the default one', aNetworkAcl().entries, { isDefault: true }),
    acl('PASS', 'an allow behind a deny', [entry(200), entry(100, { isAllow: false })]),
    acl('FAIL', 'an allow before a deny', [entry(200, { isAllow: false }), entry(100)]),
    acl('FAIL', 'an allow behind a deny of IPv6 alone', [
      entry(200),
      entry(100, { isAllow: false, cidr: '::/0' }),
    ]),
    noAcls,
  ],
  'net.nacl-unused': [
    acl('PASS', 'an ACL with a subnet', []),
    acl('FAIL', 'an ACL without', [], { subnetIds: [] }),
    acl('NOT_APPLICABLE', 'a default ACL', [], { subnetIds: [], isDefault: true }),
    noAcls,
  ],
  'net.subnet-auto-public-ip': [
    fixture('PASS', 'a subnet without public addresses', { subnets: [aSubnet()] }),
    fixture('FAIL', 'a subnet that gives them', { subnets: [aSubnet({ mapsPublicIp: true })] }),
    noSubnets,
  ],
  'net.subnet-ip-exhaustion': [
    fixture('PASS', '26 of 251 left', { subnets: [aSubnet({ availableAddresses: 26 })] }),
    fixture('FAIL', '25 of 251 left', { subnets: [aSubnet({ availableAddresses: 25 })] }),
    fixture('NOT_APPLICABLE', 'a subnet of IPv6 alone', { subnets: [aSubnet({ cidrBlock: '' })] }),
    noSubnets,
  ],
  'net.peering-least-access': [
    peering('PASS', 'a subnet of the peer', '10.1.1.0/24'),
    peering('FAIL', 'all of a VPC that is known', '10.1.0.0/20'),
    peering('FAIL', 'more than that', '10.1.0.0/18'),
    peering('FAIL', 'as much as a VPC can have', '10.9.0.0/16'),
    peering('FAIL', 'everybody', '0.0.0.0/0'),
    peering('FAIL', 'as much of IPv6 as a VPC can have', '2001:db8::/44'),
    peering('FAIL', 'a prefix list with all of a VPC', 'pl-1', {
      prefixLists: [aPrefixList(['10.1.0.0/20'])],
    }),
    peering('UNKNOWN', 'a prefix list that could not be read', 'pl-1', noLists),
    peering('UNKNOWN', 'VPCs that may not be listed', '10.1.1.0/24', { vpcs: unlisted('ec2:DescribeVpcs') }),
    peering('FAIL', 'everybody, with such VPCs', '0.0.0.0/0', { vpcs: unlisted('ec2:DescribeVpcs') }),
    table('NOT_APPLICABLE', 'a table without a peer', [aRoute('0.0.0.0/0', 'igw-1')]),
    noTables,
  ],
  'net.route-igw': [
    table('PASS', 'a public table that its subnets name', [aRoute('0.0.0.0/0', 'igw-1')], { isMain: false }),
    table('FAIL', 'a main table with an internet gateway', [aRoute('0.0.0.0/0', 'igw-1')]),
    table('FAIL', 'one for IPv6', [aRoute('::/0', 'igw-1')]),
    table('NOT_APPLICABLE', 'a main table without', []),
    table('NOT_APPLICABLE', 'one whose gateway is gone', [aRoute('0.0.0.0/0', 'igw-1', 'blackhole')]),
    table('NOT_APPLICABLE', 'one behind a NAT gateway', [aRoute('0.0.0.0/0', 'nat-1')]),
    noTables,
  ],
  'net.default-vpc': [
    fixture('PASS', 'a default VPC that nothing uses', theDefault),
    fixture('FAIL', 'one that something runs in', { ...theDefault, networkInterfaces: [anInterface()] }),
    fixture('UNKNOWN', 'interfaces that may not be listed', {
      ...theDefault,
      networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces'),
    }),
    fixture('FAIL', 'an interface among those that could be read', {
      ...theDefault,
      networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces', [anInterface()]),
    }),
    noVpcs,
  ],
  'net.vpc-single-az': [
    vpc('PASS', 'subnets in two zones', {
      subnets: [aSubnet(), aSubnet({ id: 'subnet-2', availabilityZone: 'eu-west-1b' })],
    }),
    vpc('FAIL', 'subnets in one zone', { subnets: [aSubnet(), aSubnet({ id: 'subnet-2' })] }),
    vpc('NOT_APPLICABLE', 'no subnets'),
    vpc('UNKNOWN', 'subnets of which not all could be read', {
      subnets: unlisted('ec2:DescribeSubnets', [aSubnet()]),
    }),
    noVpcs,
  ],
};
