import { describe, expect, it } from 'vitest';
import type { NetworkInventory } from '../inventory/network.ts';
import {
  aNetworkAcl,
  anAclEntry,
  anInterface,
  aPrefixList,
  aPublicRouteTable,
  aRoute,
  aRouteTable,
  aRule,
  aSecurityGroup,
  ipv6,
  networkOf,
  prefixList,
  publicNetwork,
  unlisted,
} from '../checks/test-inventory.ts';
import { reachability } from './reachability.ts';

type Given = Parameters<typeof publicNetwork>[0];
const ssh = aSecurityGroup({ inbound: [aRule({ port: 22 })] });
/** A public network with one interface whose group lets in SSH, but for what is given. */
const network = (given: Given = {}): NetworkInventory =>
  networkOf(publicNetwork({ securityGroups: [ssh], ...given }));
const exposure = (given: Given = {}) => {
  const found = reachability(network(given)).get('eni-1');
  if (!found) throw new Error('no such interface');
  return found;
};
const internetOf = (given: Given) => exposure(given).internet;
const routes = (...some: [string, string, string?][]) => ({
  routeTables: [aRouteTable({ routes: some.map((route) => aRoute(...route)) })],
});

describe('an interface is reachable', () => {
  it('with a public address, a route, an ACL and a group that let in, on their common ports', () => {
    const entries = [
      anAclEntry({ protocol: '6', fromPort: 0, toPort: 1_023 }),
      anAclEntry({ isEgress: true }),
    ];
    const inbound = [aRule({ fromPort: 20, toPort: 2_000 })];
    const found = exposure({
      networkAcls: [aNetworkAcl({ entries })],
      securityGroups: [aSecurityGroup({ inbound })],
    });
    expect(found.internet).toBe('reachable');
    expect(found.ports).toEqual([{ protocol: 'tcp', from: 20, to: 1_023 }]);
  });

  it('and says by what, with the evidence', () => {
    expect(exposure().why).toEqual([
      'It has the public address 198.51.100.7.',
      "Its route table rtb-1 (the VPC's main) sends 0.0.0.0/0 to igw-1.",
      'Network ACL acl-1 lets in tcp 0-65535, udp 0-65535 from anywhere. Security group sg-1 (web) lets in tcp 22 from anywhere. Open to anywhere: tcp 22.',
    ]);
  });

  it('over IPv6 alone', () => {
    const given: Given = {
      networkInterfaces: [anInterface({ ipv6Addresses: ['2001:db8::1'] })],
      networkAcls: [
        aNetworkAcl({
          entries: [anAclEntry({ cidr: '::/0' }), anAclEntry({ cidr: '::/0', isEgress: true })],
        }),
      ],
      securityGroups: [aSecurityGroup({ inbound: [aRule({ port: 22, peer: ipv6('::/0') })] })],
    };
    expect(internetOf(given)).toBe('reachable');
    expect(internetOf({ ...given, securityGroups: [ssh] })).toBe('unreachable');
  });

  it('by the table of its own subnet rather than the main one', () => {
    const own = aPublicRouteTable({ id: 'rtb-2', isMain: false, subnetIds: ['subnet-1'] });
    expect(internetOf({ routeTables: [aRouteTable(), own] })).toBe('reachable');
    const closed = aRouteTable({ id: 'rtb-2', isMain: false, subnetIds: ['subnet-1'] });
    expect(internetOf({ routeTables: [aPublicRouteTable(), closed] })).toBe('unreachable');
  });

  it('by the halves of a default route, and by a prefix list with it', () => {
    expect(internetOf(routes(['0.0.0.0/1', 'igw-1'], ['128.0.0.0/1', 'igw-1']))).toBe('reachable');
    const given = { ...routes(['pl-1', 'igw-1']), prefixLists: [aPrefixList(['0.0.0.0/0'])] };
    expect(internetOf(given)).toBe('reachable');
  });

  it('through any of its groups', () => {
    const given: Given = {
      securityGroups: [aSecurityGroup(), { ...ssh, id: 'sg-2' }],
      networkInterfaces: [
        anInterface({ publicAddresses: ['198.51.100.7'], securityGroupIds: ['sg-1', 'sg-2'] }),
      ],
    };
    expect(internetOf(given)).toBe('reachable');
  });

  it('on all ports of its ACL where it has no group, as a load balancer may', () => {
    const one = anInterface({ publicAddresses: ['198.51.100.7'], securityGroupIds: [] });
    expect(exposure({ networkInterfaces: [one] }).ports).toHaveLength(2);
  });
});

