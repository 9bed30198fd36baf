import { anywhereRules, openPorts } from '../analysis/anywhere.ts';
import { portProtocols } from '../analysis/ports.ts';
import type { Exposure } from '../analysis/reachability.ts';
import { subnetRouting, type SubnetRouting } from '../analysis/subnet-routes.ts';
import type {
  NetworkAcl,
  NetworkInterface,
  NetworkInventory,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../inventory/network.ts';
import { portRangeText } from './port-range.ts';
import { isSubnetPublic } from './subnets.ts';
import { portText } from './topology-reach.ts';

type NodeKind =
  | 'internet'
  | 'vpc'
  | 'subnet'
  | 'route-table'
  | 'network-acl'
  | 'gateway'
  | 'security-group'
  | 'interface'
  | 'instance';
type EdgeKind = 'contains' | 'routes' | 'filters' | 'guards' | 'attached' | 'allows';

export interface TopologyNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** The node that it is in. */
  readonly parent: string | null;
  /** Null: not known, or no question. */
  readonly public: boolean | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label: string;
}
export interface TopologyGraph {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly isTruncated: boolean;
}

/** What a picture can hold. Interfaces are the most, and come last. */
const NODES_MAX = 2_000;
const EDGES_MAX = 10_000;
const INTERNET = 'internet';

/** Sketches a VPC: gateways and peers are those that routes lead to. */
export function drawTopology(
  vpc: Vpc,
  network: NetworkInventory,
  exposures: ReadonlyMap<string, Exposure>,
): TopologyGraph {
  const routing = subnetRouting(network);
  const { subnets, securityGroups, networkAcls, routeTables, networkInterfaces } = network;
  const nodes = [
    internetNode,
    vpcNode(vpc),
    ...subnets.items.map((subnet) => subnetNode(subnet, routing)),
    ...routeTables.items.map(routeTableNode),
    ...networkAcls.items.map(networkAclNode),
    ...gatewayNodes(vpc, routeTables.items),
    ...securityGroups.items.map(securityGroupNode),
    ...networkInterfaces.items.map((one) => interfaceNode(one, exposures.get(one.id))),
    ...instanceNodes(networkInterfaces.items),
  ];
  const edges = [
    ...nodes.flatMap(containsEdge),
    ...subnets.items.flatMap((subnet) => routedEdge(subnet, routing)),
    ...routeTables.items.flatMap(routeEdges),
    ...networkAcls.items.flatMap(filterEdges),
    ...securityGroups.items.flatMap((group) => allowEdges(group, network)),
    ...networkInterfaces.items.flatMap((one) => interfaceEdges(one, exposures.get(one.id))),
  ];
  return bounded(nodes, edges);
}

/** No edge leads to what is not drawn, such as another VPC's groups. */
function bounded(all: readonly TopologyNode[], allEdges: readonly TopologyEdge[]): TopologyGraph {
  const nodes = all.slice(0, NODES_MAX);
  const ids = new Set(nodes.map(({ id }) => id));
  const within = distinct(allEdges.filter(({ from, to }) => ids.has(from) && ids.has(to)));
  const edges = within.slice(0, EDGES_MAX);
  return { nodes, edges, isTruncated: nodes.length < all.length || edges.length < within.length };
}

/** Several tables lead to one gateway, and that to the internet only once. */
const distinct = (edges: readonly TopologyEdge[]): readonly TopologyEdge[] => [
  ...new Map(edges.map((edge) => [[edge.from, edge.to, edge.kind, edge.label].join('\n'), edge])).values(),
];

const internetNode: TopologyNode = {
  id: INTERNET,
  kind: 'internet',
  label: 'Internet',
  parent: null,
  public: null,
  facts: {},
};

const vpcNode = ({ id, cidrBlock, isDefault, tags }: Vpc): TopologyNode => ({
  id,
  kind: 'vpc',
  label: tags['Name'] ?? id,
  parent: null,
  public: null,
  facts: { cidr_block: cidrBlock, is_default: isDefault },
});

const subnetNode = (subnet: Subnet, routing: SubnetRouting): TopologyNode => ({
  id: subnet.id,
  kind: 'subnet',
  label: subnet.tags['Name'] ?? subnet.id,
  parent: subnet.vpcId,
  public: isSubnetPublic(subnet, routing),
  facts: {
    cidr_block: subnet.cidrBlock,
    availability_zone: subnet.availabilityZone,
    available_addresses: subnet.availableAddresses,
    maps_public_ip: subnet.mapsPublicIp,
  },
});

const routeTableNode = ({ id, vpcId, isMain, routes, tags }: RouteTable): TopologyNode => ({
  id,
  kind: 'route-table',
  label: tags['Name'] ?? id,
  parent: vpcId,
  public: null,
  facts: { main: isMain, routes: routes.length },
});

const networkAclNode = ({ id, vpcId, isDefault, entries, tags }: NetworkAcl): TopologyNode => ({
  id,
  kind: 'network-acl',
  label: tags['Name'] ?? id,
  parent: vpcId,
  public: null,
  facts: { is_default: isDefault, entries: entries.length },
});

