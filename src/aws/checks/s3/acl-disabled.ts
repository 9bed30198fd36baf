import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const aclDisabled = defineBucketCheck({
  id: 's3.acl-disabled',
  title: 'ACLs are switched off for the bucket',
  severity: 'medium',
  why: "ACLs grant access object by object, where no policy shows it. Without them, policies alone say who gets at what, and the bucket's owner owns every object.",
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Object Ownership > Edit: "ACLs disabled (recommended)". Move grants that are needed into the bucket policy first.',
    cli: 'aws s3api put-bucket-ownership-controls --bucket <BUCKET> --ownership-controls "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-12',
  ],
  controls: fsbp('S3.12'),
  reads: ['bucketOwnership'],
  judge: ({ ownership }) =>
    judgeReading(ownership, (value) => {
      if (value === 'BucketOwnerEnforced')
        return pass('Object ownership is BucketOwnerEnforced: ACLs are off.');
      return fail(`ACLs are in use: object ownership is ${value ?? 'not configured'}.`, {
        evidence: { ownership: value },
      });
    }),
});
