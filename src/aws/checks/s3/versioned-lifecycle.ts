import type { Bucket, LifecycleRule } from '../../inventory/s3.ts';
import { fail, notApplicable, pass, type Verdict } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';
import { enabledRules } from './lifecycle.ts';

export const versionedLifecycle = defineBucketCheck({
  id: 's3.versioned-lifecycle',
  title: 'A bucket with versions has a lifecycle rule',
  severity: 'medium',
  why: 'Each overwritten or deleted object of a versioned bucket stays as a noncurrent version, and is paid for, until a lifecycle rule takes it away.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Management > Create lifecycle rule: "Permanently delete noncurrent versions of objects". The command replaces all rules that are there, also those that are off.',
    cli: 'aws s3api put-bucket-lifecycle-configuration --bucket <BUCKET> --lifecycle-configuration \'{"Rules":[{"ID":"noncurrent","Status":"Enabled","Filter":{},"NoncurrentVersionExpiration":{"NoncurrentDays":90}}]}\'',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-10',
  ],
  controls: fsbp('S3.10'),
  reads: ['bucketVersioning', 'bucketLifecycle'],
  judge: (bucket) =>
    judgeReading(bucket.versioning, ({ status }) =>
      status === 'Enabled' ? judgeVersioned(bucket) : notApplicable('It keeps no versions.'),
    ),
});

const judgeVersioned = ({ lifecycle }: Bucket): Verdict =>
  judgeReading(lifecycle, (rules) => {
    const enabled = enabledRules(rules);
    if (enabled.length === 0) return fail('It keeps versions, and no lifecycle rule is on.');
    const isForVersions = enabled.some(concernsVersions);
    return pass(
      isForVersions
        ? 'A lifecycle rule takes care of noncurrent versions.'
        : 'A lifecycle rule is on, though none that concerns noncurrent versions.',
      { concernsVersions: isForVersions },
    );
  });

const concernsVersions = ({ noncurrentExpirationDays, noncurrentTransitions }: LifecycleRule): boolean =>
  noncurrentExpirationDays !== null || noncurrentTransitions.length > 0;
