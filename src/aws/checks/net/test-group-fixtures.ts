import type { SecurityGroup, SecurityGroupRule } from '../../inventory/network.ts';
import type { CheckStatus } from '../check.ts';
import type { RegionFixture } from '../ebs/test-fixtures.ts';
import {
  allTraffic,
  anInterface,
  aPrefixList,
  aRule,
  aSecurityGroup,
  group,
  ipv4,
  ipv6,
  prefixList,
  regionOf,
  unlisted,
} from '../test-inventory.ts';

type Given = Parameters<typeof regionOf>[0];

const fixture = (status: CheckStatus, of: string, given: Given): RegionFixture => ({
  status,
  of,
  region: regionOf(given),
});
/** A group with some inbound rules. */
const inbound = (status: CheckStatus, of: string, rules: readonly SecurityGroupRule[], beside: Given = {}) =>
  fixture(status, of, { securityGroups: [aSecurityGroup({ inbound: rules })], ...beside });
const named = (status: CheckStatus, of: string, over: Partial<SecurityGroup>, beside: Given = {}) =>
  fixture(status, of, { securityGroups: [aSecurityGroup(over)], ...beside });

const noGroups = fixture('UNKNOWN', 'a region whose groups may not be listed', {
  securityGroups: unlisted('ec2:DescribeSecurityGroups'),
});
const noLists: Given = { prefixLists: unlisted('ec2:GetManagedPrefixListEntries') };
const listed = (port: number) => aRule({ port, peer: prefixList('pl-1') });
const range = (fromPort: number, toPort: number, protocol = 'tcp') => aRule({ protocol, fromPort, toPort });

/** What holds for each check of ports that are open to everybody. */
const openPort = (port: number): readonly RegionFixture[] => [
  inbound('PASS', 'a group without rules', []),
  inbound('PASS', 'the web', [aRule({ port: 80 }), aRule({ port: 443 })]),
  inbound('PASS', 'the port for one office', [aRule({ port, peer: ipv4('203.0.113.0/24') })]),
  inbound('PASS', 'the port for another group', [aRule({ port, peer: group('sg-2') })]),
  inbound('PASS', "ICMP with the port's number as its type", [range(port, port, 'icmp')]),
  inbound('FAIL', 'everything', [allTraffic()]),
  inbound('FAIL', 'everything, over IPv6', [allTraffic(ipv6('::/0'))]),
  inbound('FAIL', 'all ports of TCP', [range(0, 65_535)]),
  inbound('FAIL', 'all ports of TCP by its number', [range(0, 65_535, '6')]),
  inbound('FAIL', 'everything for the two halves of the internet', [
    allTraffic(ipv4('0.0.0.0/1')),
    allTraffic(ipv4('128.0.0.0/1')),
  ]),
  inbound('FAIL', 'everything for half of IPv6', [allTraffic(ipv6('::/1'))]),
  inbound('FAIL', 'everything for a prefix list with everybody in it', [allTraffic(prefixList('pl-1'))], {
    prefixLists: [aPrefixList(['203.0.113.0/24', '0.0.0.0/0'])],
  }),
  inbound('PASS', 'everything for a prefix list of offices', [allTraffic(prefixList('pl-1'))], {
    prefixLists: [aPrefixList(['203.0.113.0/24'])],
  }),
  inbound(
    'UNKNOWN',
    'everything for a prefix list that could not be read',
    [allTraffic(prefixList('pl-1'))],
    noLists,
  ),
  inbound(
    'FAIL',
    'everything, beside a prefix list that could not be read',
    [allTraffic(), listed(port)],
    noLists,
  ),
  inbound('PASS', 'the web for a prefix list that could not be read', [listed(443)], noLists),
  inbound('FAIL', 'everything, with interfaces that may not be listed', [allTraffic()], {
    networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces'),
  }),
  noGroups,
];

/** The same with one port in every way that it is opened. */
const singlePort = (port: number): readonly RegionFixture[] => [
  ...openPort(port),
  inbound('FAIL', `port ${port}`, [aRule({ port })]),
  inbound('FAIL', `port ${port} over IPv6`, [aRule({ port, peer: ipv6('::/0') })]),
  inbound('FAIL', `a range with ${port} in it`, [range(port - 1, port + 1)]),
  inbound('UNKNOWN', `port ${port} for a prefix list that could not be read`, [listed(port)], noLists),
];

