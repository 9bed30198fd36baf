import { identity, REGION } from '../checks/test-inventory.ts';
import type { AccountReader, CallTally } from '../collect/port.ts';
import type { EbsInventory, VolumeMetrics } from '../inventory/ebs.ts';
import type { EcsInventory, EcsUtilisation } from '../inventory/ecs.ts';
import type { NetworkInventory } from '../inventory/network.ts';
import { read, unread, whole, type Listing, type ReadFailure, type Reading } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import {
  NO_BLOCK,
  type Bucket,
  type BucketName,
  type BucketPart,
  type PublicAccessBlock,
} from '../inventory/s3.ts';

type Items<T> = { -readonly [K in keyof T]?: T[K] extends Listing<infer Item> ? readonly Item[] : T[K] };

/** What a region of a test's account has; the rest is empty. */
export type TestRegion = Items<EbsInventory> & Items<NetworkInventory> & Items<EcsInventory>;

/** The account that a test asks about. */
export interface TestAccount {
  regions: Record<string, TestRegion>;
  buckets: readonly Bucket[];
  block: PublicAccessBlock;
  volumeMetrics: Partial<VolumeMetrics>;
  utilisation: Partial<EcsUtilisation>;
}

export const anAccount = (over: Partial<TestAccount> = {}): TestAccount => ({
  regions: { [REGION]: {} },
  buckets: [],
  block: NO_BLOCK,
  volumeMetrics: {},
  utilisation: {},
  ...over,
});

type Method = Exclude<keyof AccountReader, 'tally' | 'region' | 'close'>;

/** An account reader over an account held in memory: what is asked is noted, and can be made to fail or to wait. */
export class TestReader implements AccountReader {
  readonly tally: CallTally = { calls: 0, throttled: 0 };
  readonly region = REGION;
  readonly account: TestAccount;
  /** Names of the methods that were called, and their regions: `volumes eu-west-1`. */
  readonly asked: string[] = [];
  /** By method, or by method and region as in `asked`. */
  readonly failing = new Map<string, ReadFailure>();
  /** Nothing is answered before this. */
  opened: Promise<void> = Promise.resolve();
  isClosed = false;

  constructor(account: TestAccount, failing: TestReader['failing'] = new Map()) {
    this.account = account;
    this.failing = failing;
  }

  /** How often a method was called. */
  times(method: Method): number {
    return this.asked.filter((one) => one === method || one.startsWith(`${method} `)).length;
  }

  identity = () => this.#reading('identity', 'sts:GetCallerIdentity', 'global', () => identity);
  regions = () =>
    this.#reading('regions', 'ec2:DescribeRegions', 'global', () => Object.keys(this.account.regions));

