import {
  GetBucketAcl$,
  GetBucketEncryption$,
  GetBucketLifecycleConfiguration$,
  GetBucketLogging$,
  GetBucketOwnershipControls$,
  GetBucketPolicy$,
  GetBucketPolicyStatus$,
  GetBucketVersioning$,
  GetPublicAccessBlock$,
} from '@aws-sdk/client-s3';
import type { StaticOperationSchema } from '@smithy/types';
import type { Account, Bucket } from '../account.ts';
import type { Operation } from '../operation.ts';
import { Refusal } from '../refusal.ts';
import { bucketOf } from './s3-bucket.ts';

/** A part of a bucket's configuration: what there is of it, or S3's error for none. */
interface Part {
  readonly schema: StaticOperationSchema;
  readonly action: string;
  readonly of: (bucket: Bucket, account: Account) => object | undefined;
  /** Code and text for undefined. */
  readonly none?: readonly [string, string];
}

const parts: readonly Part[] = [
  {
    schema: GetPublicAccessBlock$,
    action: 's3:GetBucketPublicAccessBlock',
    of: ({ publicAccessBlock }) => publicAccessBlock && { PublicAccessBlockConfiguration: publicAccessBlock },
    none: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
  },
  {
    schema: GetBucketPolicy$,
    action: 's3:GetBucketPolicy',
    of: ({ policy }) => (policy === undefined ? undefined : { Policy: policy }),
    none: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  },
  {
    schema: GetBucketPolicyStatus$,
    action: 's3:GetBucketPolicyStatus',
    of: ({ policy, isPolicyPublic }) =>
      policy === undefined ? undefined : { PolicyStatus: { IsPublic: isPolicyPublic } },
    none: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  },
  {
    schema: GetBucketAcl$,
    action: 's3:GetBucketAcl',
    of: ({ grants }, { canonicalId }) => ({ Owner: { ID: canonicalId }, Grants: grants }),
  },
  {
    schema: GetBucketOwnershipControls$,
    action: 's3:GetBucketOwnershipControls',
    of: ({ ownership }) => ownership && { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } },
    none: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  {
    schema: GetBucketVersioning$,
    action: 's3:GetBucketVersioning',
    of: ({ versioning, isMfaDelete }) =>
      versioning === undefined
        ? {}
        : { Status: versioning, ...(isMfaDelete ? { MFADelete: 'Enabled' } : {}) },
  },
  {
    schema: GetBucketEncryption$,
    action: 's3:GetEncryptionConfiguration',
    of: ({ encryption }) => encryption && { ServerSideEncryptionConfiguration: { Rules: [encryption] } },
    none: [
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ],
  },
  {
    schema: GetBucketLifecycleConfiguration$,
    action: 's3:GetLifecycleConfiguration',
    of: ({ lifecycle }) => lifecycle && { Rules: lifecycle },
    none: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  },
  {
    schema: GetBucketLogging$,
    action: 's3:GetBucketLogging',
    of: ({ logging }) => ({ LoggingEnabled: logging }),
  },
];

export const s3PartOperations: readonly Operation[] = parts.map(({ schema, action, of, none }) => ({
  service: 's3',
  name: schema[2],
  action,
  schema,
  isKept: true,
  answer: (asked, caller) => {
    const bucket = bucketOf(asked, caller);
    const part = of(bucket, caller.account);
    if (part !== undefined) return part;
    const [code, message] = none ?? ['InternalError', `nothing is said of ${schema[2]}`];
    throw new Refusal(code, 404, message, { BucketName: bucket.name });
  },
}));
