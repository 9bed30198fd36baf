import { read, unread, type Reading, type ReadFailure } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import {
  NO_BLOCK,
  type AclGrant,
  type Bucket,
  type LifecycleRule,
  type PublicAccessBlock,
} from '../inventory/s3.ts';
import type { Check, CheckResult } from './check.ts';
import { accountOf, contextOf, DAY_MS, identity, NOW, REGION } from './test-inventory.ts';

/** As AWS makes a bucket today: nothing is public, AES256, no versions, no logs, no lifecycle. */
export const aBucket = (over: Partial<Bucket> = {}): Bucket => ({
  name: 'photos',
  region: REGION,
  createdAt: NOW - 90 * DAY_MS,
  publicAccessBlock: read(ALL_ON),
  policy: read(null),
  isPolicyPublic: read(null),
  acl: read({ ownerId: 'owner', grants: [ownGrant] }),
  ownership: read('BucketOwnerEnforced'),
  versioning: read({ status: 'Never', isMfaDelete: false }),
  encryption: read({ algorithm: 'AES256', kmsKeyId: null, usesBucketKey: false }),
  lifecycle: read([]),
  logging: read(null),
  storage: read(null),
  ...over,
});

/** One that nothing holds back: what its policy and its ACL say is what happens. */
export const anOpenBucket = (over: Partial<Bucket> = {}): Bucket =>
  aBucket({ publicAccessBlock: read(NO_BLOCK), ownership: read('ObjectWriter'), ...over });

export const ALL_ON: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

const ownGrant: AclGrant = { grantee: 'owner', granteeKind: 'user', permission: 'FULL_CONTROL' };

export const worldGrant = (permission: string, group = 'AllUsers'): AclGrant => ({
  grantee: `http://acs.amazonaws.com/groups/global/${group}`,
  granteeKind: 'group',
  permission,
});

export const aclOf = (...grants: readonly AclGrant[]): Bucket['acl'] =>
  read({ ownerId: 'owner', grants: [ownGrant, ...grants] });

export const aLifecycleRule = (over: Partial<LifecycleRule> = {}): LifecycleRule => ({
  id: 'archive',
  isEnabled: true,
  transitions: [],
  noncurrentTransitions: [],
  expirationDays: 365,
  noncurrentExpirationDays: null,
  abortsIncompleteUploadsAfterDays: null,
  prefix: null,
  ...over,
});

export const deniedIn = (action: Action): ReadFailure => ({
  kind: 'denied',
  action,
  region: REGION,
  code: 'AccessDenied',
});
export const deniedRead = (action: Action): Reading<never> => unread(deniedIn(action));

const ofBucket = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::photos/*',
};

/** A policy's text; what a statement leaves out is an Allow for everybody to get the objects of `photos`. */
export const policyOf = (...statements: readonly Readonly<Record<string, unknown>>[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => {
      const { Principal, Action, Resource, ...rest } = ofBucket;
      return {
        ...rest,
        ...('NotPrincipal' in statement ? {} : { Principal }),
        ...('NotAction' in statement ? {} : { Action }),
        ...('NotResource' in statement ? {} : { Resource }),
        ...statement,
      };
    }),
  });

/** What a policy says to a bucket that nothing else protects; S3's own judgement is not known. */
export const policed = (...statements: readonly Readonly<Record<string, unknown>>[]): Bucket =>
  anOpenBucket({ policy: read(policyOf(...statements)) });

export const OWN = identity.accountId;
export const OTHER = '999999999999';

/** The only result of a check for an account with one bucket. */
export function resultOf(
  check: Check,
  bucket: Bucket,
  accountPublicAccessBlock: Reading<PublicAccessBlock> = read(NO_BLOCK),
): CheckResult {
  const account = accountOf({ buckets: [bucket], accountPublicAccessBlock });
  const [only, ...others] = check.run(contextOf(account)).flatMap(({ results }) => results);
  if (only === undefined || others.length > 0) throw new Error(`${check.id} has not one result`);
  return only;
}
