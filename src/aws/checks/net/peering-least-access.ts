import { cidrsOfPrefixList } from '../../analysis/anywhere.ts';
import { holds, rangeOf, type AddressRange } from '../../analysis/cidr.ts';
import type { RegionInventory } from '../../inventory/account.ts';
import type { NetworkInventory, Route, RouteTable, Vpc } from '../../inventory/network.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown, type CheckContext } from '../check.ts';
import { cis } from '../controls.ts';
import { addressesIn } from './public-network.ts';
import { listed } from './security-group-check.ts';
import { routeTableResource } from './vpc-resource.ts';

export const peeringLeastAccess = defineRegionCheck<RouteTable>({
  id: 'net.peering-least-access',
  service: 'net',
  title: 'Routes to peered VPCs lead to the subnets that are needed, not to all of a VPC',
  severity: 'medium',
  why: 'A route for the whole peer lets whoever breaks into one VPC go on to everything in the other.',
  fix: {
    console:
      'VPC > Route tables > the table > Routes > Edit: replace the route by one for each subnet of the peer that is really talked to.',
    cli: 'aws ec2 create-route --region <REGION> --route-table-id <ROUTE_TABLE_ID> --destination-cidr-block <SUBNET_CIDR> --vpc-peering-connection-id <PEERING_ID>',
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html'],
  controls: cis('5.5', '5.6', '6.6'),
  reads: ['routeTables', 'vpcs', 'prefixLists'],
  subjects: ({ network }) => network.routeTables,
  resource: routeTableResource,
  judge(table, { network }, context) {
    const peering = table.routes.filter(({ target }) => target.startsWith('pcx-'));
    if (peering.length === 0) return notApplicable(`${table.id} has no route to a peered VPC.`);
    const wide = peering.flatMap((route) => wideRoute(route, table, network, context));
    if (wide.length > 0) {
      return fail(`${table.id} sends ${listed(wide)}.`, { evidence: { routes: wide.slice(0, 10) } });
    }
    const failures = [
      ...peering.flatMap((route) => destinationsOf(route, network).failures),
      ...network.vpcs.failures,
    ];
    if (failures.length > 0) return unknown(failures);
    return pass(`The routes of ${table.id} to peered VPCs are narrower than any VPC that is known here.`);
  },
});

/** What a route to a peer leads to that is more than a part of it, as texts. */
function wideRoute(
  route: Route,
  table: RouteTable,
  network: NetworkInventory,
  context: CheckContext,
): readonly string[] {
  const ranges = destinationsOf(route, network)
    .items.map(rangeOf)
    .filter((range) => range !== undefined);
  if (ranges.some(isWholeVpc)) return [`${route.destination} to ${route.target}, as much as a VPC can have`];
  const vpc = vpcsBeside(table, context.account.regions).find(({ cidrBlocks }) =>
    cidrBlocks.some((cidr) => coveredBy(cidr, ranges)),
  );
  return vpc ? [`${route.destination} to ${route.target}, a whole range of ${vpc.id}`] : [];
}

const destinationsOf = ({ destination }: Route, { prefixLists }: NetworkInventory): Listing<string> =>
  destination.startsWith('pl-')
    ? cidrsOfPrefixList(destination, prefixLists)
    : { items: [destination], failures: [] };

/** A VPC has at most a /16 of IPv4 in one range, and a /44 of IPv6. Nobody routes more than all of it by chance. */
const isWholeVpc = (range: AddressRange): boolean =>
  addressesIn(range) >= 1n << (range.family === 'ipv4' ? 16n : 84n);

/** Which VPC is at the other end is not read: any other that is known, in whatever region. */
const vpcsBeside = ({ vpcId }: RouteTable, regions: readonly RegionInventory[]): readonly Vpc[] =>
  regions.flatMap(({ network }) => network.vpcs.items).filter(({ id }) => id !== vpcId);

function coveredBy(cidr: string, ranges: readonly AddressRange[]): boolean {
  const block = rangeOf(cidr);
  return block !== undefined && ranges.some((range) => holds(range, block));
}
