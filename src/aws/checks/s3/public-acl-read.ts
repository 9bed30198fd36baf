import { isReadableByAcl } from '../../analysis/bucket-public.ts';
import { isReadingGrant, worldGrants } from '../../analysis/world-grants.ts';
import { valueOf } from '../../inventory/reading.ts';
import type { Bucket } from '../../inventory/s3.ts';
import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeDecided } from './bucket-check.ts';
import { aclGrantsSaid } from './grants-evidence.ts';

export const publicAclRead = defineBucketCheck({
  id: 's3.public-acl-read',
  title: 'The bucket is not readable by everybody through its ACL',
  severity: 'critical',
  why: 'An ACL that grants reading to AllUsers or AuthenticatedUsers lets anybody list what the bucket holds or who may do what: the second group is everybody who has an AWS account, not only yours.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Object Ownership: choose "ACLs disabled (bucket owner enforced)". Where ACLs must stay, take the grants to Everyone and Authenticated users out of the access control list.',
    cli: 'aws s3api put-bucket-ownership-controls --bucket <BUCKET> --ownership-controls "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2',
  ],
  controls: fsbp('S3.2'),
  reads: ['bucketAcl', 'bucketOwnership', 'bucketPublicAccessBlock', 'accountPublicAccessBlock'],
  judge: (bucket, block) =>
    judgeDecided(
      isReadableByAcl(bucket, block),
      (isReadable) => (isReadable ? readableVerdict(bucket) : pass(notReadableBecause(bucket))),
      bucket.acl,
      bucket.ownership,
      bucket.publicAccessBlock,
      block,
    ),
});

const readingGrants = ({ acl }: Bucket) => worldGrants(valueOf(acl)?.grants ?? []).filter(isReadingGrant);

function readableVerdict(bucket: Bucket) {
  const grants = readingGrants(bucket);
  return fail(`Its ACL grants ${aclGrantsSaid(grants)}, and public ACLs are not ignored.`, {
    evidence: { grants: grants.slice(0, 10), ownership: valueOf(bucket.ownership) ?? null },
  });
}

function notReadableBecause(bucket: Bucket): string {
  if (valueOf(bucket.ownership) === 'BucketOwnerEnforced') return 'ACLs are switched off for it.';
  if (valueOf(bucket.acl) !== undefined && readingGrants(bucket).length === 0)
    return 'Its ACL grants the world nothing to read.';
  return 'IgnorePublicAcls is on: its ACL gives the world nothing.';
}
