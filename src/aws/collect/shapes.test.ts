import { expect, test } from 'vitest';
import { lifecycleOf } from './bucket-shapes.ts';
import { clusterOf, containerInstanceOf, taskOf } from './ecs-shapes.ts';
import { serviceOf } from './ecs-services.ts';
import { tags, text, texts } from './fields.ts';
import { networkAclOf, networkInterfaceOf, routeTableOf, subnetOf, vpcOf } from './network-shapes.ts';
import { securityGroupOf } from './security-groups.ts';

test('what AWS says nothing of but its name is still there', () => {
  expect(vpcOf({ VpcId: 'vpc-1' })).toMatchObject([
    { id: 'vpc-1', cidrBlocks: [], isDefault: false, tags: {} },
  ]);
  expect(subnetOf({ SubnetId: 'subnet-1' })).toMatchObject([{ id: 'subnet-1', mapsPublicIp: false }]);
  expect(securityGroupOf({ GroupId: 'sg-1' })).toMatchObject([{ inbound: [], outbound: [], vpcId: null }]);
  expect(routeTableOf({ RouteTableId: 'rtb-1' })).toMatchObject([{ isMain: false, routes: [] }]);
  expect(networkAclOf({ NetworkAclId: 'acl-1' })).toMatchObject([{ entries: [] }]);
  expect(networkInterfaceOf({ NetworkInterfaceId: 'eni-1' })).toMatchObject([{ type: 'interface' }]);
  expect(clusterOf({ clusterArn: 'a:cluster/web' })).toMatchObject([
    { name: 'web', containerInsights: null },
  ]);
  expect(serviceOf({ serviceArn: 'a:service/web/front' }, 'c')).toMatchObject([
    { name: 'front', clusterArn: 'c', assignsPublicIp: null },
  ]);
  expect(taskOf({ taskArn: 't', cpu: 'many' }, 'c')).toMatchObject([{ cpu: null, clusterArn: 'c' }]);
  expect(containerInstanceOf({ containerInstanceArn: 'i' }, 'c')).toMatchObject([
    { isAgentConnected: false, cpu: { registered: null, remaining: null } },
  ]);
});

test('what has no name is left out', () => {
  for (const found of [vpcOf({}), subnetOf({}), securityGroupOf({}), clusterOf({}), serviceOf({}, 'c')])
    expect(found).toEqual([]);
});

test('a permission is one rule for each range, group and list', () => {
  const [group] = securityGroupOf({
    GroupId: 'sg-1',
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 23,
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }, { CidrIp: '10.0.0.0/8' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '123456789012' }],
        PrefixListIds: [{ PrefixListId: 'pl-1' }],
      },
      { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    ],
  });
  expect(group?.inbound.map(({ peer }) => peer)).toEqual([
    { kind: 'ipv4', cidr: '0.0.0.0/0' },
    { kind: 'ipv4', cidr: '10.0.0.0/8' },
    { kind: 'ipv6', cidr: '::/0' },
    { kind: 'group', groupId: 'sg-2', accountId: '123456789012' },
    { kind: 'prefixList', prefixListId: 'pl-1' },
    { kind: 'ipv4', cidr: '0.0.0.0/0' },
  ]);
  expect(group?.inbound[0]).toMatchObject({ protocol: 'tcp', fromPort: 22, toPort: 23, description: 'all' });
  expect(group?.inbound.at(-1)).toMatchObject({ protocol: '-1', fromPort: null, toPort: null });
});

test('entries of a network ACL are in the order in which they decide', () => {
  const [acl] = networkAclOf({
    NetworkAclId: 'acl-1',
    Entries: [
      { RuleNumber: 32_767, Egress: false, RuleAction: 'deny', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
      {
        RuleNumber: 100,
        Egress: false,
        RuleAction: 'allow',
        Protocol: '6',
        Ipv6CidrBlock: '::/0',
        PortRange: { From: 22, To: 22 },
      },
    ],
  });
  expect(acl?.entries).toMatchObject([
    { ruleNumber: 100, isAllow: true, cidr: '::/0', fromPort: 22 },
    { ruleNumber: 32_767, isAllow: false, fromPort: null },
  ]);
});

test('a route leads to its gateway, whatever kind that is', () => {
  const routes = [
    { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' as const },
    { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'blackhole' as const },
    { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
    { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' },
    { DestinationCidrBlock: '10.1.0.0/16', InstanceId: 'i-1', NetworkInterfaceId: 'eni-1' },
  ];
  const [table] = routeTableOf({ RouteTableId: 'rtb-1', Routes: routes, Associations: [{ Main: true }] });
  expect(table?.isMain).toBe(true);
  expect(table?.routes.map(({ destination, target }) => `${destination} ${target}`)).toEqual([
    '10.0.0.0/16 local',
    '0.0.0.0/0 nat-1',
    '::/0 eigw-1',
    'pl-1 vpce-1',
    '10.1.0.0/16 eni-1',
  ]);
});

test('an interface has all of its public addresses', () => {
  const [face] = networkInterfaceOf({
    NetworkInterfaceId: 'eni-1',
    PrivateIpAddress: '10.0.0.1',
    Association: { PublicIp: '198.51.100.1' },
    PrivateIpAddresses: [
      { PrivateIpAddress: '10.0.0.1', Association: { PublicIp: '198.51.100.1' } },
      { PrivateIpAddress: '10.0.0.2', Association: { PublicIp: '198.51.100.2' } },
    ],
  });
  expect(face).toMatchObject({
    privateAddresses: ['10.0.0.1', '10.0.0.2'],
    publicAddresses: ['198.51.100.1', '198.51.100.2'],
  });
});

test("a lifecycle rule's prefix is wherever S3 writes it", () => {
  const rules = lifecycleOf({
    $metadata: {},
    Rules: [
      { Status: 'Enabled', Filter: { Prefix: 'a/' } },
      { Status: 'Disabled', Filter: { And: { Prefix: 'b/' } } },
      { Status: 'Enabled', Prefix: 'c/' },
    ],
  });
  expect(rules.map(({ prefix, isEnabled }) => [prefix, isEnabled])).toEqual([
    ['a/', true],
    ['b/', false],
    ['c/', true],
  ]);
});

test('texts are bounded, and no tag changes what a record is', () => {
  expect(text('x'.repeat(5_000))).toHaveLength(2_048);
  expect(texts(['a', undefined, ''])).toEqual(['a']);
  const found = tags([{ Key: '__proto__', Value: 'polluted' }, { Key: 'name' }, {}]);
  expect(Object.keys(found)).toEqual(['__proto__', 'name']);
  expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
});
