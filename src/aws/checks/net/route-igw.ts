import { gatewayRoutes } from '../../analysis/subnet-routes.ts';
import type { RouteTable } from '../../inventory/network.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { listed } from './security-group-check.ts';
import { routeTableResource } from './vpc-resource.ts';

export const routeIgw = defineRegionCheck<RouteTable>({
  id: 'net.route-igw',
  service: 'net',
  title: 'No subnet is public by omission: the main route table of a VPC has no route to an internet gateway',
  severity: 'informational',
  why: 'A subnet that names no route table gets the main one. If that leads to the internet, every new subnet is public unless somebody thinks of it.',
  fix: {
    console:
      'VPC > Route tables: make a table for the public subnets with the route to the internet gateway, associate them explicitly, and delete the route from the main one.',
    cli: 'aws ec2 delete-route --region <REGION> --route-table-id <ROUTE_TABLE_ID> --destination-cidr-block 0.0.0.0/0',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
  ],
  controls: [],
  reads: ['routeTables'],
  subjects: ({ network }) => network.routeTables,
  resource: routeTableResource,
  judge(table) {
    const routes = gatewayRoutes(table);
    if (routes.length === 0) return notApplicable(`${table.id} sends nothing to an internet gateway.`);
    const said = listed(routes.map(({ destination, target }) => `${destination} to ${target}`));
    if (!table.isMain)
      return pass(`${table.id} sends ${said} for ${table.subnetIds.length} subnets that name it.`);
    return fail(
      `The main table ${table.id} of ${table.vpcId} sends ${said} for every subnet that names no other.`,
      {
        evidence: { vpcId: table.vpcId, routes: routes.slice(0, 10) },
      },
    );
  },
});