const securityGroupNode = (group: SecurityGroup): TopologyNode => ({
  id: group.id,
  kind: 'security-group',
  label: group.name === '' ? group.id : group.name,
  parent: group.vpcId,
  public: null,
  facts: { inbound_rules: group.inbound.length, outbound_rules: group.outbound.length },
});

/** What a route's target is, by how its id begins. Interfaces and instances have nodes of their own. */
const gateways: ReadonlyMap<string, string> = new Map([
  ['igw', 'Internet gateway'],
  ['eigw', 'Egress-only internet gateway'],
  ['nat', 'NAT gateway'],
  ['vgw', 'Virtual private gateway'],
  ['tgw', 'Transit gateway'],
  ['pcx', 'VPC peering'],
  ['vpce', 'VPC endpoint'],
  ['lgw', 'Local gateway'],
  ['cagw', 'Carrier gateway'],
  ['arn', 'Core network'],
]);

function gatewayNodes(vpc: Vpc, tables: readonly RouteTable[]): readonly TopologyNode[] {
  const targets = new Set(tables.flatMap(({ routes }) => routes.map(({ target }) => target)));
  return [...targets].toSorted().flatMap((id) => {
    const type = gateways.get(/^[a-z]+/.exec(id)?.[0] ?? '');
    if (type === undefined) return [];
    const isOpen = id.startsWith('igw-');
    return [
      { id, kind: 'gateway', label: type, parent: vpc.id, public: isOpen ? true : null, facts: { type } },
    ];
  });
}

function interfaceNode(one: NetworkInterface, exposure: Exposure | undefined): TopologyNode {
  const state = exposure?.internet ?? 'unknown';
  return {
    id: one.id,
    kind: 'interface',
    label: one.description === '' ? one.id : one.description,
    parent: one.subnetId,
    public: state === 'unknown' ? null : state === 'reachable',
    facts: {
      type: one.type,
      status: one.status,
      private_address: one.privateAddresses[0] ?? '',
      public_address: one.publicAddresses[0] ?? one.ipv6Addresses[0] ?? '',
    },
  };
}

/** Each once, in the subnet of its first interface. */
function instanceNodes(interfaces: readonly NetworkInterface[]): readonly TopologyNode[] {
  const nodes = new Map<string, TopologyNode>();
  for (const { instanceId: id, subnetId, availabilityZone } of interfaces) {
    if (id === null || nodes.has(id)) continue;
    const facts = { availability_zone: availabilityZone };
    nodes.set(id, { id, kind: 'instance', label: id, parent: subnetId, public: null, facts });
  }
  return [...nodes.values()];
}

const containsEdge = ({ id, parent }: TopologyNode): readonly TopologyEdge[] =>
  parent === null ? [] : [{ from: parent, to: id, kind: 'contains', label: '' }];

function routedEdge({ id, vpcId }: Subnet, routing: SubnetRouting): readonly TopologyEdge[] {
  const table = routing.tableOf(id, vpcId);
  return table === undefined ? [] : [{ from: id, to: table.id, kind: 'routes', label: '' }];
}

/** And from an internet gateway to the internet. */
const routeEdges = ({ id, routes }: RouteTable): readonly TopologyEdge[] =>
  routes.flatMap(({ destination, target, state }): readonly TopologyEdge[] => {
    const label = state === 'active' ? destination : `${destination} (${state})`;
    const own: TopologyEdge = { from: id, to: target, kind: 'routes', label };
    return target.startsWith('igw-')
      ? [own, { from: target, to: INTERNET, kind: 'routes', label: '' }]
      : [own];
  });

const filterEdges = ({ id, subnetIds }: NetworkAcl): readonly TopologyEdge[] =>
  subnetIds.map((subnetId) => ({ from: id, to: subnetId, kind: 'filters', label: '' }));

/** From everybody and from other groups. */
function allowEdges(group: SecurityGroup, { prefixLists }: NetworkInventory): readonly TopologyEdge[] {
  const { rules } = anywhereRules(group.inbound, prefixLists);
  const open = portProtocols.flatMap((protocol) =>
    openPorts(rules, protocol).map((ports) => portText({ protocol, ...ports })),
  );
  const others = group.inbound.flatMap((rule): readonly TopologyEdge[] => {
    if (rule.peer.kind !== 'group') return [];
    const label = `${rule.protocol} ${portRangeText(rule)}`;
    return [{ from: rule.peer.groupId, to: group.id, kind: 'allows', label }];
  });
  return [
    ...open.map((label): TopologyEdge => ({ from: INTERNET, to: group.id, kind: 'allows', label })),
    ...others,
  ];
}

function interfaceEdges(one: NetworkInterface, exposure: Exposure | undefined): readonly TopologyEdge[] {
  const guards = one.securityGroupIds.map((from): TopologyEdge => ({
    from,
    to: one.id,
    kind: 'guards',
    label: '',
  }));
  const attached: readonly TopologyEdge[] =
    one.instanceId === null ? [] : [{ from: one.id, to: one.instanceId, kind: 'attached', label: '' }];
  const allowed = (exposure?.ports ?? []).map((ports): TopologyEdge => ({
    from: INTERNET,
    to: one.id,
    kind: 'allows',
    label: portText(ports),
  }));
  return [...guards, ...attached, ...allowed];
}
