import { describe, expect, test } from 'vitest';
import {
  aFlowLog,
  allTraffic,
  anAclEntry,
  anInterface,
  aNetworkAcl,
  aPrefixList,
  aPublicRouteTable,
  aRoute,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aSubnet,
  aVpc,
  group,
  ipv4,
  ipv6,
  prefixList,
  REGION,
} from '../checks/test-inventory.ts';
import type { SecurityGroup, SecurityGroupRule } from '../inventory/network.ts';
import { portRangeText } from './port-range.ts';
import type { Question } from './question.ts';
import { type Document, rowsOf, TestDesk } from './test-desk.ts';
import type { TestRegion } from './test-reader.ts';

const inVpc = { region: REGION, vpc: 'vpc-1' };
const deskWith = (has: TestRegion): TestDesk =>
  new TestDesk({ regions: { [REGION]: { vpcs: [aVpc()], ...has } } });

describe('a rule’s port range', () => {
  test.each<[string, number | null, number | null, string]>([
    ['tcp', 22, 22, '22-22'],
    ['tcp', 8_000, 8_080, '8000-8080'],
    ['6', 22, 22, '22-22'],
    ['udp', 53, 53, '53-53'],
    ['tcp', null, null, '0-65535'],
    ['tcp', 0, 65_535, '0-65535'],
    ['-1', null, null, '0-65535'],
    ['-1', -1, -1, '0-65535'],
    ['50', null, null, '0-65535'],
    ['icmp', 8, 0, '8-0'],
    ['icmp', 3, -1, '3--1'],
    ['icmp', -1, -1, '-1--1'],
    ['1', 8, 0, '8-0'],
    ['icmp', null, null, '-1--1'],
    ['icmpv6', 128, 0, '128-0'],
    ['58', -1, -1, '-1--1'],
  ])('of %s from %j to %j is "%s"', (protocol, fromPort, toPort, expected) => {
    expect(portRangeText({ protocol, fromPort, toPort })).toBe(expected);
  });
});

async function groupsOf(has: TestRegion, desk = deskWith(has)): Promise<readonly Document[]> {
  return rowsOf(await desk.document({ name: 'securityGroups', ...inVpc }), 'security_groups');
}
const groupWith = (inbound: readonly SecurityGroupRule[], over: Partial<SecurityGroup> = {}) =>
  aSecurityGroup({ inbound, ...over });

describe('security groups', () => {
  test('have one row a source or destination, of whatever kind', async () => {
    const rules = [
      aRule({ peer: ipv4('10.0.0.0/8'), description: 'office' }),
      aRule({ peer: ipv6('::/0') }),
      aRule({ peer: group('sg-9') }),
      aRule({ peer: prefixList('pl-1') }),
    ];
    const [row] = await groupsOf({ securityGroups: [aSecurityGroup({ inbound: rules, outbound: rules })] });
    const peers = ['10.0.0.0/8', '::/0', 'sg-9', 'pl-1'];
    expect(row).toMatchObject({
      inbound_rules: peers.map((source) => ({ source, port_range: '443-443' })),
      outbound_rules: peers.map((destination) => ({ destination })),
    });
    expect(rowsOf(row ?? {}, 'inbound_rules').map(({ description }) => description)).toEqual([
      'office',
      '',
      '',
      '',
    ]);
  });

  test('say of each rule whether it is for everybody', async () => {
    const lists = [aPrefixList(['10.0.0.0/8', '::/0'])];
    const rules = [
      aRule(),
      aRule({ peer: ipv6('::/0') }),
      aRule({ peer: ipv4('0.0.0.0/1') }),
      aRule({ peer: prefixList('pl-1') }),
      aRule({ peer: ipv4('198.51.100.0/24') }),
      aRule({ peer: group('sg-9') }),
    ];
    const [row] = await groupsOf({ securityGroups: [groupWith(rules)], prefixLists: lists });
    const open = rowsOf(row ?? {}, 'inbound_rules').map((rule) => rule['open_to_world']);
    expect(open).toEqual([true, true, true, true, false, false]);
  });

  test('say nothing of a list that may not be read, and name it', async () => {
    const desk = deskWith({ securityGroups: [groupWith([aRule({ peer: prefixList('pl-1') }), aRule()])] });
    desk.fail('prefixLists', 'ec2:DescribeManagedPrefixLists');
    expect(await groupsOf({}, desk)).toMatchObject([
      {
        inbound_rules: [{ open_to_world: null }, { open_to_world: true }],
        unreadable: [{ member: 'open_to_world', action: 'ec2:DescribeManagedPrefixLists' }],
      },
    ]);
  });

  test('ask for no list where no rule names one', async () => {
    const desk = deskWith({ securityGroups: [groupWith([aRule()])] });
    await groupsOf({}, desk);
    expect(desk.times('prefixLists')).toBe(0);
  });

  test('are counted by the interfaces that they guard, each once', async () => {
    const rows = await groupsOf({
      securityGroups: [aSecurityGroup(), aSecurityGroup({ id: 'sg-2', name: 'unused' })],
      networkInterfaces: [
        anInterface({ securityGroupIds: ['sg-1', 'sg-1'] }),
        anInterface({ id: 'eni-2', securityGroupIds: ['sg-1', 'sg-9'] }),
      ],
    });
    expect(rows).toMatchObject([
      { group_id: 'sg-2', interfaces_count: 0 },
      { group_id: 'sg-1', interfaces_count: 2 },
    ]);
  });
});

