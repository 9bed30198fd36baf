import { oneLine } from '../../../kernel/one-line.ts';
import { POLICY_NOT_UNDERSTOOD } from '../../analysis/bucket-public.ts';
import { readPolicy } from '../../analysis/policy-document.ts';
import {
  ANY_ACCOUNT,
  foreignAdministration,
  ORGANIZATION,
  type ForeignGrant,
} from '../../analysis/policy-foreign.ts';
import { fail, pass, unknown, type Verdict } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineBucketCheck, judgeReading } from './bucket-check.ts';
import { saidOf } from './grants-evidence.ts';

export const crossAccountAdmin = defineBucketCheck({
  id: 's3.cross-account-admin',
  title: 'No other account administers the bucket',
  severity: 'high',
  why: "Whoever may change a bucket's policy, ACLs or encryption from another account can give themselves, and everybody else, all the rest.",
  fix: {
    console:
      'S3 > Buckets > the bucket > Permissions > Bucket policy: take s3:DeleteBucketPolicy, s3:PutBucketAcl, s3:PutBucketPolicy, s3:PutEncryptionConfiguration and s3:PutObjectAcl (and wildcards that hold them) from principals of other accounts.',
    cli: 'aws s3api get-bucket-policy --bucket <BUCKET> --query Policy --output text > policy.json && aws s3api put-bucket-policy --bucket <BUCKET> --policy file://policy.json',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6',
  ],
  controls: fsbp('S3.6'),
  reads: ['bucketPolicy'],
  judge: ({ policy }, _block, { identity }) =>
    judgeReading(policy, (text) => {
      if (text === null) return pass('It has no policy.');
      const statements = readPolicy(text);
      if (!statements) return unknown([POLICY_NOT_UNDERSTOOD]);
      const grants = foreignAdministration(statements, identity.accountId);
      return grants.length > 0
        ? foreign(grants)
        : pass('Its policy gives no other account its administration.');
    }),
});

function foreign(grants: readonly ForeignGrant[]): Verdict {
  const accounts = [...new Set(grants.flatMap((grant) => grant.accounts))];
  const said = accounts.slice(0, 3).map(nameOf).join(', ');
  const more = accounts.length > 3 ? ` and ${accounts.length - 3} more` : '';
  return fail(`Its policy lets ${said}${more} administer it${saidOf(grants)}.`, {
    evidence: {
      accounts: accounts.slice(0, 20),
      statements: grants.slice(0, 5).map(({ sid }) => (sid === null ? null : oneLine(sid, 100))),
      actions: [...new Set(grants.flatMap((grant) => grant.actions))].slice(0, 5),
    },
  });
}

function nameOf(account: string): string {
  if (account === ANY_ACCOUNT) return 'everybody';
  return account === ORGANIZATION ? 'all accounts of an organization' : `account ${oneLine(account, 12)}`;
}
