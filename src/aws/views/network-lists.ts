import type { FlowLog, NetworkAcl, RouteTable } from '../inventory/network.ts';
import type { InRegion } from './clusters.ts';
import type { ListShape } from './list.ts';
import { portRangeText } from './port-range.ts';

export const routeTableWire = ({ region, value: table }: InRegion<RouteTable>) => ({
  route_table_id: table.id,
  vpc_id: table.vpcId,
  main: table.isMain,
  subnet_ids: table.subnetIds,
  routes: table.routes,
  region,
  name: table.tags['Name'] ?? null,
  tags: table.tags,
});

export const routeTableList: ListShape<InRegion<RouteTable>> = {
  member: 'route_tables',
  name: ({ value }) => value.id,
  id: ({ region }) => region,
  words: ({ value }) => [value.tags['Name'] ?? ''],
  wire: routeTableWire,
};

export const networkAclWire = ({ region, value: acl }: InRegion<NetworkAcl>) => ({
  network_acl_id: acl.id,
  vpc_id: acl.vpcId,
  is_default: acl.isDefault,
  subnet_ids: acl.subnetIds,
  entries: acl.entries.map((entry) => ({
    rule_number: entry.ruleNumber,
    egress: entry.isEgress,
    action: entry.isAllow ? 'allow' : 'deny',
    protocol: entry.protocol,
    cidr: entry.cidr,
    port_range: portRangeText(entry),
  })),
  region,
  name: acl.tags['Name'] ?? null,
  tags: acl.tags,
});

export const networkAclList: ListShape<InRegion<NetworkAcl>> = {
  member: 'network_acls',
  name: ({ value }) => value.id,
  id: ({ region }) => region,
  words: ({ value }) => [value.tags['Name'] ?? ''],
  wire: networkAclWire,
};

export const flowLogWire = ({ region, value: log }: InRegion<FlowLog>) => ({
  flow_log_id: log.id,
  resource_id: log.resourceId,
  status: log.status,
  traffic_type: log.trafficType,
  deliver_status: log.deliverStatus,
  destination: log.destination,
  region,
});

export const flowLogList: ListShape<InRegion<FlowLog>> = {
  member: 'flow_logs',
  name: ({ value }) => value.id,
  id: ({ region }) => region,
  words: ({ value }) => [value.resourceId],
  wire: flowLogWire,
};