describe('what a group lets everybody in to', () => {
  const used = { networkInterfaces: [anInterface()] };
  const exposures = async (rules: readonly SecurityGroupRule[], has: TestRegion = used) => {
    const [row] = await groupsOf({ ...has, securityGroups: [groupWith(rules)] });
    return rowsOf(row ?? {}, 'exposures');
  };
  test.each<[string, SecurityGroupRule, object]>([
    [
      'SSH',
      aRule({ port: 22 }),
      { severity: 'high', port_range: '22-22', protocol: 'tcp', source: '0.0.0.0/0' },
    ],
    [
      'a database',
      aRule({ port: 5_432 }),
      { severity: 'critical', reason: expect.stringContaining('PostgreSQL (5432)') },
    ],
    [
      'a range with both',
      aRule({ fromPort: 20, toPort: 6_000 }),
      { severity: 'critical', port_range: '20-6000' },
    ],
    ['a port that nobody knows', aRule({ port: 12_345 }), { severity: 'medium', port_range: '12345-12345' }],
    [
      'all ports',
      aRule({ fromPort: 0, toPort: 65_535 }),
      { severity: 'critical', reason: expect.stringContaining('All ports of tcp') },
    ],
  ])('is told with how bad it is: %s', async (_, rule, expected) => {
    expect(await exposures([rule])).toMatchObject([expected]);
  });

  test('of protocol -1 is all of TCP and of UDP', async () => {
    expect(await exposures([allTraffic(ipv6('::/0'))])).toMatchObject([
      { severity: 'critical', protocol: 'tcp', source: '::/0' },
      { severity: 'critical', protocol: 'udp' },
    ]);
  });

  test.each([
    ['the web', [aRule({ port: 80 }), aRule({ port: 443 })]],
    ['a ping', [aRule({ protocol: 'icmp', fromPort: 8, toPort: -1 })]],
    ['somebody in particular', [aRule({ port: 22, peer: ipv4('198.51.100.7/32') })]],
    ['another group', [aRule({ port: 22, peer: group('sg-2') })]],
    ['nothing', []],
  ])('is nothing where it is %s', async (_, rules) => {
    expect(await exposures(rules)).toEqual([]);
  });

  test('in halves is as open, by both of them', async () => {
    const halves = [
      aRule({ port: 22, peer: ipv4('0.0.0.0/1') }),
      aRule({ port: 22, peer: ipv4('128.0.0.0/1') }),
    ];
    expect(await exposures(halves)).toMatchObject([
      { port_range: '22-22', source: '0.0.0.0/1, 128.0.0.0/1' },
    ]);
  });

  test('is low where nothing uses the group, and as bad as ever where that is not known', async () => {
    expect(await exposures([aRule({ port: 22 })], {})).toMatchObject([
      { severity: 'low', reason: expect.stringContaining('Nothing uses the group') },
    ]);
    const desk = deskWith({ securityGroups: [groupWith([aRule({ port: 22 })])] });
    desk.fail('networkInterfaces', 'ec2:DescribeNetworkInterfaces');
    expect(await groupsOf({}, desk)).toMatchObject([{ exposures: [{ severity: 'high' }] }]);
  });
});

