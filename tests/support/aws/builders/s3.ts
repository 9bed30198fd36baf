import type { Grant } from '@aws-sdk/client-s3';
import type { Bucket, Metric } from '../account.ts';
import { here, longAgo } from './place.ts';

export const allBlocked = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Private in every way, encrypted under KMS, versioned, logged and with a lifecycle. */
export function aBucket(name: string, overrides: Partial<Bucket> = {}): Bucket {
  return {
    name,
    region: here.region,
    createdAt: longAgo,
    publicAccessBlock: allBlocked,
    policy: policyOf([tlsOnly(name)]),
    isPolicyPublic: false,
    grants: [],
    ownership: 'BucketOwnerEnforced',
    versioning: 'Enabled',
    isMfaDelete: false,
    encryption: {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
      BucketKeyEnabled: true,
    },
    lifecycle: [
      {
        ID: 'tidy',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
    logging: { TargetBucket: 'access-logs', TargetPrefix: `${name}/` },
    ...overrides,
  };
}

/** As S3 makes a bucket today, with nothing configured by anybody. */
export const untouched: Partial<Bucket> = {
  policy: undefined,
  isPolicyPublic: undefined,
  versioning: undefined,
  encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  lifecycle: undefined,
  logging: undefined,
};

/** Everybody may read its objects, by its policy, and nothing blocks that. */
export const publicByPolicy = (name: string): Partial<Bucket> => ({
  publicAccessBlock: undefined,
  policy: policyOf([
    { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` },
  ]),
  isPolicyPublic: true,
});

/** Everybody may list it, by its ACL, and nothing blocks that. */
export const publicByAcl: Partial<Bucket> = {
  publicAccessBlock: undefined,
  ownership: 'ObjectWriter',
  grants: [everybody('READ')],
};

export function everybody(permission: 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL'): Grant {
  return {
    Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    Permission: permission,
  };
}

export const policyOf = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const tlsOnly = (name: string): object => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** CloudWatch's daily figures of a bucket, for its region's metrics. */
export function storageMetrics(
  bucket: string,
  bytesByType: Readonly<Record<string, number>>,
  objects: number,
): Metric[] {
  const daily = (name: string, StorageType: string, mean: number): Metric => ({
    namespace: 'AWS/S3',
    name,
    dimensions: { BucketName: bucket, StorageType },
    everySeconds: 86_400,
    mean,
    swing: 0,
  });
  return [
    ...Object.entries(bytesByType).map(([type, bytes]) => daily('BucketSizeBytes', type, bytes)),
    daily('NumberOfObjects', 'AllStorageTypes', objects),
  ];
}
