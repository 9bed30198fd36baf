import type {
  FlowLog,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../inventory/network.ts';
import type { Listing, ReadFailure } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { ec2List, filter, ofIds } from './ec2-list.ts';
import { list, text, textOrNull } from './fields.ts';
import {
  flowLogOf,
  networkAclOf,
  networkInterfaceOf,
  routeTableOf,
  subnetOf,
  vpcOf,
} from './network-shapes.ts';
import { securityGroupOf } from './security-groups.ts';

const PAGE = 1_000;
/** What some of the calls give at most. */
const SMALL_PAGE = 100;

export function vpcs(
  caller: Caller,
  region: string,
  ids: readonly string[] | undefined,
): Promise<Listing<Vpc>> {
  const action = 'ec2:DescribeVpcs';
  const ask = (some?: readonly string[]) =>
    ec2List(caller, region, {
      action,
      ask: ({ sdk, client }, NextToken, options) => {
        const Filters = some && filter('vpc-id', some);
        return client.send(new sdk.DescribeVpcsCommand({ MaxResults: PAGE, NextToken, Filters }), options);
      },
      items: ({ Vpcs }) => list(Vpcs).flatMap(vpcOf),
    });
  if (ids === undefined) return ask();
  return ofIds(ids, { action, region, code: 'InvalidVpcID.NotFound' }, ask);
}

/** Of one VPC, or of all. */
const ofVpc = (vpcId: string | undefined) =>
  vpcId === undefined ? {} : { Filters: filter('vpc-id', [vpcId]) };

export const subnets = (
  caller: Caller,
  region: string,
  vpcId: string | undefined,
): Promise<Listing<Subnet>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeSubnets',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(new sdk.DescribeSubnetsCommand({ MaxResults: PAGE, NextToken, ...ofVpc(vpcId) }), options),
    items: ({ Subnets }) => list(Subnets).flatMap(subnetOf),
  });

export const securityGroups = (
  caller: Caller,
  region: string,
  vpcId: string | undefined,
): Promise<Listing<SecurityGroup>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeSecurityGroups',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeSecurityGroupsCommand({ MaxResults: PAGE, NextToken, ...ofVpc(vpcId) }),
        options,
      ),
    items: ({ SecurityGroups }) => list(SecurityGroups).flatMap(securityGroupOf),
  });

export const networkAcls = (
  caller: Caller,
  region: string,
  vpcId: string | undefined,
): Promise<Listing<NetworkAcl>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeNetworkAcls',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeNetworkAclsCommand({ MaxResults: PAGE, NextToken, ...ofVpc(vpcId) }),
        options,
      ),
    items: ({ NetworkAcls }) => list(NetworkAcls).flatMap(networkAclOf),
  });

export const routeTables = (
  caller: Caller,
  region: string,
  vpcId: string | undefined,
): Promise<Listing<RouteTable>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeRouteTables',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeRouteTablesCommand({ MaxResults: SMALL_PAGE, NextToken, ...ofVpc(vpcId) }),
        options,
      ),
    items: ({ RouteTables }) => list(RouteTables).flatMap(routeTableOf),
  });

export const flowLogs = (caller: Caller, region: string): Promise<Listing<FlowLog>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeFlowLogs',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(new sdk.DescribeFlowLogsCommand({ MaxResults: PAGE, NextToken }), options),
    items: ({ FlowLogs }) => list(FlowLogs).flatMap(flowLogOf),
  });

export const networkInterfaces = (
  caller: Caller,
  region: string,
  vpcId: string | undefined,
): Promise<Listing<NetworkInterface>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeNetworkInterfaces',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeNetworkInterfacesCommand({ MaxResults: PAGE, NextToken, ...ofVpc(vpcId) }),
        options,
      ),
    items: ({ NetworkInterfaces }) => list(NetworkInterfaces).flatMap(networkInterfaceOf),
  });

/** Their names in one list, the entries of each for itself: one that cannot be read does not hide the others. */
export async function prefixLists(
  caller: Caller,
  region: string,
  ids: readonly string[],
): Promise<Listing<PrefixList>> {
  if (ids.length === 0) return { items: [], failures: [] };
  const action = 'ec2:DescribeManagedPrefixLists';
  const asked = { action, region, code: 'InvalidPrefixListID.NotFound' } as const;
  const { items, failures } = await ofIds(ids, asked, (some) => prefixListNames(caller, region, some));
  const read = async ({ id, name }: { readonly id: string; readonly name: string }): Promise<PrefixList> => ({
    id,
    name,
    cidrs: await prefixListEntries(caller, region, id),
  });
  const known = new Set(items.map(({ id }) => id));
  // The entries of one whose name cannot be had are worth reading all the same, unless it is not there.
  const isGone = (failure: ReadFailure) => failure.kind === 'missing';
  const nameless = failures.every(isGone) ? [] : [...new Set(ids)].filter((id) => !known.has(id));
  const lists = [...items, ...nameless.map((id) => ({ id, name: '' }))];
  return { items: await Promise.all(lists.map(read)), failures };
}

const prefixListNames = (caller: Caller, region: string, ids: readonly string[]) =>
  ec2List(caller, region, {
    action: 'ec2:DescribeManagedPrefixLists',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeManagedPrefixListsCommand({
          MaxResults: SMALL_PAGE,
          NextToken,
          Filters: filter('prefix-list-id', ids),
        }),
        options,
      ),
    items: ({ PrefixLists }) =>
      list(PrefixLists).flatMap(({ PrefixListId, PrefixListName }) => {
        const id = textOrNull(PrefixListId);
        return id === null ? [] : [{ id, name: text(PrefixListName) }];
      }),
  });

const prefixListEntries = (caller: Caller, region: string, PrefixListId: string): Promise<Listing<string>> =>
  ec2List(caller, region, {
    action: 'ec2:GetManagedPrefixListEntries',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: SMALL_PAGE, NextToken }),
        options,
      ),
    items: ({ Entries }) => list(Entries).flatMap(({ Cidr }) => textOrNull(Cidr) ?? []),
  });
