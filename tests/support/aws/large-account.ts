import type { Account, Bucket, Ebs, Ecs, Metric, Network, Region } from './account.ts';
import {
  aBucket,
  aCluster,
  aContainer,
  aContainerInstance,
  aNetworkInterface,
  anAccount,
  aRegion,
  aService,
  aSnapshot,
  aTask,
  aTaskDefinition,
  aVolume,
  aWholeVpc,
  clusterMetrics,
  everybody,
  everything,
  from,
  idOf,
  joined,
  type Place,
  publicByPolicy,
  serviceMetrics,
  storageMetrics,
  unattached,
  unencrypted,
  untouched,
  volumeMetrics,
} from './builders.ts';
import { seeded } from '../seeded.ts';

/** How much there is in all, and in which region how much of it. */
export const largeCounts = {
  buckets: 391,
  volumes: 13_433,
  snapshots: 5_000,
  services: 500,
  taskDefinitions: 800,
  vpcs: 50,
  securityGroups: 398,
} as const;
const shares: Readonly<Record<string, number>> = {
  'us-east-1': 0.4,
  'us-west-2': 0.3,
  'eu-west-1': 0.2,
  'eu-central-1': 0.1,
};
export const LARGE_ACCOUNT_ID = '210987654321';
const CLUSTERS = 10;
const NETWORK_INTERFACES = 2_000;
const METERED_VOLUMES = 20;
const GIB = 2 ** 30;

type Random = () => number;

/** The account that scans are measured with; the same in every run. About one thing in ten is not as it should be. */
export function aLargeAccount(): Account {
  const buckets = Object.keys(shares).flatMap(bucketsOf);
  const regions = Object.keys(shares).map((region) => [
    region,
    regionOf({ accountId: LARGE_ACCOUNT_ID, region }, buckets),
  ]);
  return anAccount({
    id: LARGE_ACCOUNT_ID,
    regions: Object.fromEntries(regions),
    s3: { publicAccessBlock: undefined, buckets },
  });
}

/** A region's part of so many; the parts of all regions are the whole. */
function partOf(total: number, region: string): number {
  const names = Object.keys(shares);
  const before = names.slice(0, names.indexOf(region));
  const share = (name: string): number => Math.round(total * (shares[name] ?? 0));
  const taken = before.reduce((sum, name) => sum + share(name), 0);
  return region === names.at(-1) ? total - taken : share(region);
}

const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, number) => make(number));

function regionOf(at: Place, buckets: readonly Bucket[]): Region {
  const random = seeded(Object.keys(shares).indexOf(at.region) + 1);
  const ecs = ecsOf(at, random);
  const ebs = ebsOf(at, random);
  return aRegion({
    ebs,
    network: networkOf(at, random),
    ecs,
    metrics: [
      ...buckets.filter(({ region }) => region === at.region).flatMap((bucket) => figuresOf(bucket, random)),
      // Figures of volumes are asked one by one; some are enough.
      ...(ebs.volumes ?? []).slice(0, METERED_VOLUMES).flatMap(volumeMetrics),
      ...ecs.clusters.flatMap(clusterMetrics),
      ...ecs.services.flatMap(serviceMetrics),
    ],
  });
}

function bucketsOf(region: string): Bucket[] {
  const random = seeded(region.length);
  return numbered(partOf(largeCounts.buckets, region), (number) => {
    const name = `large-${region}-${String(number).padStart(3, '0')}`;
    const luck = random();
    const fault = luck < 0.02 ? publicByPolicy(name) : luck < 0.1 ? untouched : {};
    const grants = luck > 0.99 ? { ownership: 'ObjectWriter' as const, grants: [everybody('READ')] } : {};
    return aBucket(name, { region, ...fault, ...grants });
  });
}

function figuresOf({ name }: Bucket, random: Random): Metric[] {
  const bytes = Math.floor(random() * 500 * GIB);
  const colder: Record<string, number> =
    random() < 0.3 ? { StandardIAStorage: Math.floor(bytes / 3), GlacierStorage: Math.floor(bytes / 5) } : {};
  return storageMetrics(name, { StandardStorage: bytes, ...colder }, Math.floor(bytes / 100_000));
}

function ebsOf(at: Place, random: Random): Partial<Ebs> {
  const volumes = numbered(partOf(largeCounts.volumes, at.region), (number) =>
    aVolume(
      `v${number}`,
      {
        Size: 8 + Math.floor(random() * 500),
        ...(random() < 0.1 ? unencrypted : {}),
        ...(random() < 0.08 ? unattached : {}),
        ...(random() < 0.15 ? { VolumeType: 'gp2' as const } : {}),
      },
      at,
    ),
  );
  const snapshots = numbered(partOf(largeCounts.snapshots, at.region), (number) =>
    aSnapshot(`v${number}`, { Encrypted: random() > 0.1 }, at),
  );
  const publicSnapshotIds = snapshots.slice(0, 2).map(({ SnapshotId = '' }) => SnapshotId);
  return { volumes, snapshots, publicSnapshotIds, snapshotSharing: 'block-new-sharing' };
}

