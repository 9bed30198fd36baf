import { GetBucketLocation$, HeadBucket$, ListBuckets$ } from '@aws-sdk/client-s3';
import { GetPublicAccessBlock$ } from '@aws-sdk/client-s3-control';
import type { Bucket } from '../account.ts';
import type { Operation } from '../operation.ts';
import { pageOf } from '../paging.ts';
import type { Parameters } from '../parameters.ts';
import { Refusal } from '../refusal.ts';
import { bucketAnywhere, bucketOf } from './s3-bucket.ts';

const listBuckets: Operation = {
  service: 's3',
  name: 'ListBuckets',
  action: 's3:ListAllMyBuckets',
  schema: ListBuckets$,
  isKept: true,
  answer: (asked, { account }) => {
    const found = account.s3.buckets.filter(isAsked(asked));
    const { items, next } = pageOf(found, asked, {
      size: 'MaxBuckets',
      token: 'ContinuationToken',
      min: 1,
      max: 10_000,
      default: undefined,
      refuse: (name) => new Refusal('InvalidArgument', 400, `The ${name} provided is incorrect`),
    });
    // S3 tells the region only to those who ask with some parameter.
    const tellsRegion = Object.keys(asked.all).length > 0;
    return {
      Owner: { ID: account.canonicalId },
      Buckets: items.map(({ name, region, createdAt }) => ({
        Name: name,
        CreationDate: createdAt,
        BucketRegion: tellsRegion ? region : undefined,
      })),
      ContinuationToken: next,
      Prefix: asked.text('Prefix'),
    };
  },
};

function isAsked(asked: Parameters): (bucket: Bucket) => boolean {
  const prefix = asked.text('Prefix') ?? '';
  const region = asked.text('BucketRegion');
  return (bucket) => bucket.name.startsWith(prefix) && (region === undefined || bucket.region === region);
}

/** Asked in us-east-1, S3 tells of buckets everywhere. */
const getBucketLocation: Operation = {
  service: 's3',
  name: 'GetBucketLocation',
  action: 's3:GetBucketLocation',
  schema: GetBucketLocation$,
  isKept: true,
  answer: (asked, caller) => {
    const bucket = (caller.regionName === 'us-east-1' ? bucketAnywhere : bucketOf)(asked, caller);
    return bucket.region === 'us-east-1' ? {} : { LocationConstraint: bucket.region };
  },
};

const headBucket: Operation = {
  service: 's3',
  name: 'HeadBucket',
  action: 's3:ListBucket',
  schema: HeadBucket$,
  isKept: true,
  answer: (asked, caller) => ({ BucketRegion: bucketOf(asked, caller).region, AccessPointAlias: false }),
};

const accountPublicAccessBlock: Operation = {
  service: 's3control',
  name: 'GetPublicAccessBlock',
  action: 's3:GetAccountPublicAccessBlock',
  schema: GetPublicAccessBlock$,
  isKept: true,
  answer: (asked, { account }) => {
    if (asked.text('AccountId') !== account.id) throw new Refusal('AccessDenied', 403, 'Access Denied');
    const { publicAccessBlock } = account.s3;
    if (publicAccessBlock !== undefined) return { PublicAccessBlockConfiguration: publicAccessBlock };
    throw new Refusal(
      'NoSuchPublicAccessBlockConfiguration',
      404,
      'The public access block configuration was not found',
      { AccountId: account.id },
    );
  },
};

export const s3Operations: readonly Operation[] = [
  listBuckets,
  getBucketLocation,
  headBucket,
  accountPublicAccessBlock,
];
