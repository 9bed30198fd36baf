import type { NetworkInterface, NetworkInventory } from '../inventory/network.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import { holds, internet, rangeOf, type Family } from './cidr.ts';
import { mergeOpen, portFilters, type OpenPort, type PortStep } from './port-filters.ts';
import { no, subnetRouting, yes, type Step, type SubnetRouting } from './subnet-routes.ts';

export type { OpenPort } from './port-filters.ts';

/** Whether the internet reaches a network interface. */
export interface Exposure {
  readonly interfaceId: string;
  /** `unknown`: something that decides it could not be read. */
  readonly internet: 'reachable' | 'unreachable' | 'unknown';
  /** TCP and UDP ports that get in from anywhere; none unless it is reachable. */
  readonly ports: readonly OpenPort[];
  /** Short sentences with the evidence. */
  readonly why: readonly string[];
  readonly failures: readonly ReadFailure[];
}

const known = new WeakMap<NetworkInventory, ReadonlyMap<string, Exposure>>();

/**
 * For every network interface, by its id, whether the internet reaches it: a public address, a route through an internet
 * gateway, an ACL that lets in and out again, and security groups. What stands before it (a load balancer) is an
 * interface of its own, and the VPC's Block Public Access is not looked at. Worked out once for an inventory.
 */
export function reachability(network: NetworkInventory): ReadonlyMap<string, Exposure> {
  const before = known.get(network);
  if (before) return before;
  const way: Way = { routing: subnetRouting(network), filters: portFilters(network) };
  const exposures = new Map(
    network.networkInterfaces.items.map((one) => [one.id, exposureOf(one, way)] as const),
  );
  known.set(network, exposures);
  return exposures;
}

/** What lies between the internet and an interface. */
interface Way {
  readonly routing: SubnetRouting;
  readonly filters: (one: NetworkInterface, family: Family) => PortStep;
}

type FamilyExposure = Omit<Exposure, 'interfaceId'>;

function exposureOf(one: NetworkInterface, way: Way): Exposure {
  const addressed = (['ipv4', 'ipv6'] as const).flatMap((family) => familyExposure(one, family, way) ?? []);
  if (addressed.length === 0) return { interfaceId: one.id, ...addressless };
  const deciding =
    (['reachable', 'unknown', 'unreachable'] as const)
      .map((state) => addressed.filter((exposure) => exposure.internet === state))
      .find((exposures) => exposures.length > 0) ?? [];
  const [first = addressless, ...others] = deciding;
  if (others.length === 0) return { interfaceId: one.id, ...first };
  return {
    interfaceId: one.id,
    internet: first.internet,
    ports: mergeOpen(deciding.flatMap(({ ports }) => ports)),
    why: [...new Set(deciding.flatMap(({ why }) => why))],
    failures: [...new Set(deciding.flatMap(({ failures }) => failures))],
  };
}

const unreachable = (why: readonly string[]): FamilyExposure => ({
  internet: 'unreachable',
  ports: [],
  why,
  failures: [],
});
const addressless = unreachable(['It has no public address, neither IPv4 nor IPv6.']);

/** Undefined without an address of that family. */
function familyExposure(one: NetworkInterface, family: Family, way: Way): FamilyExposure | undefined {
  const address = addressStep(one, family);
  if (!address) return undefined;
  const filters = way.filters(one, family);
  const steps = [
    address,
    ...useSteps(one),
    way.routing.toInternet(one.subnetId, one.vpcId, family),
    filters,
  ] as const;
  const against = steps.filter((step) => step.holds === 'no');
  if (against.length > 0) return unreachable(against.map(({ why }) => why));
  const isKnown = steps.every((step) => step.holds === 'yes');
  return {
    internet: isKnown ? 'reachable' : 'unknown',
    ports: isKnown ? filters.open : [],
    why: steps.map(({ why }) => why),
    failures: steps.flatMap(({ failures }) => failures),
  };
}

function addressStep(one: NetworkInterface, family: Family): Step | undefined {
  const addresses = family === 'ipv4' ? one.publicAddresses : one.ipv6Addresses.filter(isOfInternet);
  const [first, ...others] = addresses;
  if (first === undefined) return undefined;
  return yes(`It has the public address ${first}${others.length > 0 ? ` and ${others.length} more` : ''}.`);
}

/** Private IPv6 addresses, which a VPC can have too, lie outside. */
function isOfInternet(address: string): boolean {
  const range = rangeOf(address);
  return range !== undefined && holds(internet.ipv6, range);
}

/** What it is used for, where that alone keeps the internet out. */
function useSteps({ type, status }: NetworkInterface): readonly Step[] {
  if (status === 'available') return [no('It is attached to nothing.')];
  return type === 'nat_gateway' || type === 'natGateway'
    ? [no('A NAT gateway lets in only answers to what went out through it.')]
    : [];
}
