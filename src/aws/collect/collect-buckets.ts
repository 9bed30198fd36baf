import { read, type ReadFailure, type Reading, unread } from '../inventory/reading.ts';
import type { ReadName } from '../inventory/reads.ts';
import type { Bucket, BucketName, BucketStorage, S3Inventory } from '../inventory/s3.ts';
import { GLOBAL } from './failure.ts';
import { inTurn } from './in-turn.ts';
import { type Ledger, notAsked } from './ledger.ts';
import type { AccountReader } from './port.ts';
import type { CalledPart } from './bucket-parts.ts';

/** So few that the rest of the account gets its turns between them. */
const BUCKETS_AT_ONCE = 16;

const partReads = {
  publicAccessBlock: 'bucketPublicAccessBlock',
  policy: 'bucketPolicy',
  isPolicyPublic: 'bucketPolicyStatus',
  acl: 'bucketAcl',
  ownership: 'bucketOwnership',
  versioning: 'bucketVersioning',
  encryption: 'bucketEncryption',
  lifecycle: 'bucketLifecycle',
  logging: 'bucketLogging',
} as const satisfies Record<CalledPart, ReadName>;

type Storages = ReadonlyMap<string, Reading<ReadonlyMap<string, BucketStorage>>>;

/** The buckets of all regions, wherever the scan looks otherwise. */
export async function collectBuckets(
  reader: AccountReader,
  accountId: string,
  ledger: Ledger,
): Promise<S3Inventory> {
  const isNeeded = ledger.needs('buckets', 'bucketStorage', ...Object.values(partReads));
  const [accountPublicAccessBlock, names] = await Promise.all([
    ledger.reading('accountPublicAccessBlock', GLOBAL, () =>
      reader.accountPublicAccessBlock(accountId, reader.region),
    ),
    ledger.listing('buckets', GLOBAL, () => reader.bucketNames(), isNeeded),
  ]);
  const [storages, configured] = await Promise.all([
    collectStorages(reader, names.items, ledger),
    inTurn(names.items, BUCKETS_AT_ONCE, (bucket) =>
      ledger.step(() => collectBucket(reader, bucket, ledger)),
    ),
  ]);
  const items = configured.flatMap((bucket): Bucket[] =>
    bucket === undefined ? [] : [{ ...bucket, storage: storageOf(storages, bucket) }],
  );
  return { accountPublicAccessBlock, buckets: { items, failures: names.failures } };
}

type Configured = Omit<Bucket, 'storage'>;

/** Undefined: it has been deleted since it was listed. */
async function collectBucket(
  reader: AccountReader,
  bucket: BucketName,
  ledger: Ledger,
): Promise<Configured | undefined> {
  const isNeeded = (part: CalledPart) => ledger.needs(partReads[part]);
  const wanted = calledParts.filter(isNeeded);
  const found: Pick<Bucket, CalledPart> = await reader.bucket(bucket, wanted);
  const failures = wanted.map((part) => failuresOf(found[part]));
  if (failures.flat().some(({ code }) => code === 'NoSuchBucket')) return undefined;
  for (const some of failures) ledger.count(some);
  const part = <P extends CalledPart>(name: P): Bucket[P] | Reading<never> =>
    isNeeded(name) ? found[name] : unread(notAsked(partReads[name], bucket.region));
  return {
    ...bucket,
    publicAccessBlock: part('publicAccessBlock'),
    policy: part('policy'),
    isPolicyPublic: part('isPolicyPublic'),
    acl: part('acl'),
    ownership: part('ownership'),
    versioning: part('versioning'),
    encryption: part('encryption'),
    lifecycle: part('lifecycle'),
    logging: part('logging'),
  };
}

const calledParts: readonly CalledPart[] = [
  ...(['publicAccessBlock', 'policy', 'isPolicyPublic', 'acl', 'ownership'] as const),
  ...(['versioning', 'encryption', 'lifecycle', 'logging'] as const),
];

const failuresOf = (reading: Reading<unknown>): readonly ReadFailure[] =>
  reading.kind === 'unread' ? [reading.failure] : [];

/** The daily figures of all regions that have buckets, each region's as one read. */
async function collectStorages(
  reader: AccountReader,
  buckets: readonly BucketName[],
  ledger: Ledger,
): Promise<Storages> {
  const regions = [...new Set(buckets.map(({ region }) => region))];
  const storages = regions.map(
    async (region) =>
      [region, await ledger.reading('bucketStorage', region, () => reader.bucketStorage(region))] as const,
  );
  return new Map(await Promise.all(storages));
}

function storageOf(storages: Storages, { name, region }: BucketName): Bucket['storage'] {
  const storage = storages.get(region);
  if (storage === undefined) return unread(notAsked('bucketStorage', region));
  return storage.kind === 'unread' ? storage : read(storage.value.get(name) ?? null);
}
