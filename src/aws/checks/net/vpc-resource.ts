import type { RegionInventory } from '../../inventory/account.ts';
import type { NetworkAcl, RouteTable, Subnet, Vpc } from '../../inventory/network.ts';
import type { CheckContext, Resource } from '../check.ts';
import { ec2Resource, taggedName, type Ec2Type } from '../ec2-resource.ts';

const tagged =
  (type: Ec2Type) =>
  (one: Pick<Vpc, 'id' | 'tags'>, { region }: RegionInventory, context: CheckContext): Resource =>
    ec2Resource(type, { id: one.id, name: taggedName(one.tags) }, region, context);

type Describe<T> = (one: T, region: RegionInventory, context: CheckContext) => Resource;

export const vpcResource: Describe<Vpc> = tagged('vpc');
export const subnetResource: Describe<Subnet> = tagged('subnet');
export const aclResource: Describe<NetworkAcl> = tagged('network-acl');
export const routeTableResource: Describe<RouteTable> = tagged('route-table');
