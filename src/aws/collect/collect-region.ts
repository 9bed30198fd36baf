import type { RegionInventory } from '../inventory/account.ts';
import type { EbsInventory } from '../inventory/ebs.ts';
import type { NetworkInventory, PrefixList, SecurityGroup } from '../inventory/network.ts';
import type { Listing } from '../inventory/reading.ts';
import { collectEcs } from './collect-ecs.ts';
import { asked, type Ledger } from './ledger.ts';
import type { AccountReader } from './port.ts';

/** All of a region, everything at once: the reader bounds what is under way. */
export async function collectRegion(
  reader: AccountReader,
  region: string,
  ledger: Ledger,
): Promise<RegionInventory> {
  const [ebs, network, ecs] = await Promise.all([
    collectEbs(reader, region, ledger),
    collectNetwork(reader, region, ledger),
    collectEcs(reader, region, ledger),
  ]);
  return { region, ebs, network, ecs };
}

async function collectEbs(reader: AccountReader, region: string, ledger: Ledger): Promise<EbsInventory> {
  const [volumes, volumeStatuses, snapshots, publicSnapshotIds, encryptionByDefault, snapshotSharing] =
    await Promise.all([
      ledger.listing('volumes', region, () => reader.volumes(region)),
      ledger.listing('volumeStatuses', region, () => reader.volumeStatuses(region)),
      ledger.listing('snapshots', region, () => reader.snapshots(region)),
      ledger.listing('publicSnapshots', region, () => reader.publicSnapshotIds(region)),
      ledger.reading('ebsEncryptionByDefault', region, () => reader.ebsEncryptionByDefault(region)),
      ledger.reading('snapshotBlockPublicAccess', region, () => reader.snapshotSharing(region)),
    ]);
  return { volumes, volumeStatuses, snapshots, publicSnapshotIds, encryptionByDefault, snapshotSharing };
}

async function collectNetwork(
  reader: AccountReader,
  region: string,
  ledger: Ledger,
): Promise<NetworkInventory> {
  const isNamingLists = ledger.needs('securityGroups', 'prefixLists');
  const groups = ledger.listing('securityGroups', region, () => reader.securityGroups(region), isNamingLists);
  const [vpcs, subnets, securityGroups, prefixLists, networkAcls, routeTables, flowLogs, networkInterfaces] =
    await Promise.all([
      ledger.listing('vpcs', region, () => reader.vpcs(region)),
      ledger.listing('subnets', region, () => reader.subnets(region)),
      groups,
      groups.then((groups) => collectPrefixLists(reader, region, ledger, groups)),
      ledger.listing('networkAcls', region, () => reader.networkAcls(region)),
      ledger.listing('routeTables', region, () => reader.routeTables(region)),
      ledger.listing('flowLogs', region, () => reader.flowLogs(region)),
      ledger.listing('networkInterfaces', region, () => reader.networkInterfaces(region)),
    ]);
  return {
    vpcs,
    subnets,
    securityGroups,
    prefixLists,
    networkAcls,
    routeTables,
    flowLogs,
    networkInterfaces,
  };
}

/** Those that rules name. Where the rules could not be read, nobody knows which lists are missing. */
async function collectPrefixLists(
  reader: AccountReader,
  region: string,
  ledger: Ledger,
  groups: Listing<SecurityGroup>,
): Promise<Listing<PrefixList>> {
  const ids = namedLists(groups.items);
  const { items, failures } = await ledger.listing('prefixLists', region, async () => {
    const lists = await reader.prefixLists(region, ids);
    // What became of the entries counts with the list they are of.
    for (const { cidrs } of lists.items) ledger.count(cidrs.failures);
    return lists;
  });
  return { items, failures: [...failures, ...asked(groups.failures)] };
}

const namedLists = (groups: readonly SecurityGroup[]): readonly string[] => {
  const rules = groups.flatMap(({ inbound, outbound }) => [...inbound, ...outbound]);
  return [...new Set(rules.flatMap(({ peer }) => (peer.kind === 'prefixList' ? [peer.prefixListId] : [])))];
};
