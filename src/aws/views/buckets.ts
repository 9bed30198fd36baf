import { effectiveBlock, isBucketPublic } from '../analysis/bucket-public.ts';
import { valueOf, type Reading } from '../inventory/reading.ts';
import type { Bucket, BucketEncryption, BucketStorage, PublicAccessBlock } from '../inventory/s3.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';
import { totalBytes } from './storage-classes.ts';
import { UnreadMembers } from './unreadable.ts';

/** What a bucket's row is made of. */
export interface BucketRow {
  readonly bucket: Omit<Bucket, 'lifecycle' | 'logging'>;
  readonly account: Reading<PublicAccessBlock>;
}

/** Whether there is a default encryption: the contract's `buckets_without_encryption` have none. */
export const isEncrypted = (encryption: BucketEncryption | null): boolean => encryption !== null;

export const hasAllFlags = (block: PublicAccessBlock): boolean =>
  block.blockPublicAcls && block.ignorePublicAcls && block.blockPublicPolicy && block.restrictPublicBuckets;

/** A bucket as the contract has it, and how it is guarded. */
export function bucketWire(row: BucketRow) {
  const unread = new UnreadMembers();
  return { ...bucketMembers(row, unread), unreadable: unread.list };
}

export function bucketMembers({ bucket, account }: BucketRow, unread: UnreadMembers) {
  return {
    name: bucket.name,
    creation_date: utc(bucket.createdAt),
    region: bucket.region,
    ...storageMembers(bucket.storage, unread),
    versioning_enabled: unread.of('versioning_enabled', bucket.versioning, isVersioned),
    public_access_blocked: unread.of('public_access_blocked', effectiveBlock(bucket, account), hasAllFlags),
    publicly_accessible: unread.of('publicly_accessible', isBucketPublic(bucket, account), itself),
    encryption_enabled: unread.of('encryption_enabled', bucket.encryption, isEncrypted),
  };
}

const itself = (value: boolean): boolean => value;
const isVersioned = ({ status }: { readonly status: string }): boolean => status === 'Enabled';

/** What CloudWatch has no figure of is null, which is not zero. */
function storageMembers(storage: Reading<BucketStorage | null>, unread: UnreadMembers) {
  const figures = valueOf(storage) ?? null;
  if (storage.kind === 'unread') {
    unread.add('object_count', [storage.failure]);
    unread.add('total_size_bytes', [storage.failure]);
  }
  return {
    object_count: figures?.objects ?? null,
    total_size_bytes: figures === null ? null : sizeOf(figures),
    storage_date: figures === null ? null : utc(figures.at),
  };
}

/** Null where CloudWatch counts objects, but no bytes. */
export const sizeOf = ({ bytesByType }: BucketStorage): number | null =>
  Object.keys(bytesByType).length === 0 ? null : totalBytes(bytesByType);

export const bucketList: ListShape<BucketRow> = {
  member: 'buckets',
  name: ({ bucket }) => bucket.name,
  id: ({ bucket }) => bucket.region,
  wire: bucketWire,
};
