import { read, unread, type Reading, type ReadFailure } from '../inventory/reading.ts';
import type { AclGrant, Bucket, PublicAccessBlock } from '../inventory/s3.ts';
import { readPolicy, type PolicyStatement } from './policy-document.ts';
import { isAboutThePublic, publicGrants, publicWrites } from './policy.ts';
import { allOf, anyOf, mapped, not } from './reading-logic.ts';
import { isReadingGrant, isWritingGrant, worldGrants } from './world-grants.ts';

/** What decides who gets at a bucket. */
export type BucketAccess = Pick<
  Bucket,
  'publicAccessBlock' | 'policy' | 'isPolicyPublic' | 'acl' | 'ownership'
>;
type BlockFlag = keyof PublicAccessBlock;

/**
 * Whether anybody in the world gets at a bucket: by its policy, unless public buckets are restricted, or by its ACL,
 * unless ACLs are ignored or switched off. Each flag is on where the account or the bucket says so. What could not be
 * read leaves it unread, unless the rest decides.
 */
export const isBucketPublic = (bucket: BucketAccess, account: Reading<PublicAccessBlock>): Reading<boolean> =>
  anyOf(isPublicByPolicy(bucket, account), isPublicByAcl(bucket, account));

export const isPublicByPolicy = (
  bucket: Pick<BucketAccess, 'publicAccessBlock' | 'policy' | 'isPolicyPublic'>,
  account: Reading<PublicAccessBlock>,
): Reading<boolean> =>
  allOf(isPolicyPublic(bucket), not(blockFlag(bucket, account, 'restrictPublicBuckets')));

/** With `grants`, only by those of its grants to the world. */
export const isPublicByAcl = (
  bucket: Pick<BucketAccess, 'publicAccessBlock' | 'acl' | 'ownership'>,
  account: Reading<PublicAccessBlock>,
  grants: (grant: AclGrant) => boolean = () => true,
): Reading<boolean> =>
  allOf(
    mapped(bucket.acl, (acl) => worldGrants(acl.grants).some(grants)),
    not(blockFlag(bucket, account, 'ignorePublicAcls')),
    mapped(bucket.ownership, (ownership) => ownership !== 'BucketOwnerEnforced'),
  );

/** Reading its list, its ACL, or both. */
export const isReadableByAcl = (
  bucket: Pick<BucketAccess, 'publicAccessBlock' | 'acl' | 'ownership'>,
  account: Reading<PublicAccessBlock>,
): Reading<boolean> => isPublicByAcl(bucket, account, isReadingGrant);

/** Whether anybody may add, delete or change something. */
export const isWritableByAnybody = (
  bucket: BucketAccess,
  account: Reading<PublicAccessBlock>,
): Reading<boolean> =>
  anyOf(isWritableByPolicy(bucket, account), isPublicByAcl(bucket, account, isWritingGrant));

/** What S3 calls not public is not open to writing either. */
export const isWritableByPolicy = (
  bucket: Pick<BucketAccess, 'publicAccessBlock' | 'policy' | 'isPolicyPublic'>,
  account: Reading<PublicAccessBlock>,
): Reading<boolean> =>
  allOf(
    isPublicByPolicy(bucket, account),
    policyReading(bucket, (statements) => publicWrites(statements).length > 0),
  );

/**
 * S3's own judgement; where it knows none (another store), what the policy says. Where it could not be asked, the policy
 * proves that it is public, or names nobody at large; whether a condition narrows it enough is then not known.
 */
export function isPolicyPublic(bucket: Pick<BucketAccess, 'policy' | 'isPolicyPublic'>): Reading<boolean> {
  const { policy, isPolicyPublic: judged } = bucket;
  if (judged.kind === 'read' && judged.value !== null) return read(judged.value);
  if (judged.kind === 'unread' && policy.kind === 'unread') return judged;
  const isPublic = policyReading(bucket, (statements) => publicGrants(statements).length > 0);
  if (judged.kind === 'read' || isPublic.kind === 'unread' || isPublic.value) return isPublic;
  const isForMany = policyReading(bucket, (statements) => statements.some(allowsMany));
  return isForMany.kind === 'read' && isForMany.value ? judged : isPublic;
}

const allowsMany = ({ effect, principal }: PolicyStatement): boolean =>
  effect === 'Allow' && isAboutThePublic(principal);

/** An answer out of the policy: false without one, unread for one that cannot be understood. */
export function policyReading(
  { policy }: Pick<BucketAccess, 'policy'>,
  judge: (statements: readonly PolicyStatement[]) => boolean,
): Reading<boolean> {
  if (policy.kind === 'unread') return policy;
  if (policy.value === null) return read(false);
  const statements = readPolicy(policy.value);
  return statements ? read(judge(statements)) : unread(POLICY_NOT_UNDERSTOOD);
}

/** The policy was read, and says something that nobody here understands. */
export const POLICY_NOT_UNDERSTOOD: ReadFailure = {
  kind: 'failed',
  action: 's3:GetBucketPolicy',
  region: 'global',
  code: 'PolicyNotUnderstood',
};

/** A flag in effect: on as soon as one of both says so, off only where both do. */
export const blockFlag = (
  { publicAccessBlock }: Pick<Bucket, 'publicAccessBlock'>,
  account: Reading<PublicAccessBlock>,
  flag: BlockFlag,
): Reading<boolean> =>
  anyOf(
    mapped(account, (block) => block[flag]),
    mapped(publicAccessBlock, (block) => block[flag]),
  );

/** All four in effect; unread where one of them is left open by what could not be read. */
export function effectiveBlock(
  bucket: Pick<Bucket, 'publicAccessBlock'>,
  account: Reading<PublicAccessBlock>,
): Reading<PublicAccessBlock> {
  const flags = {
    blockPublicAcls: blockFlag(bucket, account, 'blockPublicAcls'),
    ignorePublicAcls: blockFlag(bucket, account, 'ignorePublicAcls'),
    blockPublicPolicy: blockFlag(bucket, account, 'blockPublicPolicy'),
    restrictPublicBuckets: blockFlag(bucket, account, 'restrictPublicBuckets'),
  };
  const open = Object.values(flags).find((flag) => flag.kind === 'unread');
  if (open) return open;
  return read({
    blockPublicAcls: isOn(flags.blockPublicAcls),
    ignorePublicAcls: isOn(flags.ignorePublicAcls),
    blockPublicPolicy: isOn(flags.blockPublicPolicy),
    restrictPublicBuckets: isOn(flags.restrictPublicBuckets),
  });
}

const isOn = (flag: Reading<boolean>): boolean => flag.kind === 'read' && flag.value;
