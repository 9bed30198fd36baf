import { describe, expect, test } from 'vitest';
import {
  anInterface,
  aPublicRouteTable,
  aRoute,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aSubnet,
  aVpc,
  group,
  networkOf,
  publicNetwork,
  REGION,
} from '../checks/test-inventory.ts';
import type { NetworkInventory } from '../inventory/network.ts';
import { topologyDocument } from './topology.ts';

const draw = (given: Partial<NetworkInventory> | Parameters<typeof publicNetwork>[0] = {}) =>
  topologyDocument(REGION, aVpc(), networkOf(publicNetwork(given)));
const open = { securityGroups: [aSecurityGroup({ inbound: [aRule({ port: 22 })] })] };

describe('what the internet reaches', () => {
  test('is told with its ports and why', () => {
    const { reachable_from_internet: reachable, edges, nodes } = draw(open);
    expect(reachable).toMatchObject([
      { interface_id: 'eni-1', instance_id: 'i-1', state: 'reachable', ports: ['tcp 22-22'] },
    ]);
    expect(reachable[0]?.why.join(' ')).toMatch(/198\.51\.100\.7.*igw-1.*sg-1/s);
    expect(edges).toContainEqual({ from: 'internet', to: 'eni-1', kind: 'allows', label: 'tcp 22-22' });
    expect(nodes.find(({ id }) => id === 'eni-1')).toMatchObject({ public: true, parent: 'subnet-1' });
    expect(nodes.find(({ id }) => id === 'subnet-1')).toMatchObject({ public: true, parent: 'vpc-1' });
  });

  test('is nothing without a public address, and an open group is drawn all the same', () => {
    const { reachable_from_internet: reachable, edges } = draw({
      ...open,
      networkInterfaces: [anInterface()],
    });
    expect(reachable).toEqual([]);
    expect(edges).toContainEqual({ from: 'internet', to: 'sg-1', kind: 'allows', label: 'tcp 22-22' });
  });

  test('is not known where what decides could not be read', () => {
    const failure = { kind: 'denied', action: 'ec2:DescribeRouteTables', region: REGION, code: 'x' } as const;
    const document = draw({ ...open, routeTables: { items: [], failures: [failure] } });
    expect(document.reachable_from_internet).toMatchObject([
      { interface_id: 'eni-1', state: 'unknown', ports: [] },
    ]);
    expect(document.nodes.find(({ id }) => id === 'eni-1')).toMatchObject({ public: null });
    expect(document.unreadable).toMatchObject([
      { member: 'nodes.route-table', action: 'ec2:DescribeRouteTables' },
    ]);
  });
});

describe('the picture', () => {
  test('holds gateways and peers that routes lead to, each once', () => {
    const routes = [
      aRoute(),
      aRoute('0.0.0.0/0', 'igw-1'),
      aRoute('10.1.0.0/16', 'pcx-1'),
      aRoute('10.2.0.0/16', 'tgw-1', 'blackhole'),
    ];
    const { nodes, edges } = draw({
      routeTables: [aRouteTable({ routes }), aPublicRouteTable({ id: 'rtb-2' })],
    });
    const gateways = nodes.filter(({ kind }) => kind === 'gateway');
    expect(gateways.map(({ id, label, public: isPublic }) => [id, label, isPublic])).toEqual([
      ['igw-1', 'Internet gateway', true],
      ['pcx-1', 'VPC peering', null],
      ['tgw-1', 'Transit gateway', null],
    ]);
    expect(edges).toContainEqual({
      from: 'rtb-1',
      to: 'tgw-1',
      kind: 'routes',
      label: '10.2.0.0/16 (blackhole)',
    });
    expect(edges.filter(({ to }) => to === 'internet')).toHaveLength(1);
  });

  test('leads only to what is in it, and no id is in it twice', () => {
    const { nodes, edges } = draw({
      securityGroups: [
        aSecurityGroup({
          inbound: [aRule({ peer: group('sg-of-another-vpc') }), aRule({ peer: group('sg-1') })],
        }),
      ],
      networkInterfaces: [anInterface(), anInterface({ id: 'eni-2', subnetId: 'subnet-unknown' })],
    });
    const ids = nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(edges.every(({ from, to }) => ids.includes(from) && ids.includes(to))).toBe(true);
    expect(edges).toContainEqual({ from: 'sg-1', to: 'sg-1', kind: 'allows', label: 'tcp 443-443' });
  });

  test('of a huge VPC is bounded and says so', () => {
    const networkInterfaces = Array.from({ length: 5_000 }, (_, index) =>
      anInterface({ id: `eni-${index}`, instanceId: `i-${index}` }),
    );
    const { nodes, truncated } = draw({ networkInterfaces });
    expect(truncated).toBe(true);
    expect(nodes.length).toBeLessThanOrEqual(2_000);
    expect(draw().truncated).toBe(false);
  });

  test('of an empty VPC is the VPC', () => {
    const { nodes, edges } = topologyDocument(REGION, aVpc(), networkOf({}));
    expect(nodes.map(({ id }) => id)).toEqual(['internet', 'vpc-1']);
    expect(edges).toEqual([]);
  });

  test('shows what filters, guards and routes', () => {
    const { edges } = draw({ ...open, subnets: [aSubnet()] });
    expect(edges).toEqual(
      expect.arrayContaining([
        { from: 'vpc-1', to: 'subnet-1', kind: 'contains', label: '' },
        { from: 'subnet-1', to: 'rtb-1', kind: 'routes', label: '' },
        { from: 'rtb-1', to: 'igw-1', kind: 'routes', label: '0.0.0.0/0' },
        { from: 'acl-1', to: 'subnet-1', kind: 'filters', label: '' },
        { from: 'sg-1', to: 'eni-1', kind: 'guards', label: '' },
        { from: 'eni-1', to: 'i-1', kind: 'attached', label: '' },
      ]),
    );
  });
});
