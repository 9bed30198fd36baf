import {
  isPolicyPublic,
  isPublicByAcl,
  isWritableByAnybody,
  isWritableByPolicy,
} from '../../analysis/bucket-public.ts';
import { readPolicy } from '../../analysis/policy-document.ts';
import { publicWrites } from '../../analysis/policy.ts';
import { isWritingGrant, worldGrants } from '../../analysis/world-grants.ts';
import { valueOf, type Reading } from '../../inventory/reading.ts';
import type { Bucket, PublicAccessBlock } from '../../inventory/s3.ts';
import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeDecided } from './bucket-check.ts';
import { aclGrantsSaid, grantsEvidence, saidOf } from './grants-evidence.ts';

export const publicWrite = defineBucketCheck({
  id: 's3.public-write',
  title: 'Nobody at large can write to the bucket',
  severity: 'critical',
  why: 'Whoever can write, delete or change settings without being anybody can spoil or encrypt what is there, serve malware under your name, and have you pay for what they store.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions: turn on "Block all public access"; then take s3:Put*, s3:Delete* and s3:* for "*" out of the bucket policy, and the write grants to Everyone and Authenticated users out of the access control list.',
    cli: 'aws s3api put-public-access-block --bucket <BUCKET> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-3',
  ],
  controls: fsbp('S3.3'),
  reads: [
    'bucketAcl',
    'bucketOwnership',
    'bucketPolicy',
    'bucketPolicyStatus',
    'bucketPublicAccessBlock',
    'accountPublicAccessBlock',
  ],
  judge: (bucket, block) =>
    judgeDecided(
      isWritableByAnybody(bucket, block),
      (isWritable) =>
        isWritable
          ? writableVerdict(bucket, block)
          : pass('Neither its ACL nor its policy lets everybody write.'),
      isPolicyPublic(bucket),
      bucket.policy,
      bucket.acl,
      bucket.ownership,
      bucket.publicAccessBlock,
      block,
    ),
});

function writableVerdict(bucket: Bucket, block: Reading<PublicAccessBlock>) {
  const acl = isSo(isPublicByAcl(bucket, block, isWritingGrant))
    ? worldGrants(valueOf(bucket.acl)?.grants ?? []).filter(isWritingGrant)
    : [];
  const grants = isSo(isWritableByPolicy(bucket, block))
    ? publicWrites(readPolicy(valueOf(bucket.policy) ?? '') ?? [])
    : [];
  const said = [
    ...(grants.length > 0 ? [`its policy lets everybody change things${saidOf(grants)}`] : []),
    ...(acl.length > 0 ? [`its ACL grants ${aclGrantsSaid(acl)}`] : []),
  ];
  return fail(`Of this bucket, ${said.join(', and ')}, and no block on public access keeps that out.`, {
    evidence: { ...grantsEvidence(grants), grants: acl.slice(0, 10) },
  });
}

const isSo = (reading: Reading<boolean>): boolean => valueOf(reading) === true;