describe('VPCs', () => {
  test('are counted each for itself', async () => {
    const document = await new TestDesk({
      regions: {
        [REGION]: {
          vpcs: [aVpc(), aVpc({ id: 'vpc-2' })],
          subnets: [aSubnet(), aSubnet({ id: 'subnet-2' })],
          securityGroups: [aSecurityGroup({ vpcId: null }), aSecurityGroup({ id: 'sg-2', vpcId: 'vpc-2' })],
          flowLogs: [aFlowLog(), aFlowLog({ id: 'fl-2', resourceId: 'vpc-2', deliverStatus: 'FAILED' })],
        },
      },
    }).document({ name: 'vpcs', region: REGION });
    expect(rowsOf(document, 'vpcs')).toMatchObject([
      { vpc_id: 'vpc-1', subnet_count: 2, security_group_count: 0, flow_logs_active: true },
      { vpc_id: 'vpc-2', subnet_count: 0, security_group_count: 1, flow_logs_active: false },
    ]);
  });

  test('without the right to count are listed, and say what they do not know', async () => {
    const desk = deskWith({}).fail('subnets', 'ec2:DescribeSubnets').fail('flowLogs', 'ec2:DescribeFlowLogs');
    const document = await desk.document({ name: 'vpcs', region: REGION });
    expect(rowsOf(document, 'vpcs')).toMatchObject([
      {
        subnet_count: null,
        security_group_count: 0,
        flow_logs_active: null,
        unreadable: [
          { member: 'subnet_count', action: 'ec2:DescribeSubnets' },
          { member: 'flow_logs_active', action: 'ec2:DescribeFlowLogs' },
        ],
      },
    ]);
  });
});

describe('subnets', () => {
  const subnet = async (has: TestRegion, desk = deskWith({ subnets: [aSubnet()], ...has })) =>
    rowsOf(await desk.document({ name: 'subnets', ...inVpc }), 'subnets')[0];
  const closed = aRouteTable({ id: 'rtb-2', isMain: false, subnetIds: ['subnet-1'] });
  const only6 = aRouteTable({ routes: [aRoute(), aRoute('::/0', 'igw-1')] });

  test('are public by the route table that is theirs, their own before the main one', async () => {
    expect(await subnet({ routeTables: [aPublicRouteTable()] })).toMatchObject({
      public: true,
      route_table_id: 'rtb-1',
    });
    expect(await subnet({ routeTables: [aPublicRouteTable(), closed] })).toMatchObject({
      public: false,
      route_table_id: 'rtb-2',
    });
    expect(await subnet({ routeTables: [only6] })).toMatchObject({ public: true });
  });

  test('of which that is not known say so', async () => {
    const desk = deskWith({ subnets: [aSubnet()] }).fail('routeTables', 'ec2:DescribeRouteTables');
    expect(await subnet({}, desk)).toMatchObject({
      public: null,
      route_table_id: null,
      unreadable: [{ member: 'route_table_id', action: 'ec2:DescribeRouteTables' }, { member: 'public' }],
    });
  });

  test('follow the prefix lists of their routes', async () => {
    const routes = [aRoute(), aRoute('pl-1', 'igw-1')];
    const desk = deskWith({
      subnets: [aSubnet()],
      routeTables: [aRouteTable({ routes })],
      prefixLists: [aPrefixList(['0.0.0.0/0'])],
    });
    expect(await subnet({}, desk)).toMatchObject({ public: true });
    expect(desk.times('prefixLists')).toBe(1);
  });
});

test('ACLs tell their rules as they are decided on', async () => {
  const entries = [
    anAclEntry({ ruleNumber: 90, isAllow: false, protocol: '6', fromPort: 22, toPort: 22 }),
    anAclEntry(),
  ];
  const document = await deskWith({ networkAcls: [aNetworkAcl({ entries })] }).document({
    name: 'networkAcls',
    ...inVpc,
  });
  expect(rowsOf(document, 'network_acls')).toMatchObject([
    {
      entries: [
        { rule_number: 90, action: 'deny', protocol: '6', port_range: '22-22', egress: false },
        { rule_number: 100, action: 'allow', protocol: '-1', port_range: '0-65535' },
      ],
    },
  ]);
});

describe('flow logs', () => {
  const question: Question = { name: 'flowLogs', ...inVpc };
  const has = {
    subnets: [aSubnet()],
    networkInterfaces: [anInterface()],
    flowLogs: ['vpc-1', 'subnet-1', 'eni-1', 'vpc-2'].map((resourceId, index) =>
      aFlowLog({ id: `fl-${index}`, resourceId }),
    ),
  };

  test('of a VPC are its own, its subnets’ and its interfaces’', async () => {
    const rows = rowsOf(await deskWith(has).document(question), 'flow_logs');
    expect(rows.map(({ resource_id: id }) => id)).toEqual(['vpc-1', 'subnet-1', 'eni-1']);
  });

  test('may be more where its subnets are not known, and that is told', async () => {
    const document = await deskWith(has).fail('subnets', 'ec2:DescribeSubnets').document(question);
    expect(document).toMatchObject({
      total: 2,
      unreadable: [{ member: 'flow_logs', action: 'ec2:DescribeSubnets' }],
    });
  });
});
