import { read, whole, type Reading } from '../../inventory/reading.ts';
import { NO_BLOCK, type Bucket, type PublicAccessBlock } from '../../inventory/s3.ts';
import type { CheckSeverity, CheckStatus } from '../check.ts';
import {
  aBucket,
  aLifecycleRule,
  ALL_ON,
  anOpenBucket,
  deniedIn,
  deniedRead,
  OTHER,
  OWN,
  policed,
} from '../test-s3.ts';
import { accessFixtures } from './test-access-fixtures.ts';

/** A bucket, what the account says beside it, and the verdict. */
export interface BucketFixture {
  readonly status: CheckStatus;
  readonly of: string;
  readonly bucket: Bucket;
  /** Absent: the account blocks nothing. */
  readonly block?: Reading<PublicAccessBlock>;
  readonly severity?: CheckSeverity;
}

const noBlockRead = deniedRead('s3:GetAccountPublicAccessBlock');
const tlsDeny = {
  Effect: 'Deny',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const foreignAdmin = { Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: 's3:PutBucketPolicy' };
const otherEncryption = {
  Effect: 'Deny',
  Action: 's3:PutObject',
  Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
};
const versioned = read({ status: 'Enabled', isMfaDelete: false } as const);

/** By check: each status that it can have. */
export const bucketFixtures: Readonly<Record<string, readonly BucketFixture[]>> = {
  ...accessFixtures,
  's3.tls-only': [
    { status: 'PASS', of: 'a Deny on bucket and objects', bucket: policed(tlsDeny) },
    { status: 'FAIL', of: 'no policy', bucket: aBucket() },
    { status: 'FAIL', of: 'a policy without such a Deny', bucket: policed({}) },
    {
      status: 'FAIL',
      of: 'a Deny on objects alone',
      bucket: policed({ ...tlsDeny, Resource: 'arn:aws:s3:::photos/*' }),
    },
    {
      status: 'UNKNOWN',
      of: 'an unread policy',
      bucket: aBucket({ policy: deniedRead('s3:GetBucketPolicy') }),
    },
    { status: 'UNKNOWN', of: 'a policy that is no policy', bucket: aBucket({ policy: read('[]') }) },
  ],
  's3.cross-account-admin': [
    { status: 'PASS', of: 'no policy', bucket: aBucket() },
    {
      status: 'PASS',
      of: 'another account that reads',
      bucket: policed({ ...foreignAdmin, Action: 's3:GetObject' }),
    },
    {
      status: 'PASS',
      of: 'its own account',
      bucket: policed({ ...foreignAdmin, Principal: { AWS: `arn:aws:iam::${OWN}:role/admin` } }),
    },
    { status: 'FAIL', of: 'another account by its root', bucket: policed(foreignAdmin) },
    {
      status: 'FAIL',
      of: 'another account by its number',
      bucket: policed({ ...foreignAdmin, Principal: { AWS: [OWN, OTHER] } }),
    },
    { status: 'FAIL', of: 'everybody', bucket: policed({ Action: 's3:*' }) },
    {
      status: 'UNKNOWN',
      of: 'an unread policy',
      bucket: aBucket({ policy: deniedRead('s3:GetBucketPolicy') }),
    },
    { status: 'UNKNOWN', of: 'a policy that is no policy', bucket: aBucket({ policy: read('policy') }) },
  ],
  's3.acl-disabled': [
    { status: 'PASS', of: 'BucketOwnerEnforced', bucket: aBucket() },
    { status: 'FAIL', of: 'ObjectWriter', bucket: anOpenBucket() },
    { status: 'FAIL', of: 'nothing configured', bucket: aBucket({ ownership: read(null) }) },
    {
      status: 'UNKNOWN',
      of: 'unread ownership',
      bucket: aBucket({ ownership: deniedRead('s3:GetBucketOwnershipControls') }),
    },
  ],
  's3.encryption-kms': [
    {
      status: 'PASS',
      of: 'aws:kms',
      bucket: aBucket({ encryption: read({ algorithm: 'aws:kms', kmsKeyId: null, usesBucketKey: true }) }),
    },
    {
      status: 'PASS',
      of: 'aws:kms:dsse',
      bucket: aBucket({
        encryption: read({ algorithm: 'aws:kms:dsse', kmsKeyId: 'k', usesBucketKey: false }),
      }),
    },
    { status: 'FAIL', of: 'AES256, which is everywhere', bucket: aBucket(), severity: 'informational' },
    { status: 'FAIL', of: 'none', bucket: aBucket({ encryption: read(null) }), severity: 'medium' },
    {
      status: 'UNKNOWN',
      of: 'unread encryption',
      bucket: aBucket({ encryption: deniedRead('s3:GetEncryptionConfiguration') }),
    },
  ],
  's3.versioning': [
    { status: 'PASS', of: 'versions', bucket: aBucket({ versioning: versioned }) },
    { status: 'FAIL', of: 'no versions', bucket: aBucket() },
    {
      status: 'FAIL',
      of: 'suspended versions',
      bucket: aBucket({ versioning: read({ status: 'Suspended', isMfaDelete: false }) }),
    },
    {
      status: 'UNKNOWN',
      of: 'unread versioning',
      bucket: aBucket({ versioning: deniedRead('s3:GetBucketVersioning') }),
    },
  ],
  's3.access-logging': [
    { status: 'PASS', of: 'logs', bucket: aBucket({ logging: read({ bucket: 'logs', prefix: 'photos/' }) }) },
    { status: 'FAIL', of: 'no logs', bucket: aBucket() },
    {
      status: 'UNKNOWN',
      of: 'unread logging',
      bucket: aBucket({ logging: deniedRead('s3:GetBucketLogging') }),
    },
  ],
  's3.lifecycle': [
    { status: 'PASS', of: 'a rule', bucket: aBucket({ lifecycle: read([aLifecycleRule()]) }) },
    { status: 'FAIL', of: 'no rule', bucket: aBucket() },
    {
      status: 'FAIL',
      of: 'a rule that is off',
      bucket: aBucket({ lifecycle: read([aLifecycleRule({ isEnabled: false })]) }),
    },
    {
      status: 'UNKNOWN',
      of: 'an unread lifecycle',
      bucket: aBucket({ lifecycle: deniedRead('s3:GetLifecycleConfiguration') }),
    },
  ],
  's3.versioned-lifecycle': [
    {
      status: 'PASS',
      of: 'versions and a rule',
      bucket: aBucket({ versioning: versioned, lifecycle: read([aLifecycleRule()]) }),
    },
    { status: 'FAIL', of: 'versions without a rule', bucket: aBucket({ versioning: versioned }) },
    { status: 'NOT_APPLICABLE', of: 'no versions', bucket: aBucket() },
    {
      status: 'NOT_APPLICABLE',
      of: 'no versions and an unread lifecycle',
      bucket: aBucket({ lifecycle: deniedRead('s3:GetLifecycleConfiguration') }),
    },
    {
      status: 'UNKNOWN',
      of: 'unread versioning',
      bucket: aBucket({ versioning: deniedRead('s3:GetBucketVersioning') }),
    },
    {
      status: 'UNKNOWN',
      of: 'versions and an unread lifecycle',
      bucket: aBucket({ versioning: versioned, lifecycle: deniedRead('s3:GetLifecycleConfiguration') }),
    },
  ],
  's3.mfa-delete': [
    {
      status: 'PASS',
      of: 'MFA delete',
      bucket: aBucket({ versioning: read({ status: 'Enabled', isMfaDelete: true }) }),
    },
    { status: 'FAIL', of: 'versions without it', bucket: aBucket({ versioning: versioned }) },
    {
      status: 'NOT_APPLICABLE',
      of: 'a lifecycle, beside which there can be none',
      bucket: aBucket({ versioning: versioned, lifecycle: read([aLifecycleRule()]) }),
    },
    {
      status: 'NOT_APPLICABLE',
      of: 'a lifecycle, and unread versioning',
      bucket: aBucket({
        versioning: deniedRead('s3:GetBucketVersioning'),
        lifecycle: read([aLifecycleRule({ isEnabled: false })]),
      }),
    },
    {
      status: 'UNKNOWN',
      of: 'unread versioning',
      bucket: aBucket({ versioning: deniedRead('s3:GetBucketVersioning') }),
    },
    {
      status: 'UNKNOWN',
      of: 'none, and an unread lifecycle',
      bucket: aBucket({ versioning: versioned, lifecycle: deniedRead('s3:GetLifecycleConfiguration') }),
    },
  ],
  's3.encryption-enforced': [
    { status: 'PASS', of: 'a Deny of all but aws:kms', bucket: policed(otherEncryption) },
    {
      status: 'PASS',
      of: 'a Deny of all but one key',
      bucket: policed({
        ...otherEncryption,
        Condition: {
          ArnNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:k' },
        },
      }),
    },
    { status: 'FAIL', of: 'no policy', bucket: aBucket() },
    {
      status: 'FAIL',
      of: 'a Deny for some objects',
      bucket: policed({ ...otherEncryption, Resource: 'arn:aws:s3:::photos/a/*' }),
    },
    {
      status: 'FAIL',
      of: 'a Deny that further conditions narrow',
      bucket: policed({
        ...otherEncryption,
        Condition: { ...otherEncryption.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      }),
    },
    {
      status: 'UNKNOWN',
      of: 'an unread policy',
      bucket: aBucket({ policy: deniedRead('s3:GetBucketPolicy') }),
    },
  ],
  's3.dns-name': [
    { status: 'PASS', of: 'a plain name', bucket: aBucket({ name: 'photos-2026' }) },
    ...['photos.example.com', 'Photos', 'my_photos', 'photos-'].map((name): BucketFixture => ({
      status: 'FAIL',
      of: name,
      bucket: aBucket({ name }),
    })),
  ],
};

/** The account itself. */
export const accountFixtures: readonly Omit<BucketFixture, 'bucket'>[] = [
  { status: 'PASS', of: 'all four flags', block: read(ALL_ON) },
  { status: 'FAIL', of: 'no configuration', block: read(NO_BLOCK) },
  { status: 'FAIL', of: 'three flags', block: read({ ...ALL_ON, ignorePublicAcls: false }) },
  { status: 'UNKNOWN', of: 'a block that may not be read', block: noBlockRead },
];

/** Buckets that could not be listed. */
export const unlistedBuckets = { ...whole<Bucket>([]), failures: [deniedIn('s3:ListAllMyBuckets')] };
