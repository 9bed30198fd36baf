import type { CallerIdentity } from '../inventory/account.ts';
import type { Snapshot, SnapshotSharing, Volume, VolumeMetrics, VolumeStatus } from '../inventory/ebs.ts';
import type {
  Cluster,
  ContainerInstance,
  EcsUtilisation,
  Service,
  Task,
  TaskDefinition,
} from '../inventory/ecs.ts';
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
import type { Listing, Reading } from '../inventory/reading.ts';
import type { Bucket, BucketName, BucketPart, BucketStorage, PublicAccessBlock } from '../inventory/s3.ts';

/** Unix ms, and a multiple of 60 s (of 300 s from 15 days ago, of 3,600 s from 63 days ago). */
export interface MetricWindow {
  readonly since: number;
  readonly until: number;
  readonly periodSeconds: number;
}

/** How many calls were made so far, and which of them are under way. */
export interface CallTally {
  readonly calls: number;
  readonly throttled: number;
}

/**
 * Reads an account with the rights of one principal. Every method resolves: a failure is in what it resolves with. Lists
 * are complete over all pages or say why not. Calls are bounded in number at once, kept below AWS's rates and retried;
 * an aborted reader resolves soon with failures of the kind `unreachable`, code `Aborted`.
 */
export interface AccountReader {
  readonly tally: CallTally;
  /** The principal's own: where what has no region is asked. */
  readonly region: string;
  identity(): Promise<Reading<CallerIdentity>>;
  /** Names of the enabled ones. */
  regions(): Promise<Reading<readonly string[]>>;

  /** `ids`: those alone; one that does not exist is a failure `missing`. */
  volumes(region: string, ids?: readonly string[]): Promise<Listing<Volume>>;
  volumeStatuses(region: string): Promise<Listing<VolumeStatus>>;
  /** Owned by the account. */
  snapshots(region: string): Promise<Listing<Snapshot>>;
  publicSnapshotIds(region: string): Promise<Listing<string>>;
  ebsEncryptionByDefault(region: string): Promise<Reading<boolean>>;
  snapshotSharing(region: string): Promise<Reading<SnapshotSharing>>;
  volumeMetrics(region: string, volumeId: string, window: MetricWindow): Promise<Reading<VolumeMetrics>>;

  /** `ids`: those alone, `missing` if one does not exist. */
  vpcs(region: string, ids?: readonly string[]): Promise<Listing<Vpc>>;
  /** `vpcId`: of that VPC alone, here and below. */
  subnets(region: string, vpcId?: string): Promise<Listing<Subnet>>;
  securityGroups(region: string, vpcId?: string): Promise<Listing<SecurityGroup>>;
  /** Those named, with their entries. */
  prefixLists(region: string, ids: readonly string[]): Promise<Listing<PrefixList>>;
  networkAcls(region: string, vpcId?: string): Promise<Listing<NetworkAcl>>;
  routeTables(region: string, vpcId?: string): Promise<Listing<RouteTable>>;
  flowLogs(region: string): Promise<Listing<FlowLog>>;
  networkInterfaces(region: string, vpcId?: string): Promise<Listing<NetworkInterface>>;

  /** `names`: those alone (names or ARNs), `missing` if one does not exist. */
  clusters(region: string, names?: readonly string[]): Promise<Listing<Cluster>>;
  services(region: string, clusterArn: string): Promise<Listing<Service>>;
  tasks(region: string, clusterArn: string): Promise<Listing<Task>>;
  containerInstances(region: string, clusterArn: string): Promise<Listing<ContainerInstance>>;
  /** Those in use, by ARN with what uses them, and the latest active one of each family. */
  taskDefinitions(
    region: string,
    usedBy: ReadonlyMap<string, readonly string[]>,
  ): Promise<Listing<TaskDefinition>>;
  /** Of a cluster, or of one of its services. */
  ecsUtilisation(
    region: string,
    of: { readonly clusterName: string; readonly serviceName?: string },
    window: MetricWindow,
  ): Promise<Reading<EcsUtilisation>>;

  accountPublicAccessBlock(accountId: string, region: string): Promise<Reading<PublicAccessBlock>>;
  /** Of all regions. */
  bucketNames(): Promise<Listing<BucketName>>;
  /** The named parts of one bucket; `missing` everywhere if it is gone. The storage is asked by `bucketStorage`. */
  bucket<P extends Exclude<BucketPart, 'storage'>>(
    bucket: BucketName,
    parts: readonly P[],
  ): Promise<BucketName & Pick<Bucket, P>>;
  /** CloudWatch's newest daily figures, by bucket; buckets without figures are left out. `names`: those alone. */
  bucketStorage(
    region: string,
    names?: readonly string[],
  ): Promise<Reading<ReadonlyMap<string, BucketStorage>>>;

  /** Ends what is under way and forgets the credentials. */
  close(): void;
}
