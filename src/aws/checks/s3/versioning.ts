import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const versioning = defineBucketCheck({
  id: 's3.versioning',
  title: 'The bucket keeps versions of its objects',
  severity: 'low',
  why: 'Without versions, what is overwritten or deleted is gone, by a mistake as by ransomware.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Properties > Bucket Versioning > Edit: Enable; then a lifecycle rule that expires noncurrent versions.',
    cli: 'aws s3api put-bucket-versioning --bucket <BUCKET> --versioning-configuration Status=Enabled',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14',
  ],
  controls: fsbp('S3.14'),
  reads: ['bucketVersioning'],
  judge: (bucket) =>
    judgeReading(bucket.versioning, ({ status }) => {
      if (status === 'Enabled') return pass('Versioning is on.');
      return fail(
        status === 'Suspended'
          ? 'Versioning is suspended: what is written now replaces what was there.'
          : 'Versioning was never turned on.',
        { evidence: { status } },
      );
    }),
});
