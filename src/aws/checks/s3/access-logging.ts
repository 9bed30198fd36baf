import { fail, pass } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const accessLogging = defineBucketCheck({
  id: 's3.access-logging',
  title: 'Requests to the bucket are logged',
  severity: 'medium',
  why: 'After a leak, server access logs say who fetched what, and from where. What was not logged cannot be found out later.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Properties > Server access logging > Edit: Enable, with another bucket of the same region as the destination.',
    cli: 'aws s3api put-bucket-logging --bucket <BUCKET> --bucket-logging-status \'{"LoggingEnabled":{"TargetBucket":"<LOG_BUCKET>","TargetPrefix":"<BUCKET>/"}}\'',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-9',
  ],
  controls: [...fsbp('S3.9'), ...cis('3.4', '3.4', '4.4')],
  reads: ['bucketLogging'],
  judge: ({ logging }) =>
    judgeReading(logging, (to) =>
      to === null
        ? fail('Server access logging is off.')
        : pass(`Requests are logged to ${to.bucket}.`, { bucket: to.bucket, prefix: to.prefix }),
    ),
});
