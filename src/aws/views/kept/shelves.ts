import type { CallerIdentity } from '../../inventory/account.ts';
import type { Snapshot, SnapshotSharing, Volume, VolumeMetrics, VolumeStatus } from '../../inventory/ebs.ts';
import type { Cluster, ContainerInstance, EcsUtilisation, Service, Task } from '../../inventory/ecs.ts';
import type {
  FlowLog,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from '../../inventory/network.ts';
import type { Listing, ReadFailure, Reading } from '../../inventory/reading.ts';
import type { BucketName, BucketStorage, PublicAccessBlock } from '../../inventory/s3.ts';
import type { BucketDetail, BucketPolicy, BucketPosture } from '../reads.ts';
import { Room } from './room.ts';
import { Shelf } from './shelf.ts';

/** A place for each sort of read, which share one room. */
export class Shelves {
  readonly room: Room;
  readonly #all: { forget(owner: string): void }[] = [];

  readonly identity;
  readonly regions;
  readonly volumes;
  readonly volumeStatuses;
  readonly snapshots;
  readonly publicSnapshotIds;
  readonly snapshotSharing;
  readonly volumeMetrics;
  readonly vpcs;
  readonly subnets;
  readonly securityGroups;
  readonly prefixLists;
  readonly networkAcls;
  readonly routeTables;
  readonly flowLogs;
  readonly networkInterfaces;
  readonly clusters;
  readonly services;
  readonly tasks;
  readonly containerInstances;
  readonly ecsUtilisation;
  readonly accountPublicAccessBlock;
  readonly bucketNames;
  readonly bucketStorage;
  readonly bucketPosture;
  readonly bucketDetail;
  readonly bucketPolicy;

  /** `itemsMax`: things (a volume, a point of a metric) that are kept over all owners, each for `keptMs`. */
  constructor(itemsMax: number, keptMs: number) {
    this.room = new Room(itemsMax, keptMs);
    this.identity = this.#ofReading<CallerIdentity>(one);
    this.regions = this.#ofReading<readonly string[]>((names) => names.length);
    this.volumes = this.#ofListing<Volume>();
    this.volumeStatuses = this.#ofListing<VolumeStatus>();
    this.snapshots = this.#ofListing<Snapshot>();
    this.publicSnapshotIds = this.#ofListing<string>();
    this.snapshotSharing = this.#ofReading<SnapshotSharing>(one);
    this.volumeMetrics = this.#ofReading<VolumeMetrics>(points);
    this.vpcs = this.#ofListing<Vpc>();
    this.subnets = this.#ofListing<Subnet>();
    this.securityGroups = this.#ofListing<SecurityGroup>();
    this.prefixLists = this.#ofListing<PrefixList>();
    this.networkAcls = this.#ofListing<NetworkAcl>();
    this.routeTables = this.#ofListing<RouteTable>();
    this.flowLogs = this.#ofListing<FlowLog>();
    this.networkInterfaces = this.#ofListing<NetworkInterface>();
    this.clusters = this.#ofListing<Cluster>();
    this.services = this.#ofListing<Service>();
    this.tasks = this.#ofListing<Task>();
    this.containerInstances = this.#ofListing<ContainerInstance>();
    this.ecsUtilisation = this.#ofReading<EcsUtilisation>(points);
    this.accountPublicAccessBlock = this.#ofReading<PublicAccessBlock>(one);
    this.bucketNames = this.#ofListing<BucketName>();
    this.bucketStorage = this.#ofReading<ReadonlyMap<string, BucketStorage>>(({ size }) => size);
    this.bucketPosture = this.#ofParts<BucketPosture>();
    this.bucketDetail = this.#ofParts<BucketDetail>();
    this.bucketPolicy = this.#ofParts<BucketPolicy>();
  }

  forget(owner: string): void {
    this.room.forget(owner);
    for (const shelf of this.#all) shelf.forget(owner);
  }

  #ofListing<T>(): Shelf<Listing<T>> {
    return this.#added(
      new Shelf<Listing<T>>(this.room, {
        items: ({ items }) => items.length,
        failures: ({ failures }) => failures,
      }),
    );
  }

  #ofReading<T>(items: (value: T) => number): Shelf<Reading<T>> {
    return this.#added(
      new Shelf<Reading<T>>(this.room, {
        items: (reading) => (reading.kind === 'read' ? items(reading.value) : 1),
        failures: failuresOf,
      }),
    );
  }

  #ofParts<T extends BucketName>(): Shelf<T> {
    return this.#added(new Shelf<T>(this.room, { items: one, failures: failuresOfParts }));
  }

  #added<T>(shelf: Shelf<T>): Shelf<T> {
    this.#all.push(shelf);
    return shelf;
  }
}

const one = (): number => 1;

/** The points of all of its series. */
const points = (series: object): number =>
  Object.values(series).reduce(
    (sum: number, member: unknown) => sum + (Array.isArray(member) ? member.length : 0),
    0,
  );

const failuresOf = (reading: Reading<unknown>): readonly ReadFailure[] =>
  reading.kind === 'read' ? [] : [reading.failure];

/** Of every part that a bucket was asked about. */
const failuresOfParts = (bucket: BucketName): readonly ReadFailure[] =>
  Object.values(bucket).flatMap((part: unknown) => (isReading(part) ? failuresOf(part) : []));

const isReading = (part: unknown): part is Reading<unknown> =>
  typeof part === 'object' &&
  part !== null &&
  'kind' in part &&
  (part.kind === 'read' || part.kind === 'unread');
