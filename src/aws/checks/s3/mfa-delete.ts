import { valueOf } from '../../inventory/reading.ts';
import { fail, notApplicable, pass, unknown, type Verdict } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import type { Bucket } from '../../inventory/s3.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';

export const mfaDelete = defineBucketCheck({
  id: 's3.mfa-delete',
  title: 'Deleting versions of the bucket takes a second factor',
  severity: 'low',
  why: 'With MFA delete, stolen keys alone can neither delete versions for good nor turn versioning off.',
  fix: {
    console: 'Not in the console: the root user turns it on by the command line, with its MFA device.',
    cli: 'aws s3api put-bucket-versioning --bucket <BUCKET> --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "<MFA_SERIAL> <CODE>"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-20',
  ],
  controls: [...fsbp('S3.20'), ...cis('2.1.2', '2.1.2', '3.1.2')],
  reads: ['bucketVersioning', 'bucketLifecycle'],
  judge: (bucket) => {
    // S3 takes no MFA delete beside a lifecycle: whoever has one cannot have the other.
    if ((valueOf(bucket.lifecycle)?.length ?? 0) > 0 && valueOf(bucket.versioning)?.isMfaDelete !== true)
      return notApplicable('It has a lifecycle, beside which S3 allows no MFA delete.');
    return judgeReading(bucket.versioning, ({ isMfaDelete }) =>
      isMfaDelete ? pass('MFA delete is on.') : withoutMfa(bucket),
    );
  },
});

function withoutMfa({ lifecycle }: Bucket): Verdict {
  return lifecycle.kind === 'unread' ? unknown([lifecycle.failure]) : fail('MFA delete is off.');
}
