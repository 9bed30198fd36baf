import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { Network } from '../account.ts';
import {
  allowAll,
  aNetworkInterface,
  aPrefixList,
  aWholeVpc,
  everything,
  from,
  fromGroup,
  fromPrefixList,
  joined,
  type WholeVpc,
} from '../builders.ts';
import { DEMO_ACCOUNT_ID, europe, home, unused } from './places.ts';

const OFFICE = '203.0.113.0/26';

export const production = aWholeVpc(
  'production',
  {
    number: 10,
    zones: ['a', 'b', 'c'],
    groups: ['web', 'api', 'database', 'bastion', 'search', 'legacy-admin', 'partners', 'build-agents'],
  },
  home,
);
const staging = aWholeVpc(
  'staging',
  {
    number: 20,
    mapsPublicIp: true,
    isLogged: false,
    groups: ['jump', 'try-out'],
    acl: { Entries: [allowAll] },
  },
  home,
);
export const analytics = aWholeVpc('analytics', { number: 30, groups: ['notebooks', 'warehouse'] }, europe);
const untouched = aWholeVpc('default', { number: 31, mapsPublicIp: true, isLogged: false }, unused);

const partners = aPrefixList('partners', ['198.51.100.0/24', '192.0.2.0/25'], home);
const contractors = aPrefixList('contractors', ['0.0.0.0/0'], home);

const idIn = (vpc: WholeVpc, group: string): string | undefined => vpc.group(group).GroupId;

/** What each group lets in; those that are not here let nothing in. */
const productionRules: Readonly<Record<string, IpPermission[]>> = {
  web: [from('0.0.0.0/0', 80), from('0.0.0.0/0', 443), from('::/0', 443)],
  api: [fromGroup(idIn(production, 'web'), DEMO_ACCOUNT_ID, 8_080)],
  database: [fromGroup(idIn(production, 'api'), DEMO_ACCOUNT_ID, 5_432), from('10.20.0.0/16', 5_432)],
  bastion: [from(OFFICE, 22, 22, 'tcp', 'Office')],
  search: [from('0.0.0.0/0', 9_200, 9_300, 'tcp', 'TODO: only the office')],
  'legacy-admin': [from('0.0.0.0/0', 3_389), from('::/0', 3_389)],
  partners: [
    fromPrefixList(partners.PrefixListId ?? '', 443),
    fromPrefixList(contractors.PrefixListId ?? '', 8_443),
  ],
  'build-agents': [everything('0.0.0.0/0')],
};
const stagingRules: Readonly<Record<string, IpPermission[]>> = {
  // As AWS makes a default group: whatever is in it may reach whatever else is.
  default: [{ ...everything('10.20.0.0/16'), UserIdGroupPairs: [{ GroupId: idIn(staging, 'default') }] }],
  jump: [from('0.0.0.0/0', 22)],
  'try-out': [from('0.0.0.0/1', 8_000, 8_100), from('128.0.0.0/1', 8_000, 8_100)],
};

const ruled = (vpc: WholeVpc, rules: Readonly<Record<string, IpPermission[]>>): Partial<Network> => ({
  ...vpc,
  securityGroups: (vpc.securityGroups ?? []).map((group): SecurityGroup => ({
    ...group,
    IpPermissions: rules[group.GroupName ?? ''] ?? [],
  })),
});

/** Where a thing stands, which groups it has, and its public address. */
function interfaceIn(
  vpc: WholeVpc,
  name: string,
  groups: readonly string[],
  publicIp?: string,
): Partial<Network> {
  const [subnet = {}] = publicIp === undefined ? vpc.privateSubnets : vpc.publicSubnets;
  const place = vpc === analytics ? europe : home;
  return { networkInterfaces: [aNetworkInterface(name, subnet, groups.map(vpc.group), publicIp, place)] };
}

export const homeNetwork = joined([
  ruled(production, productionRules),
  ruled(staging, stagingRules),
  interfaceIn(production, 'web-1', ['web'], '198.18.10.11'),
  interfaceIn(production, 'web-2', ['web'], '198.18.10.12'),
  interfaceIn(production, 'search-1', ['search'], '198.18.10.21'),
  interfaceIn(production, 'admin-desktop', ['legacy-admin'], '198.18.10.31'),
  interfaceIn(production, 'bastion', ['bastion'], '198.18.10.41'),
  interfaceIn(production, 'api-1', ['api']),
  interfaceIn(production, 'database-1', ['database']),
  interfaceIn(production, 'partner-gateway', ['partners'], '198.18.10.51'),
  interfaceIn(staging, 'staging-1', ['try-out', 'default']),
  { prefixLists: [partners, contractors] },
]);

export const europeNetwork = joined([
  ruled(analytics, {
    notebooks: [from(OFFICE, 443)],
    warehouse: [fromGroup(idIn(analytics, 'notebooks'), DEMO_ACCOUNT_ID, 5_439)],
  }),
  interfaceIn(analytics, 'notebook-1', ['notebooks']),
]);

export const unusedNetwork = joined([
  {
    ...untouched,
    vpcs: (untouched.vpcs ?? []).map((vpc) => ({ ...vpc, IsDefault: true })),
    subnets: (untouched.subnets ?? []).map((subnet) => ({ ...subnet, DefaultForAz: true })),
  },
]);
