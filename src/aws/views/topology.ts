import { reachability } from '../analysis/reachability.ts';
import type { NetworkInventory, Vpc } from '../inventory/network.ts';
import { drawTopology } from './topology-graph.ts';
import { reachableRows } from './topology-reach.ts';
import { unreadableOf } from './unreadable.ts';

/**
 * A VPC as a graph: its subnets with what stands in them, what guards and filters them, where their packets go, and what
 * of it the internet reaches, on which ports and why. What could not be read is in `unreadable`: it may hold more.
 */
export function topologyDocument(region: string, vpc: Vpc, network: NetworkInventory) {
  const exposures = reachability(network);
  const { nodes, edges, isTruncated } = drawTopology(vpc, network, exposures);
  return {
    vpc_id: vpc.id,
    region,
    nodes,
    edges,
    truncated: isTruncated,
    reachable_from_internet: reachableRows(network, exposures),
    unreadable: [
      ...unreadableOf('nodes.subnet', network.subnets.failures),
      ...unreadableOf('nodes.security-group', network.securityGroups.failures),
      ...unreadableOf('nodes.network-acl', network.networkAcls.failures),
      ...unreadableOf('nodes.route-table', network.routeTables.failures),
      ...unreadableOf('nodes.interface', network.networkInterfaces.failures),
      ...unreadableOf('nodes.public', [
        ...network.prefixLists.failures,
        ...network.prefixLists.items.flatMap(({ cidrs }) => cidrs.failures),
      ]),
    ],
  };
}
