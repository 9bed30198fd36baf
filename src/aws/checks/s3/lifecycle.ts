import type { LifecycleRule } from '../../inventory/s3.ts';
import { fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const lifecycle = defineBucketCheck({
  id: 's3.lifecycle',
  title: 'A lifecycle rule of the bucket is on',
  severity: 'low',
  why: 'Without lifecycle rules everything stays for good, in the dearest storage class: it costs, and it is more to lose.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Management > Create lifecycle rule: transitions, expiration, and "Delete incomplete multipart uploads". The command replaces all rules that are there, also those that are off.',
    cli: 'aws s3api put-bucket-lifecycle-configuration --bucket <BUCKET> --lifecycle-configuration \'{"Rules":[{"ID":"abort-uploads","Status":"Enabled","Filter":{},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}\'',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-13',
  ],
  controls: fsbp('S3.13'),
  reads: ['bucketLifecycle'],
  judge: (bucket) =>
    judgeReading(bucket.lifecycle, (rules) => {
      const enabled = enabledRules(rules);
      const evidence = {
        rules: rules.length,
        enabled: enabled.length,
        abortsIncompleteUploads: aborts(enabled),
      };
      if (enabled.length === 0)
        return fail(
          rules.length === 0 ? 'It has no lifecycle rules.' : 'All of its lifecycle rules are off.',
          {
            evidence,
          },
        );
      const uploads = aborts(enabled) ? '' : ' None of them ends incomplete multipart uploads.';
      return pass(`Of its lifecycle rules, ${enabled.length} of ${rules.length} are on.${uploads}`, evidence);
    }),
});

export const enabledRules = (rules: readonly LifecycleRule[]): readonly LifecycleRule[] =>
  rules.filter(({ isEnabled }) => isEnabled);

const aborts = (rules: readonly LifecycleRule[]): boolean =>
  rules.some(({ abortsIncompleteUploadsAfterDays }) => abortsIncompleteUploadsAfterDays !== null);