function networkOf(at: Place, random: Random): Network {
  const vpcs = partOf(largeCounts.vpcs, at.region);
  // Each VPC has its default group; the others are dealt out one by one.
  const groups = partOf(largeCounts.securityGroups - largeCounts.vpcs, at.region);
  const parts = numbered(vpcs, (number) => {
    const mine = Math.floor(groups / vpcs) + (number < groups % vpcs ? 1 : 0);
    const vpc = aWholeVpc(
      `vpc-${number}`,
      {
        number,
        isLogged: random() > 0.2,
        mapsPublicIp: random() < 0.3,
        groups: numbered(mine, (one) => `group-${one}`),
      },
      at,
    );
    return { ...vpc, securityGroups: (vpc.securityGroups ?? []).map((group) => opened(group, random())) };
  });
  const network = joined(parts);
  const { subnets, securityGroups } = network;
  const networkInterfaces = numbered(partOf(NETWORK_INTERFACES, at.region), (number) => {
    const subnet = subnets[number % subnets.length] ?? {};
    const own = securityGroups.filter(({ VpcId }) => VpcId === subnet.VpcId);
    const publicIp = random() < 0.1 ? `52.94.${number % 250}.${(number % 249) + 1}` : undefined;
    return aNetworkInterface(`v${number}`, subnet, own.slice(-1), publicIp, at);
  });
  return { ...network, networkInterfaces };
}

function opened(group: Network['securityGroups'][number], luck: number): Network['securityGroups'][number] {
  if (group.GroupName === 'default') return group;
  const wide = luck < 0.03 ? [from('0.0.0.0/0', 22)] : luck < 0.04 ? [everything('0.0.0.0/0')] : [];
  const usual = [from('0.0.0.0/0', 443), from('10.0.0.0/8', 8_080), from('10.0.0.0/8', 9_090, 9_099)];
  return { ...group, IpPermissions: [...usual, ...wide] };
}

/** As many families as services; the older revisions of some make up the number. */
function ecsOf(at: Place, random: Random): Ecs {
  const clusters = partOf(CLUSTERS, at.region);
  const each = partOf(largeCounts.services, at.region) / clusters;
  const older = partOf(largeCounts.taskDefinitions - largeCounts.services, at.region);
  const services = numbered(clusters, (cluster) =>
    numbered(each, (number) => {
      const name = `svc-${cluster * each + number}`;
      const revision = cluster * each + number < older ? 2 : 1;
      const taskDefinition = aTaskDefinition(name, revision, {}, at).taskDefinitionArn;
      const isUnwell = random() < 0.03;
      return aService(
        `cluster-${cluster}`,
        name,
        { taskDefinition, ...(isUnwell ? { runningCount: 1 } : {}) },
        at,
      );
    }),
  ).flat();
  return {
    clusters: numbered(clusters, (number) =>
      aCluster(
        `cluster-${number}`,
        {
          activeServicesCount: each,
          runningTasksCount: each * 2,
          registeredContainerInstancesCount: 6,
          settings: [{ name: 'containerInsights', value: random() < 0.7 ? 'enabled' : 'disabled' }],
        },
        at,
      ),
    ),
    services,
    tasks: services.flatMap((service) => [aTask(service, 0, {}, at), aTask(service, 1, {}, at)]),
    containerInstances: numbered(clusters * 6, (number) =>
      aContainerInstance(
        `cluster-${Math.floor(number / 6)}`,
        `ci-${number}`,
        { agentConnected: number % 29 > 0 },
        at,
      ),
    ),
    taskDefinitions: services.flatMap(({ serviceName = '' }, index) =>
      numbered(index < older ? 2 : 1, (revision) => definitionOf(serviceName, revision + 1, random(), at)),
    ),
  };
}

function definitionOf(
  family: string,
  revision: number,
  luck: number,
  at: Place,
): Ecs['taskDefinitions'][number] {
  const key = `AKIA${idOf('x', at, family).slice(3, 19).toUpperCase()}`;
  const fault =
    luck < 0.05
      ? { privileged: true }
      : luck < 0.1
        ? { environment: [{ name: 'AWS_ACCESS_KEY_ID', value: key }] }
        : luck < 0.15
          ? { user: 'root' }
          : {};
  return aTaskDefinition(family, revision, { containerDefinitions: [aContainer(family, fault)] }, at);
}
