import { readPolicy } from '../../analysis/policy-document.ts';
import { deniesPlaintext } from '../../analysis/policy-tls.ts';
import { POLICY_NOT_UNDERSTOOD } from '../../analysis/bucket-public.ts';
import { fail, pass, unknown } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { bucketArn, defineBucketCheck, judgeReading } from './bucket-check.ts';

export const tlsOnly = defineBucketCheck({
  id: 's3.tls-only',
  title: "The bucket's policy denies requests without TLS",
  severity: 'medium',
  why: 'S3 answers plain HTTP too. A client that is set up wrongly then sends objects and signed requests for everybody on the way to read.',
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Bucket policy: add a Deny of s3:* for Principal "*" on the bucket and on all of its objects, with the condition Bool aws:SecureTransport "false". Keep its other statements: what is put replaces the whole policy.',
    cli: 'aws s3api get-bucket-policy --bucket <BUCKET> --query Policy --output text > policy.json && aws s3api put-bucket-policy --bucket <BUCKET> --policy file://policy.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5',
  ],
  controls: [...fsbp('S3.5'), ...cis('2.1.1', '2.1.1', '3.1.1')],
  reads: ['bucketPolicy'],
  judge: (bucket, _block, { identity }) =>
    judgeReading(bucket.policy, (policy) => {
      if (policy === null) return fail('It has no policy, so that plain HTTP is answered.');
      const statements = readPolicy(policy);
      if (!statements) return unknown([POLICY_NOT_UNDERSTOOD]);
      return deniesPlaintext(statements, bucketArn(bucket, identity.partition))
        ? pass('Its policy denies everybody requests without TLS.')
        : fail(
            'Its policy does not deny everybody all requests without TLS, on the bucket and on its objects.',
          );
    }),
});
