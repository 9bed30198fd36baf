import { subnetRouting } from '../../analysis/subnet-routes.ts';
import type { PrefixList, RouteTable, Vpc } from '../../inventory/network.ts';
import { whole, type Listing } from '../../inventory/reading.ts';
import { documentOf, found, wholeOf, type Found } from '../answer.ts';
import { listDocument } from '../list.ts';
import { nameOf, regionOf, unknownName } from '../names.ts';
import { flowLogList, networkAclList, routeTableList } from '../network-lists.ts';
import { networkPart } from '../network-part.ts';
import { prefixListIdsOf, securityGroupList, securityGroupRows } from '../security-groups.ts';
import { isSubnetPublic, subnetList } from '../subnets.ts';
import { topologyDocument } from '../topology.ts';
import { unreadableOf } from '../unreadable.ts';
import { vpcList, vpcRows, type VpcRow } from '../vpcs.ts';
import type { Ask, Desk } from './asking.ts';
import { regionalList, type RegionRows } from './regions.ts';

export const askVpcs: Ask<'vpcs'> = (desk, { region, list }) =>
  regionalList(desk, region, { shape: vpcList, readRows: readVpcRows }, list);

async function readVpcRows({ reads }: Desk, region: string): Promise<RegionRows<VpcRow>> {
  const [vpcs, subnets, securityGroups, flowLogs] = await Promise.all([
    reads.vpcs(region),
    reads.subnets(region),
    reads.securityGroups(region),
    reads.flowLogs(region),
  ]);
  const items = vpcRows(region, vpcs.items, { subnets, securityGroups, flowLogs });
  return {
    rows: { items, failures: vpcs.failures },
    unreadable: [
      ...unreadableOf('vpcs.subnet_count', subnets.failures),
      ...unreadableOf('vpcs.security_group_count', securityGroups.failures),
      ...unreadableOf('vpcs.flow_logs_active', flowLogs.failures),
    ],
  };
}

export const askSecurityGroups: Ask<'securityGroups'> = async (desk, { region, vpc, list }) => {
  const name = vpcNameIn(region, vpc);
  if (name.kind !== 'found') return name;
  const [groups, interfaces] = await Promise.all([
    ofVpc(desk, region, vpc, desk.reads.securityGroups(region, vpc)),
    desk.reads.networkInterfaces(region, vpc),
  ]);
  if (groups.kind !== 'found') return groups;
  const prefixLists = await prefixListsOf(desk, region, prefixListIdsOf(groups.value));
  const rows = securityGroupRows(region, groups.value, { prefixLists, interfaces });
  return listDocument(rows, securityGroupList, list, [
    ...unreadableOf('security_groups.interfaces_count', interfaces.failures),
    ...unreadableOf('security_groups.open_to_world', failuresIn(prefixLists)),
  ]);
};

export const askSubnets: Ask<'subnets'> = async (desk, { region, vpc, list }) => {
  const name = vpcNameIn(region, vpc);
  if (name.kind !== 'found') return name;
  const [subnets, routeTables] = await Promise.all([
    ofVpc(desk, region, vpc, desk.reads.subnets(region, vpc)),
    desk.reads.routeTables(region, vpc),
  ]);
  if (subnets.kind !== 'found') return subnets;
  const prefixLists = await prefixListsOf(desk, region, routedPrefixLists(routeTables));
  const routing = subnetRouting(networkPart({ routeTables, prefixLists }));
  const failures = [...routeTables.failures, ...failuresIn(prefixLists)];
  const rows = subnets.value.map((subnet) => ({ region, subnet, routing, failures }));
  const isKnown = rows.every(({ subnet }) => isSubnetPublic(subnet, routing) !== null);
  return listDocument(rows, subnetList, list, isKnown ? [] : unreadableOf('subnets.public', failures));
};

export const askRouteTables: Ask<'routeTables'> = async (desk, { region, vpc, list }) => {
  const name = vpcNameIn(region, vpc);
  if (name.kind !== 'found') return name;
  const tables = await ofVpc(desk, region, vpc, desk.reads.routeTables(region, vpc));
  if (tables.kind !== 'found') return tables;
  return listDocument(
    tables.value.map((value) => ({ region, value })),
    routeTableList,
    list,
  );
};