/** By check: each status that it can have. */
export const groupFixtures: Readonly<Record<string, readonly RegionFixture[]>> = {
  'net.sg-ssh': [
    ...singlePort(22),
    inbound('PASS', 'UDP 22', [range(22, 22, 'udp')]),
    inbound('PASS', 'the ports beside it', [range(0, 21), range(23, 65_535)]),
  ],
  'net.sg-rdp': [
    ...singlePort(3389),
    inbound('FAIL', 'UDP 3389', [range(3389, 3389, 'udp')]),
    inbound('FAIL', 'UDP 3389 by its number', [range(3389, 3389, '17')]),
  ],
  'net.sg-all-open': [
    ...openPort(22),
    inbound('PASS', 'SSH alone', [aRule({ port: 22 })]),
    inbound('FAIL', 'all ports in two ranges', [range(0, 1_023), range(1_024, 65_535)]),
    inbound('FAIL', 'all ports of UDP', [range(0, 65_535, 'udp')]),
    inbound('PASS', 'all ports but one', [range(0, 21), range(23, 65_535)]),
  ],
  'net.sg-high-risk-ports': [
    ...singlePort(3306),
    inbound('PASS', 'ports that are no high risk', [range(50_000, 65_535)]),
    ...[21, 445, 6379, 27_017, 2375].map((port) => inbound('FAIL', `port ${port}`, [aRule({ port })])),
  ],
  'net.sg-unauthorized-port': [
    ...singlePort(5432),
    inbound('FAIL', 'a range from 80 to 443', [range(80, 443)]),
    inbound('FAIL', 'a port of UDP', [range(53, 53, 'udp')]),
    inbound('PASS', 'HTTP/3', [range(443, 443, 'udp')]),
  ],
  'net.sg-cifs': [...singlePort(445), inbound('FAIL', 'NetBIOS', [aRule({ port: 139 })])],
  'net.sg-wide-public-cidr': [
    inbound('PASS', 'a group without rules', []),
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '203.0.113.0/24', '0.0.0.0/0'].map(
      (cidr) => inbound('PASS', cidr, [aRule({ peer: ipv4(cidr) })]),
    ),
    ...['0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '203.0.112.0/23', '10.0.0.0/7', '172.0.0.0/8'].map((cidr) =>
      inbound('FAIL', cidr, [aRule({ peer: ipv4(cidr) })]),
    ),
    ...['::/0', '2001:db8::/32', 'fd00::/8'].map((cidr) =>
      inbound('PASS', cidr, [aRule({ peer: ipv6(cidr) })]),
    ),
    ...['::/1', '2000::/3', '2001:d00::/24'].map((cidr) =>
      inbound('FAIL', cidr, [aRule({ peer: ipv6(cidr) })]),
    ),
    inbound('FAIL', 'a prefix list with everybody in it', [listed(443)], {
      prefixLists: [aPrefixList(['0.0.0.0/0'])],
    }),
    inbound('PASS', 'a prefix list of offices', [listed(443)], {
      prefixLists: [aPrefixList(['203.0.113.0/24'])],
    }),
    inbound('UNKNOWN', 'a prefix list that could not be read', [listed(443)], noLists),
    inbound(
      'FAIL',
      'a wide network beside such a list',
      [listed(443), aRule({ peer: ipv4('8.0.0.0/8') })],
      noLists,
    ),
    noGroups,
  ],
  'net.sg-default-restricts': [
    named('PASS', 'a default group without rules', { name: 'default' }),
    named('FAIL', 'a default group as AWS makes it', {
      name: 'default',
      inbound: [allTraffic(group('sg-1'))],
      outbound: [allTraffic()],
    }),
    named('FAIL', 'one with outbound rules alone', { name: 'default', outbound: [allTraffic()] }),
    noGroups,
  ],
  'net.sg-unused': [
    named('PASS', 'a group of an interface', {}, { networkInterfaces: [anInterface()] }),
    named(
      'FAIL',
      'a group that nothing has',
      {},
      { networkInterfaces: [anInterface({ securityGroupIds: ['sg-2'] })] },
    ),
    named('FAIL', 'a group that only its own rule names', { inbound: [allTraffic(group('sg-1'))] }),
    named('NOT_APPLICABLE', 'a default group', { name: 'default' }),
    named(
      'UNKNOWN',
      'interfaces that may not be listed',
      {},
      {
        networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces'),
      },
    ),
    named(
      'PASS',
      'an interface among those that could be read',
      {},
      {
        networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces', [anInterface()]),
      },
    ),
    noGroups,
  ],
  'net.sg-from-public-ip': [
    inbound('PASS', 'one port for an address', [aRule({ port: 22, peer: ipv4('198.51.100.7/32') })]),
    inbound('PASS', 'all ports for private addresses', [allTraffic(ipv4('10.0.0.0/8'))]),
    inbound('PASS', 'all ports for everybody, which others judge', [allTraffic()]),
    inbound('FAIL', 'all ports for an address', [allTraffic(ipv4('198.51.100.7/32'))]),
    inbound('FAIL', 'all ports of TCP for an IPv6 address', [
      aRule({ fromPort: 0, toPort: 65_535, peer: ipv6('2001:db8::1/128') }),
    ]),
    inbound(
      'UNKNOWN',
      'all ports for a prefix list that could not be read',
      [allTraffic(prefixList('pl-1'))],
      noLists,
    ),
    inbound('PASS', 'one port for such a list', [listed(22)], noLists),
    noGroups,
  ],
  'net.sg-launch-wizard': [
    named('PASS', 'a group that was named', {}),
    named('FAIL', 'a group of the wizard', { name: 'launch-wizard-3' }),
    noGroups,
  ],
  'net.sg-many-rules': [
    named('PASS', '50 rules in each direction', { inbound: ports(50), outbound: ports(50) }),
    named('FAIL', '51 inbound rules', { inbound: ports(51) }),
    named('FAIL', '51 outbound rules', { outbound: ports(51) }),
    noGroups,
  ],
};

function ports(count: number): readonly SecurityGroupRule[] {
  return Array.from({ length: count }, (_, index) => aRule({ port: index, peer: group('sg-2') }));
}
