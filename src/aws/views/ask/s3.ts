import { inTurn } from '../../collect/in-turn.ts';
import { blockFlag } from '../../analysis/bucket-public.ts';
import { read, unread, type Listing, type ReadFailure, type Reading } from '../../inventory/reading.ts';
import type { BucketName, BucketStorage, PublicAccessBlock } from '../../inventory/s3.ts';
import { documentOf, failed, found, wholeOf, worstOf, type Found } from '../answer.ts';
import { bucketDetailsDocument } from '../bucket-details.ts';
import { bucketList, type BucketRow } from '../buckets.ts';
import { listDocument } from '../list.ts';
import { nameOf, unknownName } from '../names.ts';
import type { BucketDetail, BucketPosture } from '../reads.ts';
import { unreadableOf } from '../unreadable.ts';
import type { Ask, Desk } from './asking.ts';

/** So few that other questions get their turns between them. */
const BUCKETS_AT_ONCE = 16;

export const askBuckets: Ask<'buckets'> = async (desk, { list }) => {
  const { buckets, account } = await readBuckets(desk);
  const isNothing = buckets.items.length === 0;
  const failure = worstOf(buckets.failures.filter((one) => isNothing || isOfList(one)));
  if (failure !== undefined) return failed(failure);
  return listDocument(
    buckets.items.map((bucket) => ({ bucket, account })),
    bucketList,
    list,
    unreadableOf('buckets', buckets.failures),
  );
};

/** The list's own call. Where one bucket is, is a matter of that bucket alone. */
const isOfList = ({ action }: ReadFailure): boolean => action !== 's3:GetBucketLocation';

export interface ReadBuckets {
  readonly buckets: Listing<BucketRow['bucket']>;
  readonly account: Reading<PublicAccessBlock>;
}

/** All buckets of all regions with what decides about them; the list and the summary are both made of it. */
export async function readBuckets(desk: Desk): Promise<ReadBuckets> {
  const [names, account] = await Promise.all([desk.reads.bucketNames(), accountBlock(desk)]);
  const regions = [...new Set(names.items.map(({ region }) => region))];
  const [storages, items] = await Promise.all([
    Promise.all(regions.map(async (region) => [region, await desk.reads.bucketStorage(region)] as const)),
    inTurn(names.items, BUCKETS_AT_ONCE, (name) => postureOf(desk, name, account)),
  ]);
  const storageIn = new Map(storages);
  const rows = items
    .filter((item) => !isGone(item))
    .map((item) => ({ ...item, storage: storageOf(item, storageIn.get(item.region)) }));
  return { buckets: { items: rows, failures: names.failures }, account };
}

type Storages = Reading<ReadonlyMap<string, BucketStorage>>;

/** A bucket that CloudWatch's list leaves out has no figures. */
function storageOf({ name }: BucketName, storages: Storages | undefined): Reading<BucketStorage | null> {
  if (storages === undefined) return read(null);
  return storages.kind === 'unread' ? storages : read(storages.value.get(name) ?? null);
}

/** With its policy, where that is what decides. */
async function postureOf({ reads }: Desk, name: BucketName, account: Reading<PublicAccessBlock>) {
  const posture = await reads.bucketPosture(name);
  if (!isPolicyWanted(posture, account)) return { ...posture, policy: read(null) };
  const { policy } = await reads.bucketPolicy(name);
  return { ...posture, policy };
}

/** S3's own word on the policy goes first, and where public policies are of no effect none is wanted. */
function isPolicyWanted(posture: BucketPosture, account: Reading<PublicAccessBlock>): boolean {
  const { isPolicyPublic: judged } = posture;
  if (judged.kind === 'read' && judged.value !== null) return false;
  const restricted = blockFlag(posture, account, 'restrictPublicBuckets');
  return !(restricted.kind === 'read' && restricted.value);
}

async function accountBlock({ reads, region }: Desk): Promise<Reading<PublicAccessBlock>> {
  const identity = await reads.identity();
  return identity.kind === 'read'
    ? reads.accountPublicAccessBlock(identity.value.accountId, region)
    : unread(identity.failure);
}

export const askBucket: Ask<'bucket'> = async (desk, { bucket: asked }) => {
  const name = await bucketNamed(desk, asked);
  if (name.kind !== 'found') return name;
  const { reads } = desk;
  const [account, posture, detail, storages] = await Promise.all([
    accountBlock(desk),
    reads.bucketPosture(name.value),
    reads.bucketDetail(name.value),
    reads.bucketStorage(name.value.region, [asked]),
  ]);
  if (isGone(posture) || isGone(detail)) return unknownName('bucket', asked);
  const storage = storageOf(name.value, storages);
  return documentOf(bucketDetailsDocument({ ...posture, ...detail, storage }, account));
};

/** Deleted since the names were read. */
const isGone = (bucket: BucketPosture | BucketDetail): boolean => Object.values(bucket).some(isMissing);

const isMissing = (part: string | number | null | Reading<unknown>): boolean =>
  typeof part === 'object' && part?.kind === 'unread' && part.failure.kind === 'missing';

async function bucketNamed({ reads }: Desk, asked: string): Promise<Found<BucketName>> {
  const name = nameOf('bucket', asked);
  if (name.kind !== 'found') return name;
  const names = await reads.bucketNames();
  const bucket = names.items.find((one) => one.name === asked);
  if (bucket !== undefined) return found(bucket);
  // It may be among those that were not read.
  const whole = wholeOf(names);
  return whole.kind === 'found' ? unknownName('bucket', asked) : whole;
}
