import { Type } from 'typebox';
import { nullable, oneOf, type Static } from '../../kernel/schema.ts';
import { count, listOf, placeAndName, tagsWire, unreadable } from './wire-parts.ts';

const text = Type.String();

export const vpcWire = Type.Object({
  vpc_id: text,
  cidr_block: text,
  state: text,
  is_default: Type.Boolean(),
  dhcp_options_id: nullable(text),
  instance_tenancy: text,
  subnet_count: nullable(count()),
  security_group_count: nullable(count()),
  cidr_blocks: Type.Array(text, { description: 'IPv4 and IPv6, the first one included.' }),
  flow_logs_active: nullable(Type.Boolean({ description: 'Whether one of the VPC itself delivers.' })),
  ...placeAndName,
  tags: tagsWire,
  ...unreadable,
});
export const vpcsWire = listOf('vpcs', vpcWire);

const ruleWire = {
  peer_account: Type.Optional(Type.String({ description: 'Whose the group on the other side is.' })),
  protocol: Type.String({ description: 'As AWS says it: `tcp`, `-1` for all, or a number.' }),
  port_range: Type.String({
    description: '"22-22" for one port, "0-65535" for protocol -1, "type-code" for ICMP.',
  }),
  description: Type.String({ description: 'Empty where there is none.' }),
  open_to_world: nullable(
    Type.Boolean({
      description:
        'Whether the other side is everybody, a part of a wider range or list included. Null: not known.',
    }),
  ),
};
export const inboundRuleWire = Type.Object({
  ...ruleWire,
  source: Type.String({ description: 'A CIDR, `sg-…` or `pl-…`.' }),
});
export const outboundRuleWire = Type.Object({
  ...ruleWire,
  destination: Type.String({ description: 'A CIDR, `sg-…` or `pl-…`.' }),
});

/** What the rules of a group let in that nobody should need. */
export const exposureWire = Type.Object({
  severity: oneOf(['low', 'medium', 'high', 'critical']),
  port_range: text,
  protocol: text,
  source: text,
  reason: Type.String({ description: 'In a sentence: what is open, and to whom.' }),
});

export const securityGroupWire = Type.Object({
  group_id: text,
  group_name: text,
  description: text,
  inbound_rules: Type.Array(inboundRuleWire),
  outbound_rules: Type.Array(outboundRuleWire),
  vpc_id: nullable(text),
  region: text,
  interfaces_count: nullable(count('Network interfaces that it guards. Null: not known.')),
  exposures: Type.Array(exposureWire),
  tags: tagsWire,
  ...unreadable,
});
export const securityGroupsWire = listOf('security_groups', securityGroupWire);

export const subnetWire = Type.Object({
  subnet_id: text,
  vpc_id: text,
  cidr_block: text,
  ipv6_cidr_blocks: Type.Array(text),
  availability_zone: text,
  state: text,
  available_addresses: count(),
  maps_public_ip: Type.Boolean(),
  default_for_zone: Type.Boolean(),
  route_table_id: nullable(Type.String({ description: "Its own, or the VPC's main one. Null: not known." })),
  public: nullable(
    Type.Boolean({ description: 'Whether it routes to an internet gateway. Null: not known.' }),
  ),
  ...placeAndName,
  tags: tagsWire,
  ...unreadable,
});
export const subnetsWire = listOf('subnets', subnetWire);

export const routeTableWire = Type.Object({
  route_table_id: text,
  vpc_id: text,
  main: Type.Boolean(),
  subnet_ids: Type.Array(text),
  routes: Type.Array(Type.Object({ destination: text, target: text, state: text })),
  ...placeAndName,
  tags: tagsWire,
});
export const routeTablesWire = listOf('route_tables', routeTableWire);

export const networkAclWire = Type.Object({
  network_acl_id: text,
  vpc_id: text,
  is_default: Type.Boolean(),
  subnet_ids: Type.Array(text),
  entries: Type.Array(
    Type.Object({
      rule_number: Type.Integer(),
      egress: Type.Boolean(),
      action: oneOf(['allow', 'deny']),
      protocol: text,
      cidr: text,
      port_range: text,
    }),
    { description: 'By rule number: the first that matches decides.' },
  ),
  ...placeAndName,
  tags: tagsWire,
});
export const networkAclsWire = listOf('network_acls', networkAclWire);

export const flowLogWire = Type.Object({
  flow_log_id: text,
  resource_id: text,
  status: text,
  traffic_type: text,
  deliver_status: nullable(text),
  destination: nullable(text),
  region: text,
});
export const flowLogsWire = listOf('flow_logs', flowLogWire);

export const nodeKinds = [
  'internet',
  'vpc',
  'subnet',
  'route-table',
  'network-acl',
  'gateway',
  'security-group',
  'interface',
  'instance',
] as const;
export const edgeKinds = ['contains', 'routes', 'filters', 'guards', 'attached', 'allows'] as const;

/** A VPC as a graph: what it holds, and what leads where. */
export const topologyWire = Type.Object({
  vpc_id: text,
  region: text,
  nodes: Type.Array(
    Type.Object({
      id: Type.String({ description: "AWS's id; `internet` for everybody else." }),
      kind: oneOf(nodeKinds),
      label: Type.String({ description: 'What people call it.' }),
      parent: nullable(Type.String({ description: 'The id of the node that it is in.' })),
      public: nullable(
        Type.Boolean({ description: 'Whether the internet reaches it. Null: not known, or no question.' }),
      ),
      facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        description: 'A few of its own, by the names that its list uses.',
      }),
    }),
  ),
  edges: Type.Array(
    Type.Object({
      from: text,
      to: text,
      kind: oneOf(edgeKinds),
      label: Type.String({ description: '`0.0.0.0/0`, `tcp 22-22`; empty where there is nothing to say.' }),
    }),
  ),
  reachable_from_internet: Type.Array(
    Type.Object({
      interface_id: text,
      instance_id: nullable(text),
      subnet_id: text,
      description: text,
      addresses: Type.Array(text),
      security_group_ids: Type.Array(text),
      state: oneOf(['reachable', 'unknown'], {
        description: '`unknown`: something that decides it could not be read.',
      }),
      ports: Type.Array(text, { description: '`tcp 22-22`.' }),
      why: Type.Unknown({ description: 'What lets the packets through, step by step.' }),
    }),
    { description: 'The certain first, at most a thousand.' },
  ),
  truncated: Type.Boolean({ description: 'Whether there is more than a picture can hold.' }),
  ...unreadable,
});

export type VpcWire = Static<typeof vpcWire>;
export type VpcsWire = Static<typeof vpcsWire>;
export type InboundRuleWire = Static<typeof inboundRuleWire>;
export type OutboundRuleWire = Static<typeof outboundRuleWire>;
export type ExposureWire = Static<typeof exposureWire>;
export type SecurityGroupWire = Static<typeof securityGroupWire>;
export type SecurityGroupsWire = Static<typeof securityGroupsWire>;
export type SubnetWire = Static<typeof subnetWire>;
export type SubnetsWire = Static<typeof subnetsWire>;
export type RouteTableWire = Static<typeof routeTableWire>;
export type RouteTablesWire = Static<typeof routeTablesWire>;
export type NetworkAclWire = Static<typeof networkAclWire>;
export type NetworkAclsWire = Static<typeof networkAclsWire>;
export type FlowLogWire = Static<typeof flowLogWire>;
export type FlowLogsWire = Static<typeof flowLogsWire>;
export type TopologyWire = Static<typeof topologyWire>;
