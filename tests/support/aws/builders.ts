import type { Account, Bucket, Ebs, Ecs, Metric, Network, Region } from './account.ts';
import { here } from './builders/place.ts';

export * from './builders/ebs.ts';
export * from './builders/ecs.ts';
export * from './builders/network.ts';
export * from './builders/place.ts';
export * from './builders/s3.ts';
export * from './builders/whole-vpc.ts';

/** An account with nothing in it but one enabled region. */
export function anAccount(overrides: Partial<Account> = {}): Account {
  return {
    id: here.accountId,
    canonicalId: 'c0ffee'.repeat(11).slice(0, 64),
    regions: { [here.region]: aRegion() },
    disabledRegions: ['af-south-1'],
    roles: [],
    s3: { publicAccessBlock: undefined, buckets: [] },
    ...overrides,
  };
}

/** What is said of a region; the rest is empty, and its settings are as they should be. */
export interface RegionParts {
  readonly ebs?: Partial<Ebs>;
  readonly network?: Partial<Network>;
  readonly ecs?: Partial<Ecs>;
  readonly metrics?: readonly Metric[];
}

export function aRegion({ ebs, network, ecs, metrics = [] }: RegionParts = {}): Region {
  return {
    ebs: {
      volumes: [],
      volumeStatuses: [],
      snapshots: [],
      publicSnapshotIds: [],
      isEncryptedByDefault: true,
      snapshotSharing: 'block-all-sharing',
      ...ebs,
    },
    network: { ...emptyNetwork, ...network },
    ecs: { clusters: [], services: [], tasks: [], containerInstances: [], taskDefinitions: [], ...ecs },
    metrics,
  };
}

const emptyNetwork: Network = {
  vpcs: [],
  subnets: [],
  securityGroups: [],
  networkAcls: [],
  routeTables: [],
  flowLogs: [],
  networkInterfaces: [],
  prefixLists: [],
};

/** The account with another region in the place of that one, which must be there. */
export function withRegion(account: Account, name: string, change: (region: Region) => Region): Account {
  const region = account.regions[name];
  if (region === undefined) throw new Error(`${name} is not enabled`);
  return { ...account, regions: { ...account.regions, [name]: change(region) } };
}

/** The account with that bucket changed. */
export function withBucket(account: Account, name: string, changes: Partial<Bucket>): Account {
  const buckets = account.s3.buckets.map((bucket) =>
    bucket.name === name ? { ...bucket, ...changes } : bucket,
  );
  return { ...account, s3: { ...account.s3, buckets } };
}

/** Parts of networks put together, in their order. */
export function joined(parts: readonly Partial<Network>[]): Network {
  return {
    vpcs: parts.flatMap(({ vpcs = [] }) => vpcs),
    subnets: parts.flatMap(({ subnets = [] }) => subnets),
    securityGroups: parts.flatMap(({ securityGroups = [] }) => securityGroups),
    networkAcls: parts.flatMap(({ networkAcls = [] }) => networkAcls),
    routeTables: parts.flatMap(({ routeTables = [] }) => routeTables),
    flowLogs: parts.flatMap(({ flowLogs = [] }) => flowLogs),
    networkInterfaces: parts.flatMap(({ networkInterfaces = [] }) => networkInterfaces),
    prefixLists: parts.flatMap(({ prefixLists = [] }) => prefixLists),
  };
}
