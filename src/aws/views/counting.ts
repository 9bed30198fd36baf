import { isBucketPublic } from '../analysis/bucket-public.ts';
import { anywhereRules, opensPort } from '../analysis/anywhere.ts';
import type { EbsInventory } from '../inventory/ebs.ts';
import type { Cluster, Service } from '../inventory/ecs.ts';
import type { NetworkInventory, PrefixList, SecurityGroup } from '../inventory/network.ts';
import { read, unread, type Listing, type ReadFailure, type Reading } from '../inventory/reading.ts';
import type { Bucket, PublicAccessBlock } from '../inventory/s3.ts';
import { worstOf } from './answer.ts';
import { isEncrypted, sizeOf } from './buckets.ts';
import { isUnhealthy } from './services.ts';
import { isUnattached } from './volumes.ts';

/**
 * The figures of the contract's summary: one place for what "unhealthy", "public" or "open" means, whether a region is
 * asked about or a whole account was scanned. What is counted over something that is not all known is unread.
 */
export type Figure = Reading<number | null>;

/** Over all of a list, or why not. */
function over<T>({ items, failures }: Listing<T>, count: (items: readonly T[]) => number): Reading<number> {
  const failure = worstOf(failures);
  return failure === undefined ? read(count(items)) : unread(failure);
}

const howMany =
  <T>(is: (item: T) => boolean) =>
  (items: readonly T[]): number =>
    items.reduce((count, item) => (is(item) ? count + 1 : count), 0);
const all = (items: readonly unknown[]): number => items.length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function ecsFigures(clusters: Listing<Cluster>, services: Listing<Service>, now: number) {
  return {
    clusters: over(clusters, all),
    // Services are listed by cluster: without all clusters there are not all services.
    services: over(behind(clusters, services), all),
    tasks: over(clusters, (items) => sum(items.map((one) => one.runningTasks + one.pendingTasks))),
    unhealthyServices: over(
      behind(clusters, services),
      howMany((service) => isUnhealthy(service, now)),
    ),
  };
}

/** Things that were found through others. */
const behind = <T>(others: Listing<unknown>, things: Listing<T>): Listing<T> => ({
  items: things.items,
  failures: [...others.failures, ...things.failures],
});

export const ebsFigures = ({ volumes }: Pick<EbsInventory, 'volumes'>) => ({
  volumes: over(volumes, all),
  volumeGib: over(volumes, (items) => sum(items.map(({ sizeGib }) => sizeGib))),
  unattachedVolumes: over(volumes, howMany(isUnattached)),
  unencryptedVolumes: over(
    volumes,
    howMany(({ isEncrypted: is }) => !is),
  ),
});

type NetworkParts = Pick<
  NetworkInventory,
  'vpcs' | 'subnets' | 'securityGroups' | 'prefixLists' | 'routeTables'
>;

export const networkFigures = (network: NetworkParts) => ({
  vpcs: over(network.vpcs, all),
  subnets: over(network.subnets, all),
  securityGroupsWithOpenSsh: openSsh(network.securityGroups, network.prefixLists),
  routeTables: over(network.routeTables, all),
});

const SSH = 22;

/** Groups that let in everybody to SSH, by IPv4 or IPv6, in a range, by protocol -1 or by a prefix list. */
function openSsh(groups: Listing<SecurityGroup>, prefixLists: Listing<PrefixList>): Reading<number> {
  const undecided: ReadFailure[] = [...groups.failures];
  let count = 0;
  for (const { inbound } of groups.items) {
    const { rules, unread, failures } = anywhereRules(inbound, prefixLists);
    if (opensPort(rules, 'tcp', SSH)) count += 1;
    else if (opensPort(unread, 'tcp', SSH)) undecided.push(...failures);
  }
  const failure = worstOf(undecided);
  return failure === undefined ? read(count) : unread(failure);
}

/** What of buckets is counted. */
export type CountedBucket = Pick<
  Bucket,
  'publicAccessBlock' | 'policy' | 'isPolicyPublic' | 'acl' | 'ownership' | 'encryption' | 'storage'
>;

export function s3Figures(buckets: Listing<CountedBucket>, account: Reading<PublicAccessBlock>) {
  return {
    buckets: over(buckets, all),
    bucketBytes: bytesOf(buckets),
    bucketsWithoutEncryption: decided(buckets, ({ encryption }) =>
      encryption.kind === 'read' ? read(!isEncrypted(encryption.value)) : encryption,
    ),
    publicBuckets: decided(buckets, (bucket) => isBucketPublic(bucket, account)),
  };
}

/** How many are, if that is known of each. */
function decided<T>({ items, failures }: Listing<T>, is: (item: T) => Reading<boolean>): Reading<number> {
  const undecided: ReadFailure[] = [...failures];
  let count = 0;
  for (const item of items) {
    const reading = is(item);
    if (reading.kind === 'unread') undecided.push(reading.failure);
    else if (reading.value) count += 1;
  }
  const failure = worstOf(undecided);
  return failure === undefined ? read(count) : unread(failure);
}

/** Of buckets that CloudWatch has figures of; null where there are buckets, and figures of none. */
function bytesOf({ items, failures }: Listing<CountedBucket>): Figure {
  const undecided: ReadFailure[] = [...failures];
  let bytes: number | null = items.length === 0 ? 0 : null;
  for (const { storage } of items) {
    if (storage.kind === 'unread') undecided.push(storage.failure);
    else if (storage.value !== null) bytes = plus(bytes, sizeOf(storage.value));
  }
  const failure = worstOf(undecided);
  return failure === undefined ? read(bytes) : unread(failure);
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);
