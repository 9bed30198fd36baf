import type { Exposure, OpenPort } from '../analysis/reachability.ts';
import type { NetworkInterface, NetworkInventory } from '../inventory/network.ts';

/** Interfaces that are listed as reachable. */
const ROWS_MAX = 1_000;

/** `tcp 22-22`. */
export const portText = ({ protocol, from, to }: OpenPort): string => `${protocol} ${from}-${to}`;

/** What the internet reaches, or may: the certain first. */
export function reachableRows(network: NetworkInventory, exposures: ReadonlyMap<string, Exposure>) {
  const rows = network.networkInterfaces.items.flatMap((one) => {
    const exposure = exposures.get(one.id);
    return exposure === undefined || exposure.internet === 'unreachable' ? [] : [rowOf(one, exposure)];
  });
  return rows
    .sort((a, b) => order(a.state, b.state) || order(a.interface_id, b.interface_id))
    .slice(0, ROWS_MAX);
}

const rowOf = (one: NetworkInterface, { internet, ports, why }: Exposure) => ({
  interface_id: one.id,
  instance_id: one.instanceId,
  subnet_id: one.subnetId,
  description: one.description,
  addresses: [...one.publicAddresses, ...one.ipv6Addresses],
  security_group_ids: one.securityGroupIds,
  /** `reachable` or `unknown`: something that decides it could not be read. */
  state: internet,
  ports: ports.map(portText),
  why,
});

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
