import { isPolicyPublic, isPublicByPolicy } from '../../analysis/bucket-public.ts';
import { readPolicy } from '../../analysis/policy-document.ts';
import { publicGrants } from '../../analysis/policy.ts';
import { valueOf } from '../../inventory/reading.ts';
import type { Bucket } from '../../inventory/s3.ts';
import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeDecided } from './bucket-check.ts';
import { grantsEvidence, saidOf } from './grants-evidence.ts';

export const publicPolicy = defineBucketCheck({
  id: 's3.public-policy',
  title: 'The bucket is not public through its policy',
  severity: 'critical',
  why: 'A policy that lets everybody in gives what is in the bucket to the whole internet. Most leaks of data out of S3 began so.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions: turn on "Block all public access", then take the statements for "*" out of the bucket policy, or narrow them by a condition such as aws:SourceVpce or aws:PrincipalOrgID.',
    cli: 'aws s3api put-public-access-block --bucket <BUCKET> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2',
  ],
  controls: fsbp('S3.2'),
  reads: ['bucketPolicy', 'bucketPolicyStatus', 'bucketPublicAccessBlock', 'accountPublicAccessBlock'],
  judge: (bucket, block) =>
    judgeDecided(
      isPublicByPolicy(bucket, block),
      (isPublic) => (isPublic ? publicVerdict(bucket) : pass(notPublicBecause(bucket))),
      isPolicyPublic(bucket),
      bucket.publicAccessBlock,
      block,
    ),
});

function publicVerdict({ policy, isPolicyPublic: judged }: Bucket) {
  const statements = readPolicy(valueOf(policy) ?? '');
  const grants = statements ? publicGrants(statements) : [];
  const by = valueOf(judged) === true ? 'S3 says that its policy is public' : 'Its policy lets everybody in';
  return fail(`${by}${saidOf(grants)}, and RestrictPublicBuckets is on neither for it nor for the account.`, {
    evidence: { ...grantsEvidence(grants), judgedBy: valueOf(judged) === true ? 's3' : 'policy' },
  });
}

function notPublicBecause(bucket: Bucket): string {
  const isPublic = isPolicyPublic(bucket);
  if (isPublic.kind === 'read' && !isPublic.value)
    return valueOf(bucket.policy) === null ? 'It has no policy.' : 'Its policy is not public.';
  return 'RestrictPublicBuckets keeps the public out, whatever its policy says.';
}
