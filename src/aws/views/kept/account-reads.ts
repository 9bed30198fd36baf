import type { AccountReader, MetricWindow } from '../../collect/port.ts';
import type { BucketName } from '../../inventory/s3.ts';
import { detailParts, postureParts, type Reads } from '../reads.ts';
import type { Asking } from './shelf.ts';
import type { Shelves } from './shelves.ts';

interface AccountReadsOptions {
  readonly reader: AccountReader;
  readonly shelves: Shelves;
  readonly owner: string;
  readonly isForced: boolean;
  /** Unix ms. */
  readonly now: number;
}

/** What one answer is made of, from what is kept of its owner or from AWS. */
export class AccountReads implements Reads {
  readonly #reader: AccountReader;
  readonly #shelves: Shelves;
  readonly #asking: Asking;
  #oldestAt: number;

  constructor({ reader, shelves, owner, isForced, now }: AccountReadsOptions) {
    this.#reader = reader;
    this.#shelves = shelves;
    this.#oldestAt = now;
    const used = (readAt: number): void => void (this.#oldestAt = Math.min(this.#oldestAt, readAt));
    this.#asking = { owner, reader, isForced, now, used };
  }

  /** Unix ms at which the oldest read began that was used. */
  get oldestAt(): number {
    return this.#oldestAt;
  }

  identity() {
    return this.#shelves.identity.read(this.#asking, ['-'], () => this.#reader.identity());
  }

  regions() {
    return this.#shelves.regions.read(this.#asking, ['-'], () => this.#reader.regions());
  }

  volumes(region: string, ids?: readonly string[]) {
    const place = named(region, ids);
    return this.#shelves.volumes.read(this.#asking, place, () => this.#reader.volumes(region, ids));
  }

  volumeStatuses(region: string) {
    const load = () => this.#reader.volumeStatuses(region);
    return this.#shelves.volumeStatuses.read(this.#asking, [region], load);
  }

  snapshots(region: string) {
    return this.#shelves.snapshots.read(this.#asking, [region], () => this.#reader.snapshots(region));
  }

  publicSnapshotIds(region: string) {
    const load = () => this.#reader.publicSnapshotIds(region);
    return this.#shelves.publicSnapshotIds.read(this.#asking, [region], load);
  }

  snapshotSharing(region: string) {
    const load = () => this.#reader.snapshotSharing(region);
    return this.#shelves.snapshotSharing.read(this.#asking, [region], load);
  }

  volumeMetrics(region: string, volumeId: string, window: MetricWindow) {
    const load = () => this.#reader.volumeMetrics(region, volumeId, window);
    return this.#shelves.volumeMetrics.read(this.#asking, [region, volumeId, ...spanOf(window)], load);
  }

  vpcs(region: string, ids?: readonly string[]) {
    return this.#shelves.vpcs.read(this.#asking, named(region, ids), () => this.#reader.vpcs(region, ids));
  }

  subnets(region: string, vpcId?: string) {
    const load = () => this.#reader.subnets(region, vpcId);
    return this.#shelves.subnets.read(this.#asking, within(region, vpcId), load);
  }

  securityGroups(region: string, vpcId?: string) {
    const load = () => this.#reader.securityGroups(region, vpcId);
    return this.#shelves.securityGroups.read(this.#asking, within(region, vpcId), load);
  }

  prefixLists(region: string, ids: readonly string[]) {
    const load = () => this.#reader.prefixLists(region, ids);
    return this.#shelves.prefixLists.read(this.#asking, named(region, ids), load);
  }

  networkAcls(region: string, vpcId?: string) {
    const load = () => this.#reader.networkAcls(region, vpcId);
    return this.#shelves.networkAcls.read(this.#asking, within(region, vpcId), load);
  }

  routeTables(region: string, vpcId?: string) {
    const load = () => this.#reader.routeTables(region, vpcId);
    return this.#shelves.routeTables.read(this.#asking, within(region, vpcId), load);
  }

  flowLogs(region: string) {
    return this.#shelves.flowLogs.read(this.#asking, [region], () => this.#reader.flowLogs(region));
  }

  networkInterfaces(region: string, vpcId?: string) {
    const load = () => this.#reader.networkInterfaces(region, vpcId);
    return this.#shelves.networkInterfaces.read(this.#asking, within(region, vpcId), load);
  }

  clusters(region: string, names?: readonly string[]) {
    const load = () => this.#reader.clusters(region, names);
    return this.#shelves.clusters.read(this.#asking, named(region, names), load);
  }

  services(region: string, clusterArn: string) {
    const load = () => this.#reader.services(region, clusterArn);
    return this.#shelves.services.read(this.#asking, [region, clusterArn], load);
  }

  tasks(region: string, clusterArn: string) {
    const load = () => this.#reader.tasks(region, clusterArn);
    return this.#shelves.tasks.read(this.#asking, [region, clusterArn], load);
  }

  containerInstances(region: string, clusterArn: string) {
    const load = () => this.#reader.containerInstances(region, clusterArn);
    return this.#shelves.containerInstances.read(this.#asking, [region, clusterArn], load);
  }

  ecsUtilisation(
    region: string,
    of: { readonly clusterName: string; readonly serviceName?: string },
    window: MetricWindow,
  ) {
    const load = () => this.#reader.ecsUtilisation(region, of, window);
    const place = [of.clusterName, of.serviceName ?? '', ...spanOf(window)];
    return this.#shelves.ecsUtilisation.read(this.#asking, [region, ...place], load);
  }

  accountPublicAccessBlock(accountId: string, region: string) {
    const load = () => this.#reader.accountPublicAccessBlock(accountId, region);
    return this.#shelves.accountPublicAccessBlock.read(this.#asking, [accountId], load);
  }

  bucketNames() {
    return this.#shelves.bucketNames.read(this.#asking, ['-'], () => this.#reader.bucketNames());
  }

  bucketStorage(region: string, names?: readonly string[]) {
    const load = () => this.#reader.bucketStorage(region, names);
    return this.#shelves.bucketStorage.read(this.#asking, named(region, names), load);
  }

  bucketPosture(bucket: BucketName) {
    const load = () => this.#reader.bucket(bucket, postureParts);
    return this.#shelves.bucketPosture.read(this.#asking, [bucket.name], load);
  }

  bucketDetail(bucket: BucketName) {
    const load = () => this.#reader.bucket(bucket, detailParts);
    return this.#shelves.bucketDetail.read(this.#asking, [bucket.name], load);
  }

  bucketPolicy(bucket: BucketName) {
    const load = () => this.#reader.bucket(bucket, ['policy']);
    return this.#shelves.bucketPolicy.read(this.#asking, [bucket.name], load);
  }
}

type Place = readonly [string, ...string[]];

/** All of them, and those named, are two things. */
const named = (region: string, names: readonly string[] | undefined): Place =>
  names === undefined ? [region] : [region, 'named', ...names];

const within = (region: string, vpcId: string | undefined): Place =>
  vpcId === undefined ? [region] : [region, vpcId];

const spanOf = ({ since, until, periodSeconds }: MetricWindow): readonly string[] => [
  String(since),
  String(until),
  String(periodSeconds),
];
