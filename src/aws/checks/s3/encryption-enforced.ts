import { POLICY_NOT_UNDERSTOOD } from '../../analysis/bucket-public.ts';
import { readPolicy } from '../../analysis/policy-document.ts';
import { deniesOtherEncryption } from '../../analysis/policy-encryption.ts';
import { fail, pass, unknown } from '../check.ts';
import { bucketArn, defineBucketCheck, judgeReading } from './bucket-check.ts';

export const encryptionEnforced = defineBucketCheck({
  id: 's3.encryption-enforced',
  title: "The bucket's policy denies uploads with another encryption",
  severity: 'low',
  why: 'Default encryption is what an upload gets that names none. Whoever names another, or another key, gets that: only a policy keeps it away.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Bucket policy: add a Deny of s3:PutObject for Principal "*" with the condition StringNotEqualsIfExists s3:x-amz-server-side-encryption "aws:kms".',
    cli: 'aws s3api get-bucket-policy --bucket <BUCKET> --query Policy --output text > policy.json && aws s3api put-bucket-policy --bucket <BUCKET> --policy file://policy.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html',
  ],
  controls: [],
  reads: ['bucketPolicy'],
  judge: (bucket, _block, { identity }) =>
    judgeReading(bucket.policy, (policy) => {
      if (policy === null) return fail('It has no policy, so that an upload may name any encryption.');
      const statements = readPolicy(policy);
      if (!statements) return unknown([POLICY_NOT_UNDERSTOOD]);
      return deniesOtherEncryption(statements, bucketArn(bucket, identity.partition))
        ? pass('Its policy denies uploads with another encryption.')
        : fail('Its policy lets an upload name any encryption.');
    }),
});
