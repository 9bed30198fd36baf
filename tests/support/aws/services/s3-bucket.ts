import type { Account, Bucket } from '../account.ts';
import type { Caller } from '../operation.ts';
import type { Parameters } from '../parameters.ts';
import { Refusal } from '../refusal.ts';

/**
 * The bucket that was asked for, in the region that was asked. Elsewhere it is a redirect, of another account a denial,
 * and nowhere `NoSuchBucket`.
 */
export function bucketOf(asked: Parameters, caller: Caller): Bucket {
  const bucket = bucketAnywhere(asked, caller);
  if (bucket.region === caller.regionName) return bucket;
  throw new Refusal(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name },
    { 'x-amz-bucket-region': bucket.region },
  );
}

/** The same whatever the region. */
export function bucketAnywhere(asked: Parameters, caller: Caller): Bucket {
  const name = asked.text('Bucket') ?? '';
  const found = named(caller.account).get(name);
  const expected = asked.text('ExpectedBucketOwner') ?? caller.account.id;
  const isOther = [...caller.accounts.values()].some((account) => named(account).has(name));
  if ((found === undefined && isOther) || (found !== undefined && expected !== caller.account.id))
    throw new Refusal('AccessDenied', 403, 'Access Denied');
  if (found === undefined)
    throw new Refusal('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
  return found;
}

const indexes = new WeakMap<readonly Bucket[], ReadonlyMap<string, Bucket>>();

function named({ s3 }: Account): ReadonlyMap<string, Bucket> {
  const known = indexes.get(s3.buckets) ?? new Map(s3.buckets.map((bucket) => [bucket.name, bucket]));
  indexes.set(s3.buckets, known);
  return known;
}
