import { whole, type Reading } from '../../inventory/reading.ts';
import type { PublicAccessBlock } from '../../inventory/s3.ts';
import { defineAccountCheck, fail, GLOBAL, pass } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { flagsOff } from './block-flags.ts';
import { judgeReading } from './bucket-check.ts';

export const accountBpa = defineAccountCheck<Reading<PublicAccessBlock>>({
  id: 's3.account-bpa',
  service: 's3',
  title: 'The account blocks public access to all of its buckets',
  severity: 'medium',
  why: "The account's four flags hold for every bucket and access point that it has or will have. Without them one mistake in one bucket is enough to make it public.",
  fix: {
    console:
      'S3 > Block Public Access settings for this account > Edit: turn on "Block all public access". Look first for buckets that are public on purpose.',
    cli: 'aws s3control put-public-access-block --account-id <ACCOUNT_ID> --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1',
  ],
  controls: [...fsbp('S3.1'), ...cis('2.1.4', '2.1.4', '3.1.4')],
  reads: ['accountPublicAccessBlock'],
  subjects: ({ s3 }) => whole([s3.accountPublicAccessBlock]),
  resource: (_block, { identity }) => ({
    type: 'account',
    arn: `arn:${identity.partition}:iam::${identity.accountId}:root`,
    name: identity.accountId,
    region: GLOBAL,
  }),
  judge: (reading) =>
    judgeReading(reading, (block) => {
      const off = flagsOff(block);
      if (off.length === 0) return pass('All four flags are on for the account.');
      return fail(`For the account, ${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off.`, {
        evidence: { off },
      });
    }),
});