describe('an interface is not reachable', () => {
  it.each<[string, Given, RegExp]>([
    ['without a public address', { networkInterfaces: [anInterface()] }, /no public address, neither/],
    [
      'with a private IPv6 address',
      { networkInterfaces: [anInterface({ ipv6Addresses: ['fd00::1'] })] },
      /no public address/,
    ],
    ['without an internet gateway', routes(['10.0.0.0/16', 'local']), /no active route for 0\.0\.0\.0\/0/],
    ['behind a NAT gateway', routes(['0.0.0.0/0', 'nat-1']), /no active route/],
    ['where the gateway is gone', routes(['0.0.0.0/0', 'igw-1', 'blackhole']), /no active route/],
    [
      'where more specific routes take all away',
      routes(['0.0.0.0/0', 'igw-1'], ['0.0.0.0/1', 'nat-1'], ['128.0.0.0/1', 'nat-1']),
      /no active route/,
    ],
    ['where only an office is routed to the gateway', routes(['203.0.113.0/24', 'igw-1']), /no active route/],
    [
      'where the ACL lets nothing in',
      { networkAcls: [aNetworkAcl({ entries: [anAclEntry({ isEgress: true })] })] },
      /ACL acl-1 lets in nothing/,
    ],
    [
      'where the ACL lets no answer out',
      { networkAcls: [aNetworkAcl({ entries: [anAclEntry()] })] },
      /ACL acl-1 lets in nothing/,
    ],
    [
      'where the group lets nobody in',
      { securityGroups: [aSecurityGroup()] },
      /sg-1 \(web\) lets in no port/,
    ],
    [
      'while it is attached to nothing',
      { networkInterfaces: [anInterface({ status: 'available', publicAddresses: ['198.51.100.7'] })] },
      /attached to nothing/,
    ],
    [
      'as a NAT gateway itself',
      {
        networkInterfaces: [
          anInterface({ type: 'nat_gateway', publicAddresses: ['198.51.100.7'], securityGroupIds: [] }),
        ],
      },
      /NAT gateway/,
    ],
  ])('%s', (_, given, why) => {
    const { internet, ports, why: said } = exposure(given);
    expect([internet, ports]).toEqual(['unreachable', []]);
    expect(said.join(' ')).toMatch(why);
  });

  it('where group and ACL let in different ports', () => {
    const entries = [
      anAclEntry({ protocol: '6', fromPort: 443, toPort: 443 }),
      anAclEntry({ isEgress: true }),
    ];
    expect(internetOf({ networkAcls: [aNetworkAcl({ entries })] })).toBe('unreachable');
  });
});

describe('what could not be read', () => {
  it.each<[string, Given]>([
    ['route tables', { routeTables: unlisted('ec2:DescribeRouteTables') }],
    ["a subnet's own table, perhaps", { routeTables: unlisted('ec2:DescribeRouteTables', [aRouteTable()]) }],
    ['network ACLs', { networkAcls: unlisted('ec2:DescribeNetworkAcls') }],
    ['security groups', { securityGroups: unlisted('ec2:DescribeSecurityGroups') }],
    [
      'prefix lists of routes',
      { ...routes(['pl-1', 'igw-1']), prefixLists: unlisted('ec2:DescribeManagedPrefixLists') },
    ],
    [
      'prefix lists of rules',
      {
        securityGroups: [aSecurityGroup({ inbound: [aRule({ peer: prefixList('pl-1') })] })],
        prefixLists: unlisted('ec2:DescribeManagedPrefixLists'),
      },
    ],
  ])('makes it unknown, and says what: %s', (_, given) => {
    const { internet, ports, failures } = exposure(given);
    expect([internet, ports]).toEqual(['unknown', []]);
    expect(failures).toHaveLength(1);
  });

  it('changes nothing where what was read already says no', () => {
    const given: Given = {
      routeTables: unlisted('ec2:DescribeRouteTables'),
      securityGroups: [aSecurityGroup()],
    };
    expect(internetOf(given)).toBe('unreachable');
  });

  it('changes nothing where another group already lets in', () => {
    const one = anInterface({ publicAddresses: ['198.51.100.7'], securityGroupIds: ['sg-1', 'sg-9'] });
    const securityGroups = unlisted('ec2:DescribeSecurityGroups', [ssh]);
    expect(internetOf({ securityGroups, networkInterfaces: [one] })).toBe('reachable');
  });

  it('is unknown too behind an appliance that the tables do not see through', () => {
    expect(internetOf(routes(['0.0.0.0/0', 'vpce-1']))).toBe('unknown');
  });
});

it('is worked out once for an inventory', () => {
  const one = network();
  expect(reachability(one)).toBe(reachability(one));
});