  volumes = (region: string, ids?: readonly string[]) =>
    this.#named(
      'volumes',
      'ec2:DescribeVolumes',
      region,
      ids,
      ({ volumes }) => volumes,
      ({ id }) => [id],
    );
  volumeStatuses = (region: string) =>
    this.#listing('volumeStatuses', 'ec2:DescribeVolumeStatus', region, (has) => has.volumeStatuses);
  snapshots = (region: string) =>
    this.#listing('snapshots', 'ec2:DescribeSnapshots', region, (has) => has.snapshots);
  publicSnapshotIds = (region: string) =>
    this.#listing('publicSnapshotIds', 'ec2:DescribeSnapshots', region, (has) => has.publicSnapshotIds);
  ebsEncryptionByDefault = (region: string) =>
    this.#reading('ebsEncryptionByDefault', 'ec2:GetEbsEncryptionByDefault', region, () => true);
  async snapshotSharing(region: string) {
    const own = this.account.regions[region]?.snapshotSharing;
    const reading = await this.#reading(
      'snapshotSharing',
      'ec2:GetSnapshotBlockPublicAccessState',
      region,
      () => 'unblocked',
    );
    return reading.kind === 'read' ? (own ?? reading) : reading;
  }
  volumeMetrics = (region: string, _id: string, { periodSeconds }: { readonly periodSeconds: number }) =>
    this.#reading('volumeMetrics', 'cloudwatch:GetMetricData', region, () => ({
      ...noVolumeMetrics,
      ...this.account.volumeMetrics,
      periodSeconds,
    }));

  vpcs = (region: string, ids?: readonly string[]) =>
    this.#named(
      'vpcs',
      'ec2:DescribeVpcs',
      region,
      ids,
      ({ vpcs }) => vpcs,
      ({ id }) => [id],
    );
  subnets = (region: string, vpcId?: string) =>
    this.#listing('subnets', 'ec2:DescribeSubnets', region, (has) => within(has.subnets, vpcId));
  securityGroups = (region: string, vpcId?: string) =>
    this.#listing('securityGroups', 'ec2:DescribeSecurityGroups', region, (has) =>
      within(has.securityGroups, vpcId),
    );
  prefixLists = (region: string, ids: readonly string[]) =>
    this.#listing('prefixLists', 'ec2:DescribeManagedPrefixLists', region, (has) =>
      has.prefixLists?.filter(({ id }) => ids.includes(id)),
    );
  networkAcls = (region: string, vpcId?: string) =>
    this.#listing('networkAcls', 'ec2:DescribeNetworkAcls', region, (has) => within(has.networkAcls, vpcId));
  routeTables = (region: string, vpcId?: string) =>
    this.#listing('routeTables', 'ec2:DescribeRouteTables', region, (has) => within(has.routeTables, vpcId));
  flowLogs = (region: string) =>
    this.#listing('flowLogs', 'ec2:DescribeFlowLogs', region, (has) => has.flowLogs);
  networkInterfaces = (region: string, vpcId?: string) =>
    this.#listing('networkInterfaces', 'ec2:DescribeNetworkInterfaces', region, (has) =>
      within(has.networkInterfaces, vpcId),
    );

  clusters = (region: string, names?: readonly string[]) =>
    this.#named(
      'clusters',
      'ecs:DescribeClusters',
      region,
      names,
      ({ clusters }) => clusters,
      ({ name, arn }) => [name, arn],
    );
  services = (region: string, clusterArn: string) =>
    this.#listing('services', 'ecs:ListServices', region, (has) => ofCluster(has.services, clusterArn));
  tasks = (region: string, clusterArn: string) =>
    this.#listing('tasks', 'ecs:ListTasks', region, (has) => ofCluster(has.tasks, clusterArn));
  containerInstances = (region: string, clusterArn: string) =>
    this.#listing('containerInstances', 'ecs:ListContainerInstances', region, (has) =>
      ofCluster(has.containerInstances, clusterArn),
    );
  taskDefinitions = (region: string) =>
    this.#listing('taskDefinitions', 'ecs:DescribeTaskDefinition', region, (has) => has.taskDefinitions);
  ecsUtilisation = (region: string, _of: unknown, { periodSeconds }: { readonly periodSeconds: number }) =>
    this.#reading('ecsUtilisation', 'cloudwatch:GetMetricData', region, () => ({
      ...noUtilisation,
      ...this.account.utilisation,
      periodSeconds,
    }));

  accountPublicAccessBlock = () =>
    this.#reading(
      'accountPublicAccessBlock',
      's3:GetAccountPublicAccessBlock',
      'global',
      () => this.account.block,
    );
  bucketNames = async (): Promise<Listing<BucketName>> => {
    const all = this.account.buckets.map(({ name, region, createdAt }) => ({ name, region, createdAt }));
    const names = await this.#reading('bucketNames', 's3:ListAllMyBuckets', 'global', () => all);
    if (names.kind === 'read') return whole(names.value);
    // Where the last one is could not be found out: the others are known.
    const isPlace = names.failure.action === 's3:GetBucketLocation';
    return { items: isPlace ? all.slice(0, -1) : [], failures: [names.failure] };
  };
  async bucket<P extends Exclude<BucketPart, 'storage'>>(
    named: BucketName,
    _parts: readonly P[],
  ): Promise<BucketName & Pick<Bucket, P>> {
    this.asked.push(`bucket ${named.name}`);
    await this.opened;
    const bucket = this.account.buckets.find(({ name }) => name === named.name);
    if (bucket === undefined) throw new Error(`a test asks for no bucket of its account: ${named.name}`);
    return bucket;
  }
  bucketStorage = (region: string) =>
    this.#reading(
      'bucketStorage',
      'cloudwatch:ListMetrics',
      region,
      () =>
        new Map(
          this.account.buckets.flatMap(({ name, storage }) =>
            storage.kind === 'read' && storage.value !== null ? [[name, storage.value] as const] : [],
          ),
        ),
    );

  close(): void {
    this.isClosed = true;
  }

  async #failure(method: Method, action: Action, region: string): Promise<ReadFailure | undefined> {
    this.asked.push(region === 'global' ? method : `${method} ${region}`);
    await this.opened;
    if (this.isClosed) return { kind: 'unreachable', action, region, code: 'Aborted' };
    const failure = this.failing.get(method) ?? this.failing.get(`${method} ${region}`);
    return failure && { ...failure, region };
  }

  async #reading<T>(method: Method, action: Action, region: string, make: () => T): Promise<Reading<T>> {
    const failure = await this.#failure(method, action, region);
    return failure === undefined ? read(make()) : unread(failure);
  }

  async #listing<T>(
    method: Method,
    action: Action,
    region: string,
    pick: (has: TestRegion) => readonly T[] | undefined,
  ): Promise<Listing<T>> {
    const failure = await this.#failure(method, action, region);
    const items = pick(this.account.regions[region] ?? {}) ?? [];
    return failure === undefined ? whole(items) : { items: [], failures: [failure] };
  }

  /** Those that are named; `missing`, where there is no such one. */
  async #named<T>(
    method: Method,
    action: Action,
    region: string,
    names: readonly string[] | undefined,
    pick: (has: TestRegion) => readonly T[] | undefined,
    namesOf: (item: T) => readonly string[],
  ): Promise<Listing<T>> {
    const all = await this.#listing(method, action, region, pick);
    if (names === undefined || all.failures.length > 0) return all;
    const items = all.items.filter((item) => namesOf(item).some((name) => names.includes(name)));
    if (items.length === names.length) return whole(items);
    return { items, failures: [{ kind: 'missing', action, region, code: 'NotFound' }] };
  }
}

const within = <T extends { readonly vpcId: string | null }>(
  items: readonly T[] | undefined,
  vpcId: string | undefined,
): readonly T[] | undefined => items?.filter((item) => vpcId === undefined || item.vpcId === vpcId);

const ofCluster = <T extends { readonly clusterArn: string }>(
  items: readonly T[] | undefined,
  clusterArn: string,
): readonly T[] | undefined => items?.filter((item) => item.clusterArn === clusterArn);

const noVolumeMetrics: VolumeMetrics = {
  periodSeconds: 3_600,
  readOps: [],
  writeOps: [],
  readBytes: [],
  writeBytes: [],
  readTime: [],
  writeTime: [],
  idleTime: [],
  queueLength: [],
  burstBalance: [],
};

const noUtilisation: EcsUtilisation = {
  periodSeconds: 300,
  cpuUtilisation: [],
  memoryUtilisation: [],
  cpuReservation: [],
  memoryReservation: [],
};
