import { describe, expect, it } from 'vitest';
import { aclOf, ALL_ON, anOpenBucket, deniedRead, policed, policyOf, worldGrant } from '../checks/test-s3.ts';
import { read } from '../inventory/reading.ts';
import { NO_BLOCK, type Bucket } from '../inventory/s3.ts';
import { effectiveBlock, isBucketPublic, POLICY_NOT_UNDERSTOOD } from './bucket-public.ts';

const nothing = read(NO_BLOCK);
const noAccount = deniedRead('s3:GetAccountPublicAccessBlock');
const noAcl = deniedRead('s3:GetBucketAcl');
const publicByPolicy = anOpenBucket({ policy: read(policyOf({})), isPolicyPublic: read(true) });
const publicByAcl = anOpenBucket({ acl: aclOf(worldGrant('READ')) });
const withBlock = (bucket: Bucket, block: Partial<typeof NO_BLOCK>): Bucket => ({
  ...bucket,
  publicAccessBlock: read({ ...NO_BLOCK, ...block }),
});

describe('a bucket is public', () => {
  it('by its policy or by its ACL', () => {
    expect(isBucketPublic(publicByPolicy, nothing)).toEqual(read(true));
    expect(isBucketPublic(publicByAcl, nothing)).toEqual(read(true));
    expect(isBucketPublic(anOpenBucket(), nothing)).toEqual(read(false));
  });

  it("not where the account's flags hold it back, although the bucket's own are off (Prowler #2052)", () => {
    expect(isBucketPublic(publicByPolicy, read({ ...NO_BLOCK, restrictPublicBuckets: true }))).toEqual(
      read(false),
    );
    expect(isBucketPublic(publicByAcl, read({ ...NO_BLOCK, ignorePublicAcls: true }))).toEqual(read(false));
  });

  it("not where its own flags do, although the account's are off (Prowler #2647)", () => {
    expect(isBucketPublic(withBlock(publicByPolicy, { restrictPublicBuckets: true }), nothing)).toEqual(
      read(false),
    );
    expect(isBucketPublic(withBlock(publicByAcl, { ignorePublicAcls: true }), nothing)).toEqual(read(false));
  });

  it('still, where only the flag of the other way in is on (Prowler #2715)', () => {
    expect(isBucketPublic(withBlock(publicByPolicy, { ignorePublicAcls: true }), nothing)).toEqual(
      read(true),
    );
    expect(isBucketPublic(withBlock(publicByAcl, { restrictPublicBuckets: true }), nothing)).toEqual(
      read(true),
    );
  });

  it('still, where flags only keep new policies and ACLs away', () => {
    const late = { blockPublicAcls: true, blockPublicPolicy: true };
    expect(isBucketPublic(withBlock(publicByPolicy, late), nothing)).toEqual(read(true));
    expect(isBucketPublic(withBlock(publicByAcl, late), nothing)).toEqual(read(true));
  });

  it('not by an ACL that is switched off', () => {
    expect(isBucketPublic({ ...publicByAcl, ownership: read('BucketOwnerEnforced') }, nothing)).toEqual(
      read(false),
    );
  });
});

describe('what could not be read', () => {
  it('leaves it open: a denied GetBucketAcl is not private (Prowler #12872)', () => {
    expect(isBucketPublic(anOpenBucket({ acl: noAcl }), nothing)).toEqual(noAcl);
  });

  it('does not matter where the rest decides', () => {
    expect(isBucketPublic({ ...publicByPolicy, acl: noAcl }, nothing)).toEqual(read(true));
    expect(isBucketPublic(anOpenBucket({ acl: noAcl }), read(ALL_ON))).toEqual(read(false));
    expect(
      isBucketPublic(anOpenBucket({ acl: noAcl, ownership: read('BucketOwnerEnforced') }), nothing),
    ).toEqual(read(false));
    expect(isBucketPublic(withBlock(publicByPolicy, ALL_ON), noAccount)).toEqual(read(false));
    expect(isBucketPublic(anOpenBucket(), noAccount)).toEqual(read(false));
  });

  it('of the account leaves a public bucket open', () => {
    expect(isBucketPublic(publicByPolicy, noAccount)).toEqual(noAccount);
  });
});

describe("S3's own judgement of a policy", () => {
  it('goes before what the policy seems to say', () => {
    expect(isBucketPublic({ ...publicByPolicy, isPolicyPublic: read(false) }, nothing)).toEqual(read(false));
  });

  it('is made up for where there is none, or none may be asked for', () => {
    const denied = deniedRead('s3:GetBucketPolicyStatus');
    expect(isBucketPublic({ ...publicByPolicy, isPolicyPublic: read(null) }, nothing)).toEqual(read(true));
    expect(isBucketPublic({ ...publicByPolicy, isPolicyPublic: denied }, nothing)).toEqual(read(true));
    expect(isBucketPublic(anOpenBucket({ isPolicyPublic: denied }), nothing)).toEqual(read(false));
    const narrowed = policed({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } });
    expect(isBucketPublic(narrowed, nothing)).toEqual(read(false));
  });

  it('is not made up for a policy that only its conditions keep from being public', () => {
    const denied = deniedRead('s3:GetBucketPolicyStatus');
    const narrowed = policed({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } });
    expect(isBucketPublic({ ...narrowed, isPolicyPublic: denied }, nothing)).toEqual(denied);
    const named = policed({ Principal: { AWS: '123456789012' } });
    expect(isBucketPublic({ ...named, isPolicyPublic: denied }, nothing)).toEqual(read(false));
  });

  it('is not made up out of a policy that nobody understands', () => {
    const odd = anOpenBucket({ policy: read('{"Statement":7}') });
    expect(isBucketPublic(odd, nothing)).toEqual({ kind: 'unread', failure: POLICY_NOT_UNDERSTOOD });
    expect(isBucketPublic(odd, read(ALL_ON))).toEqual(read(false));
  });
});

describe('the block in effect', () => {
  it('has each flag that the account or the bucket has', () => {
    const bucket = withBlock(anOpenBucket(), { blockPublicAcls: true });
    expect(effectiveBlock(bucket, read({ ...NO_BLOCK, ignorePublicAcls: true }))).toEqual(
      read({ ...NO_BLOCK, blockPublicAcls: true, ignorePublicAcls: true }),
    );
  });

  it('is known with one side unread only where the other says all', () => {
    expect(effectiveBlock(withBlock(anOpenBucket(), ALL_ON), noAccount)).toEqual(read(ALL_ON));
    expect(effectiveBlock({ publicAccessBlock: noAccount }, read(ALL_ON))).toEqual(read(ALL_ON));
    expect(effectiveBlock(anOpenBucket(), noAccount)).toEqual(noAccount);
  });
});
