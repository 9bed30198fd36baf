import { read } from '../../inventory/reading.ts';
import { NO_BLOCK } from '../../inventory/s3.ts';
import {
  aBucket,
  aclOf,
  ALL_ON,
  anOpenBucket,
  deniedRead,
  policed,
  policyOf,
  worldGrant,
} from '../test-s3.ts';
import type { BucketFixture } from './test-fixtures.ts';

const everybody = policyOf({});
/** All of IPv4, in pieces that are each narrow. */
const slices = {
  IpAddress: { 'aws:SourceIp': Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`) },
};
const openPolicy = anOpenBucket({ policy: read(everybody), isPolicyPublic: read(true) });
const noBlockRead = deniedRead('s3:GetAccountPublicAccessBlock');

/** Of the checks that ask who in the world gets at a bucket. */
export const accessFixtures: Readonly<Record<string, readonly BucketFixture[]>> = {
  's3.public-policy': [
    { status: 'PASS', of: 'a bucket without a policy', bucket: aBucket() },
    {
      status: 'PASS',
      of: 'a policy that S3 calls not public',
      bucket: { ...openPolicy, isPolicyPublic: read(false) },
    },
    {
      status: 'PASS',
      of: 'a public policy, restricted by the bucket',
      bucket: { ...openPolicy, publicAccessBlock: read({ ...NO_BLOCK, restrictPublicBuckets: true }) },
    },
    {
      status: 'PASS',
      of: 'a public policy, restricted by the account alone',
      bucket: openPolicy,
      block: read({ ...NO_BLOCK, restrictPublicBuckets: true }),
    },
    {
      status: 'PASS',
      of: "a public policy, restricted by the account, where the bucket's own block could not be read",
      bucket: { ...openPolicy, publicAccessBlock: deniedRead('s3:GetBucketPublicAccessBlock') },
      block: read(ALL_ON),
    },
    { status: 'FAIL', of: 'a policy that S3 calls public', bucket: openPolicy },
    {
      status: 'FAIL',
      of: 'a public policy and only what blocks new ones',
      bucket: { ...openPolicy, publicAccessBlock: read({ ...NO_BLOCK, blockPublicPolicy: true }) },
    },
    {
      status: 'FAIL',
      of: 'a public policy of a store that does not judge it',
      bucket: { ...openPolicy, isPolicyPublic: read(null) },
    },
    {
      status: 'FAIL',
      of: 'a public policy whose status may not be asked for',
      bucket: { ...openPolicy, isPolicyPublic: deniedRead('s3:GetBucketPolicyStatus') },
    },
    {
      status: 'FAIL',
      of: 'a policy that S3 calls public for a condition which seems narrow',
      bucket: { ...policed({ Condition: slices }), isPolicyPublic: read(true) },
    },
    {
      status: 'UNKNOWN',
      of: 'a policy of which only a condition may keep out everybody, and whose status is not known',
      bucket: {
        ...policed({ Condition: slices }),
        isPolicyPublic: deniedRead('s3:GetBucketPolicyStatus'),
      },
    },
    {
      status: 'UNKNOWN',
      of: 'a policy that may not be read, nor its status',
      bucket: {
        ...openPolicy,
        policy: deniedRead('s3:GetBucketPolicy'),
        isPolicyPublic: deniedRead('s3:GetBucketPolicyStatus'),
      },
    },
    {
      status: 'UNKNOWN',
      of: 'a public policy and an unread block of the account',
      bucket: openPolicy,
      block: noBlockRead,
    },
    {
      status: 'UNKNOWN',
      of: 'a policy that nobody understands, of a store that does not judge it',
      bucket: anOpenBucket({ policy: read('{"Statement":{"Effect":"Perhaps"}}') }),
    },
  ],
  's3.public-acl-read': [
    { status: 'PASS', of: 'an ACL for the owner alone', bucket: anOpenBucket() },
    {
      status: 'PASS',
      of: 'an ACL that lets the world write only',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('WRITE')) }),
    },
    {
      status: 'PASS',
      of: 'grants to the group that delivers logs',
      bucket: anOpenBucket({
        acl: aclOf({
          grantee: 'http://acs.amazonaws.com/groups/s3/LogDelivery',
          granteeKind: 'group',
          permission: 'READ_ACP',
        }),
      }),
    },
    {
      status: 'PASS',
      of: 'a public ACL where ACLs are off',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')), ownership: read('BucketOwnerEnforced') }),
    },
    {
      status: 'PASS',
      of: 'a public ACL that the account ignores',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')) }),
      block: read({ ...NO_BLOCK, ignorePublicAcls: true }),
    },
    {
      status: 'PASS',
      of: 'an unread ACL that the account ignores',
      bucket: anOpenBucket({ acl: deniedRead('s3:GetBucketAcl') }),
      block: read(ALL_ON),
    },
    { status: 'FAIL', of: 'READ for everybody', bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')) }) },
    {
      status: 'FAIL',
      of: 'READ_ACP for whoever has an account',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ_ACP', 'AuthenticatedUsers')) }),
    },
    {
      status: 'FAIL',
      of: 'FULL_CONTROL for everybody',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('FULL_CONTROL')) }),
    },
    {
      status: 'FAIL',
      of: 'READ for everybody where ownership is not configured',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')), ownership: read(null) }),
    },
    {
      status: 'FAIL',
      of: 'READ for everybody and only what blocks new ACLs',
      bucket: anOpenBucket({
        acl: aclOf(worldGrant('READ')),
        publicAccessBlock: read({ ...NO_BLOCK, blockPublicAcls: true }),
      }),
    },
    {
      status: 'UNKNOWN',
      of: 'an ACL that may not be read',
      bucket: anOpenBucket({ acl: deniedRead('s3:GetBucketAcl') }),
    },
    {
      status: 'UNKNOWN',
      of: 'a public ACL and unread ownership',
      bucket: anOpenBucket({
        acl: aclOf(worldGrant('READ')),
        ownership: deniedRead('s3:GetBucketOwnershipControls'),
      }),
    },
    {
      status: 'UNKNOWN',
      of: 'a public ACL and an unread block of the account',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')) }),
      block: noBlockRead,
    },
  ],
  's3.public-write': [
    { status: 'PASS', of: 'a new bucket', bucket: aBucket() },
    { status: 'PASS', of: 'a policy that lets everybody read', bucket: openPolicy },
    { status: 'PASS', of: 'a policy with s3:Get* for everybody', bucket: policed({ Action: 's3:Get*' }) },
    {
      status: 'PASS',
      of: 'an ACL that lets everybody read',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('READ')) }),
    },
    {
      status: 'PASS',
      of: 'a policy that lets everybody write, restricted',
      bucket: policed({ Action: 's3:*' }),
      block: read(ALL_ON),
    },
    {
      status: 'PASS',
      of: 'a policy that S3 calls not public',
      bucket: { ...policed({ Action: 's3:*' }), isPolicyPublic: read(false) },
    },
    {
      status: 'FAIL',
      of: 'a policy that lets everybody put',
      bucket: policed({ Action: ['s3:GetObject', 's3:PutObject'] }),
    },
    { status: 'FAIL', of: 'a policy that lets everybody do all', bucket: policed({ Action: '*' }) },
    { status: 'FAIL', of: 'WRITE for everybody', bucket: anOpenBucket({ acl: aclOf(worldGrant('WRITE')) }) },
    {
      status: 'FAIL',
      of: 'WRITE_ACP for everybody',
      bucket: anOpenBucket({ acl: aclOf(worldGrant('WRITE_ACP')) }),
    },
    {
      status: 'FAIL',
      of: 'WRITE for everybody, with an unread policy',
      bucket: anOpenBucket({
        acl: aclOf(worldGrant('WRITE')),
        policy: deniedRead('s3:GetBucketPolicy'),
        isPolicyPublic: deniedRead('s3:GetBucketPolicyStatus'),
      }),
    },
    {
      status: 'FAIL',
      of: 'a policy that lets everybody delete, with an unread ACL',
      bucket: { ...policed({ Action: 's3:DeleteObject' }), acl: deniedRead('s3:GetBucketAcl') },
    },
    { status: 'UNKNOWN', of: 'an unread ACL', bucket: anOpenBucket({ acl: deniedRead('s3:GetBucketAcl') }) },
    {
      status: 'UNKNOWN',
      of: 'a public policy that may not be read',
      bucket: { ...openPolicy, policy: deniedRead('s3:GetBucketPolicy') },
    },
  ],
  's3.bucket-bpa': [
    { status: 'PASS', of: 'all four on the bucket', bucket: aBucket() },
    { status: 'PASS', of: 'all four on the account', bucket: anOpenBucket(), block: read(ALL_ON) },
    {
      status: 'PASS',
      of: 'two on the bucket and two on the account',
      bucket: anOpenBucket({
        publicAccessBlock: read({ ...NO_BLOCK, blockPublicAcls: true, ignorePublicAcls: true }),
      }),
      block: read({ ...NO_BLOCK, blockPublicPolicy: true, restrictPublicBuckets: true }),
    },
    {
      status: 'PASS',
      of: 'all four on the bucket, with an unread account',
      bucket: aBucket(),
      block: noBlockRead,
    },
    { status: 'FAIL', of: 'none', bucket: anOpenBucket() },
    {
      status: 'FAIL',
      of: 'three',
      bucket: anOpenBucket({ publicAccessBlock: read({ ...ALL_ON, restrictPublicBuckets: false }) }),
    },
    {
      status: 'UNKNOWN',
      of: 'none on the bucket, with an unread account',
      bucket: anOpenBucket(),
      block: noBlockRead,
    },
    {
      status: 'UNKNOWN',
      of: 'an unread bucket',
      bucket: anOpenBucket({ publicAccessBlock: deniedRead('s3:GetBucketPublicAccessBlock') }),
    },
  ],
};
