import type { NetworkInventory } from '../inventory/network.ts';
import { whole } from '../inventory/reading.ts';

/** A network of which only some is needed, for what is worked out of a whole one: the rest is as if there were none. */
export const networkPart = (part: Partial<NetworkInventory>): NetworkInventory => ({
  vpcs: whole([]),
  subnets: whole([]),
  securityGroups: whole([]),
  prefixLists: whole([]),
  networkAcls: whole([]),
  routeTables: whole([]),
  flowLogs: whole([]),
  networkInterfaces: whole([]),
  ...part,
});
