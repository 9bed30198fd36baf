import { blockFlag, effectiveBlock } from '../../analysis/bucket-public.ts';
import { allOf } from '../../analysis/reading-logic.ts';
import { valueOf, type Reading } from '../../inventory/reading.ts';
import type { Bucket, PublicAccessBlock } from '../../inventory/s3.ts';
import { fail, pass, type Verdict } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { blockFlags } from './block-flags.ts';
import { defineBucketCheck, judgeDecided } from './bucket-check.ts';

export const bucketBpa = defineBucketCheck({
  id: 's3.bucket-bpa',
  title: 'Public access to the bucket is blocked',
  severity: 'high',
  why: "With all four flags in force, neither an ACL nor a policy can make the bucket public, whoever writes it. Flags that come from the account alone are gone when the account's are turned off.",
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Block public access > Edit: "Block all public access".',
    cli: 'aws s3api put-public-access-block --bucket <BUCKET> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8',
  ],
  controls: [...fsbp('S3.8'), ...cis('2.1.4', '2.1.4', '3.1.4')],
  reads: ['bucketPublicAccessBlock', 'accountPublicAccessBlock'],
  judge: (bucket, block) => {
    const flags = blockFlags.map(([flag]) => blockFlag(bucket, block, flag));
    return judgeDecided(
      allOf(...flags),
      (isBlocked) => (isBlocked ? blocked(bucket, block) : open(bucket, block)),
      effectiveBlock(bucket, block),
      bucket.publicAccessBlock,
      block,
    );
  },
});

/** What the bucket itself does not say is told apart: it hangs on the account. */
function blocked({ publicAccessBlock }: Bucket, account: Reading<PublicAccessBlock>): Verdict {
  const own = valueOf(publicAccessBlock);
  const whole = valueOf(account);
  const inherited = blockFlags.flatMap(([flag, name]) =>
    own?.[flag] !== true && whole?.[flag] === true ? [name] : [],
  );
  if (inherited.length === 0) return pass('All four flags are on for the bucket itself.', { inherited });
  return pass(`All four flags are in force; ${inherited.join(', ')} by the account alone.`, { inherited });
}

function open(bucket: Bucket, account: Reading<PublicAccessBlock>): Verdict {
  const off = blockFlags.flatMap(([flag, name]) =>
    valueOf(blockFlag(bucket, account, flag)) === false ? [name] : [],
  );
  return fail(
    `${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off for the bucket and for the account.`,
    {
      evidence: { off },
    },
  );
}