export const askNetworkAcls: Ask<'networkAcls'> = async (desk, { region, vpc, list }) => {
  const name = vpcNameIn(region, vpc);
  if (name.kind !== 'found') return name;
  const acls = await ofVpc(desk, region, vpc, desk.reads.networkAcls(region, vpc));
  if (acls.kind !== 'found') return acls;
  return listDocument(
    acls.value.map((value) => ({ region, value })),
    networkAclList,
    list,
  );
};

/** Of the VPC, its subnets and its interfaces: what of these is not known may have others. */
export const askFlowLogs: Ask<'flowLogs'> = async (desk, { region, vpc, list }) => {
  const name = vpcNameIn(region, vpc);
  if (name.kind !== 'found') return name;
  const { reads } = desk;
  const [existing, logs, subnets, interfaces] = await Promise.all([
    vpcOf(desk, region, vpc),
    reads.flowLogs(region),
    reads.subnets(region, vpc),
    reads.networkInterfaces(region, vpc),
  ]);
  if (existing.kind !== 'found') return existing;
  const all = wholeOf(logs);
  if (all.kind !== 'found') return all;
  const own = new Set([vpc, ...[...subnets.items, ...interfaces.items].map(({ id }) => id)]);
  return listDocument(
    all.value.filter(({ resourceId }) => own.has(resourceId)).map((value) => ({ region, value })),
    flowLogList,
    list,
    unreadableOf('flow_logs', [...subnets.failures, ...interfaces.failures]),
  );
};

export const askTopology: Ask<'topology'> = async (desk, { region, vpc: asked }) => {
  const name = vpcNameIn(region, asked);
  if (name.kind !== 'found') return name;
  const { reads } = desk;
  const [vpc, subnets, securityGroups, networkAcls, routeTables, networkInterfaces] = await Promise.all([
    vpcOf(desk, region, asked),
    reads.subnets(region, asked),
    reads.securityGroups(region, asked),
    reads.networkAcls(region, asked),
    reads.routeTables(region, asked),
    reads.networkInterfaces(region, asked),
  ]);
  if (vpc.kind !== 'found') return vpc;
  const ids = new Set([...prefixListIdsOf(securityGroups.items), ...routedPrefixLists(routeTables)]);
  const prefixLists = await prefixListsOf(desk, region, [...ids].toSorted());
  const parts = { subnets, securityGroups, networkAcls, routeTables, networkInterfaces, prefixLists };
  return documentOf(topologyDocument(region, vpc.value, networkPart({ vpcs: whole([vpc.value]), ...parts })));
};

const vpcNameIn = (region: string, vpc: string): Found<string> => {
  const place = regionOf(region);
  return place.kind === 'found' ? nameOf('VPC', vpc) : place;
};

async function vpcOf({ reads }: Desk, region: string, id: string): Promise<Found<Vpc>> {
  const vpcs = wholeOf(await reads.vpcs(region, [id]), unknownName('VPC', id).detail);
  if (vpcs.kind !== 'found') return vpcs;
  const vpc = vpcs.value.find((one) => one.id === id);
  return vpc === undefined ? unknownName('VPC', id) : found(vpc);
}

/**
 * What is listed by a VPC is empty for one that does not exist: it is looked for as well. Who may not look at VPCs gets
 * what there is all the same, for what has something exists.
 */
async function ofVpc<T>(
  desk: Desk,
  region: string,
  id: string,
  reading: Promise<Listing<T>>,
): Promise<Found<readonly T[]>> {
  const [vpc, listing] = await Promise.all([vpcOf(desk, region, id), reading]);
  if (vpc.kind === 'refused') return vpc;
  const things = wholeOf(listing, unknownName('VPC', id).detail);
  return things.kind === 'found' && things.value.length === 0 && vpc.kind === 'failed' ? vpc : things;
}

/** Nothing is asked where nothing is named. */
export const prefixListsOf = (
  { reads }: Desk,
  region: string,
  ids: readonly string[],
): Promise<Listing<PrefixList>> =>
  ids.length === 0 ? Promise.resolve(whole([])) : reads.prefixLists(region, ids);

const routedPrefixLists = ({ items }: Listing<RouteTable>): readonly string[] =>
  [...new Set(items.flatMap(({ routes }) => routes.map(({ destination }) => destination)))]
    .filter((destination) => destination.startsWith('pl-'))
    .toSorted();

const failuresIn = ({ items, failures }: Listing<PrefixList>) => [
  ...failures,
  ...items.flatMap(({ cidrs }) => cidrs.failures),
];
