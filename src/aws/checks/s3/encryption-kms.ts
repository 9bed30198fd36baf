import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const encryptionKms = defineBucketCheck({
  id: 's3.encryption-kms',
  title: 'The bucket encrypts with a KMS key by default',
  severity: 'medium',
  why: "With a KMS key, reading takes a right to the key too, and each use of it is in CloudTrail. S3's own keys (AES256, on for every object since January 2023) encrypt, but whoever may read the object reads it.",
  fix: {
    console:
      'S3 > Buckets > the bucket > Properties > Default encryption > Edit: "Server-side encryption with AWS KMS keys", with a Bucket Key. Objects that are there keep their encryption until they are copied.',
    cli: 'aws s3api put-bucket-encryption --bucket <BUCKET> --server-side-encryption-configuration \'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"<KEY_ARN>"},"BucketKeyEnabled":true}]}\'',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-17',
  ],
  controls: fsbp('S3.17'),
  reads: ['bucketEncryption'],
  judge: ({ encryption }) =>
    judgeReading(encryption, (value) => {
      if (value === null) return fail('No default encryption is configured.');
      const { algorithm, kmsKeyId, usesBucketKey } = value;
      const evidence = { algorithm, kmsKeyId, usesBucketKey };
      if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse')
        return pass(`Default encryption is ${algorithm}.`, evidence);
      // Every object is encrypted with it anyway: worth knowing, no more.
      return fail(`Default encryption is ${algorithm}, with S3's own keys.`, {
        evidence,
        ...(algorithm === 'AES256' && { severity: 'informational' as const }),
      });
    }),
});
