import type { NetworkInventory, Route, RouteTable } from '../inventory/network.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import { cidrsOfPrefixList } from './anywhere.ts';
import { decide, isAnywhere, rangeOf, rangesOf, type AddressRange, type Family } from './cidr.ts';

/** A condition of being reached, and how it stands. */
export interface Step {
  readonly holds: 'yes' | 'no' | 'unknown';
  /** A sentence with the evidence. */
  readonly why: string;
  readonly failures: readonly ReadFailure[];
}

export interface SubnetRouting {
  /** The subnet's own table, or else its VPC's main one; undefined: not known. */
  tableOf(subnetId: string, vpcId: string): RouteTable | undefined;
  /** Whether the internet's packets come and go through an internet gateway. */
  toInternet(subnetId: string, vpcId: string, family: Family): Step;
}

/** Where subnets send their packets. Takes the tables once; each question is then a look-up. */
export function subnetRouting(network: NetworkInventory): SubnetRouting {
  const { items, failures } = network.routeTables;
  const own = new Map(items.flatMap((table) => table.subnetIds.map((id) => [id, table] as const)));
  const main = new Map(items.filter(({ isMain }) => isMain).map((table) => [table.vpcId, table] as const));
  // A subnet without a table of its own may have one among those that were not read.
  const tableOf = (subnetId: string, vpcId: string): RouteTable | undefined =>
    own.get(subnetId) ?? (failures.length === 0 ? main.get(vpcId) : undefined);
  const known = new Map<string, Step>();
  const ask = (table: RouteTable, family: Family): Step => {
    const key = `${table.id} ${family}`;
    const step = known.get(key) ?? toInternet(table, family, network);
    known.set(key, step);
    return step;
  };
  return {
    tableOf,
    toInternet(subnetId, vpcId, family) {
      const table = tableOf(subnetId, vpcId);
      return table ? ask(table, family) : unknownTable(failures);
    },
  };
}

const unknownTable = (failures: readonly ReadFailure[]): Step => ({
  holds: 'unknown',
  why: 'The route table of its subnet could not be read.',
  failures,
});

/** A route with one range of its destination. */
interface RangedRoute {
  readonly route: Route;
  readonly range: AddressRange;
}

/** Whether a table sends anywhere to an internet gateway, where the most specific route decides. */
function toInternet(table: RouteTable, family: Family, network: NetworkInventory): Step {
  const nothing = no(`Its route table ${nameOf(table)} has no ${noRoute[family]}.`);
  // A private table may have a thousand routes, none of which matters here.
  if (!table.routes.some(({ target }) => isGateway(target) || isAppliance(target))) return nothing;
  const { ranged, unread } = rangedRoutes(table, network);
  const shares = sharesByRoute(family, ranged);
  const gateways = [...shares].filter(([route]) => isOpenGateway(route));
  if (isEnough(family, ranged, gateways)) {
    return yes(`Its route table ${nameOf(table)} sends ${routesText(gateways.map(([route]) => route))}.`);
  }
  if (unread.length > 0) {
    const why = `Its route table ${nameOf(table)} sends to an internet gateway what a prefix list names, which could not be read.`;
    return { holds: 'unknown', why, failures: unread };
  }
  return throughAnother(table, shares) ?? nothing;
}

const noRoute: Readonly<Record<Family, string>> = {
  ipv4: 'active route for 0.0.0.0/0 to an internet gateway',
  ipv6: 'active route for ::/0 to an internet gateway',
};

function rangedRoutes(
  { routes }: RouteTable,
  network: NetworkInventory,
): { readonly ranged: readonly RangedRoute[]; readonly unread: readonly ReadFailure[] } {
  const found = routes.map((route) => ({ route, ...destinationOf(route, network) }));
  return {
    ranged: found.flatMap(({ route, ranges }) => ranges.map((range) => ({ route, range }))),
    unread: found.flatMap(({ route, failures }) => (isOpenGateway(route) ? failures : [])),
  };
}

/** A route for anywhere that more specific ones leave something of, or routes that are half of the internet. */
function isEnough(
  family: Family,
  ranged: readonly RangedRoute[],
  deciding: readonly (readonly [Route, number])[],
): boolean {
  const routes = new Set(deciding.map(([route]) => route));
  return (
    ranged.some(({ route, range }) => routes.has(route) && isAnywhere(family, [range])) ||
    deciding.reduce((sum, [, share]) => sum + share, 0) >= 0.5
  );
}

/** An appliance or a firewall's endpoint may pass on what an internet gateway hands to it: the tables do not say. */
function throughAnother(table: RouteTable, shares: ReadonlyMap<Route, number>): Step | undefined {
  const through = [...shares].find(
    ([{ target, state }, share]) => share >= 0.5 && state === 'active' && isAppliance(target),
  );
  if (!through) return undefined;
  const why = `Its route table ${nameOf(table)} sends ${routesText([through[0]])}, which may stand before an internet gateway.`;
  return { holds: 'unknown', why, failures: [] };
}

/** How much of the internet each route decides for; a pair of halves to one gateway is two routes. */
function sharesByRoute(family: Family, ranged: readonly RangedRoute[]): ReadonlyMap<Route, number> {
  const shares = new Map<Route, number>();
  for (const { by, share } of decide(family, ranged.toSorted(mostSpecificFirst))) {
    if (by) shares.set(by.route, (shares.get(by.route) ?? 0) + share);
  }
  return shares;
}

function mostSpecificFirst(a: RangedRoute, b: RangedRoute): number {
  const difference = a.range.last - a.range.first - (b.range.last - b.range.first);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function destinationOf(
  { destination }: Route,
  network: NetworkInventory,
): { readonly ranges: readonly AddressRange[]; readonly failures: readonly ReadFailure[] } {
  const range = rangeOf(destination);
  if (range) return { ranges: [range], failures: [] };
  const { items, failures } = cidrsOfPrefixList(destination, network.prefixLists);
  return { ranges: rangesOf(items), failures };
}

const isGateway = (target: string): boolean => target.startsWith('igw-');
const isAppliance = (target: string): boolean => /^(?:vpce|eni|i)-/.test(target);
const isOpenGateway = ({ target, state }: Route): boolean => isGateway(target) && state === 'active';

/** Routes of a table that send anywhere to an internet gateway, each for itself, whatever is more specific. */
export function gatewayRoutes(table: RouteTable): readonly Route[] {
  return table.routes.filter((route) => {
    const range = rangeOf(route.destination);
    return isOpenGateway(route) && range !== undefined && isAnywhere(range.family, [range]);
  });
}

const nameOf = ({ id, isMain }: RouteTable): string => (isMain ? `${id} (the VPC's main)` : id);

const routesText = (routes: readonly Route[]): string =>
  routes
    .slice(0, 3)
    .map(({ destination, target }) => `${destination} to ${target}`)
    .join(', ');

export const yes = (why: string): Step => ({ holds: 'yes', why, failures: [] });
export const no = (why: string): Step => ({ holds: 'no', why, failures: [] });
