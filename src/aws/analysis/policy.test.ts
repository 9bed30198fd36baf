import { describe, expect, it } from 'vitest';
import { OTHER, OWN, policyOf } from '../checks/test-s3.ts';
import { readPolicy } from './policy-document.ts';
import { publicGrants, publicWrites } from './policy.ts';

type Statement = Readonly<Record<string, unknown>>;

const actionsOf = (...statements: readonly Statement[]): readonly string[] =>
  publicGrants(readPolicy(policyOf(...statements)) ?? []).flatMap(({ actions }) => actions);
const isPublic = (...statements: readonly Statement[]): boolean => actionsOf(...statements).length > 0;
const writes = (...statements: readonly Statement[]): boolean =>
  publicWrites(readPolicy(policyOf(...statements)) ?? []).length > 0;
const onlyIf = (operator: string, key: string, value: unknown): Statement => ({
  Condition: { [operator]: { [key]: value } },
});

describe('everybody', () => {
  it.each([
    ['*', '*'],
    ['AWS *', { AWS: '*' }],
    ['AWS * in a list', { AWS: [`arn:aws:iam::${OWN}:root`, '*'] }],
    ['an ARN whose account is a star', { AWS: 'arn:aws:iam::*:root' }],
    ['any canonical user', { CanonicalUser: '*' }],
  ])('is spelled %s', (_spelling, Principal) => {
    expect(isPublic({ Principal })).toBe(true);
  });

  it.each([
    ['an account', { AWS: OTHER }],
    ['a role', { AWS: `arn:aws:iam::${OTHER}:role/reader` }],
    ['a service', { Service: 'cloudtrail.amazonaws.com' }],
    ['an identity provider', { Federated: 'cognito-identity.amazonaws.com' }],
    ['CloudFront', { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' }],
    ['a deleted user', { AWS: 'AIDACKCEVSQ6C2EXAMPLE' }],
  ])('is not %s', (_who, Principal) => {
    expect(isPublic({ Principal })).toBe(false);
  });

  it('is everybody but some: an Allow with NotPrincipal (Prowler #5386)', () => {
    expect(isPublic({ NotPrincipal: { AWS: `arn:aws:iam::${OTHER}:root` } })).toBe(true);
    expect(isPublic({ NotPrincipal: '*' })).toBe(false);
  });
});

describe('conditions that narrow (Prowler #4257)', () => {
  it.each([
    ['StringEquals', 'aws:SourceVpc', 'vpc-1'],
    ['StringEquals', 'aws:SourceVpce', ['vpce-1', 'vpce-2']],
    ['stringequals', 'AWS:SOURCEVPCE', 'vpce-1'],
    ['ForAnyValue:StringEquals', 'aws:SourceVpce', 'vpce-1'],
    ['StringLike', 'aws:SourceVpce', 'vpce-1'],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/8'],
    ['IpAddress', 'aws:SourceIp', '192.168.1.7'],
    ['IpAddress', 'aws:SourceIp', ['198.51.100.0/24', '172.16.0.0/12']],
    ['IpAddress', 'aws:SourceIp', ['fd00::/8', '2001:db8::/32', 'fc00::/7', '::1']],
    ['StringEquals', 'aws:PrincipalOrgID', 'o-abc123'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-abc123/r-1/*'],
    ['StringEquals', 'aws:PrincipalAccount', OWN],
    ['StringEquals', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/reader`],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`],
    ['ArnLike', 'aws:PrincipalArn', `arn:*:iam::${OWN}:role/*`],
    ['ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${OWN}:uploads`],
    ['ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::other-bucket'],
    ['StringEquals', 'aws:SourceAccount', OWN],
    ['StringEquals', 'aws:SourceOwner', OWN],
    ['StringLike', 'aws:userid', 'AROAEXAMPLE:*'],
    ['StringEquals', 's3:DataAccessPointAccount', OWN],
    ['StringLike', 's3:DataAccessPointArn', `arn:aws:s3:eu-west-1:${OWN}:accesspoint/*`],
    ['Bool', 'aws:PrincipalIsAWSService', true],
  ])('%s %s %j', (operator, key, value) => {
    expect(isPublic(onlyIf(operator, key, value))).toBe(false);
  });

  it('are enough if one of them does', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } };
    expect(isPublic({ Condition })).toBe(false);
  });

  it('may be left out by whoever asks, unless their key is demanded', () => {
    const lenient = { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } };
    expect(isPublic({ Condition: lenient })).toBe(true);
    expect(isPublic({ Condition: { ...lenient, Null: { 'aws:SourceVpce': 'false' } } })).toBe(false);
    expect(isPublic({ Condition: { ...lenient, Null: { 'aws:SourceVpce': 'true' } } })).toBe(true);
  });
});

describe('conditions that narrow nothing', () => {
  it.each([
    ['IpAddress', 'aws:SourceIp', '0.0.0.0/0'],
    ['IpAddress', 'aws:SourceIp', '::/0'],
    ['IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1']],
    ['IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '0.0.0.0/0']],
    ['IpAddress', 'aws:SourceIp', '2000::/3'],
    ['IpAddress', 'aws:SourceIp', 'somewhere'],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8'],
    ['StringNotEquals', 'aws:SourceVpce', 'vpce-1'],
    ['StringNotLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:*`],
    ['ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-abc123'],
    ['IpAddressIfExists', 'aws:SourceIp', '10.0.0.0/8'],
    ['StringLike', 'aws:SourceVpce', '*'],
    ['StringLike', 'aws:SourceVpce', ['vpce-1', 'vpce-*']],
    ['StringLike', 'aws:PrincipalOrgID', 'o-*'],
    ['StringLike', 'aws:PrincipalArn', '*'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/reader'],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam::*:role/${OWN}:role/x`],
    ['StringLike', 'aws:PrincipalArn', `arn:*:${OWN}:role/x:y:z`],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:s3:::*'],
    ['StringLike', 'aws:userid', '*:session'],
    ['StringEquals', 'aws:SourceVpce', '${aws:SourceVpce}'],
    ['StringEquals', 'aws:Referer', 'https://example.com'],
    ['StringLike', 'aws:UserAgent', 'secret'],
    ['StringEquals', 's3:x-amz-acl', 'private'],
    ['StringEquals', 'aws:PrincipalTag/team', 'web'],
    ['Bool', 'aws:SecureTransport', 'true'],
    ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
    ['Bool', 'aws:PrincipalIsAWSService', 'false'],
    ['Null', 'aws:SourceVpce', 'false'],
    ['DateLessThan', 'aws:CurrentTime', '2099-01-01T00:00:00Z'],
  ])('%s %s %j', (operator, key, value) => {
    expect(isPublic(onlyIf(operator, key, value))).toBe(true);
  });
});

describe('what everybody may do', () => {
  it('is not writing by s3:Get* (Prowler #3346)', () => {
    expect(writes({ Action: 's3:Get*' })).toBe(false);
    expect(writes({ Action: ['s3:List*', 's3:GetBucketPolicy'] })).toBe(false);
  });

  it.each([
    '*',
    's3:*',
    's3:Put*',
    'S3:PUTOBJECT',
    's3:*Object',
    's3:Del*',
    's3:PutSomethingNew',
    's3:?utObject',
  ])('is writing by %s', (Action) => {
    expect(writes({ Action })).toBe(true);
  });

  it('is nothing by the actions of other services', () => {
    expect(isPublic({ Action: ['sqs:SendMessage', 'ec2:*'] })).toBe(false);
  });

  it('is all but what NotAction names', () => {
    expect(writes({ NotAction: 's3:Get*' })).toBe(true);
    expect(writes({ NotAction: ['s3:Put*', 's3:Delete*', 's3:Re*', 's3:Ab*', 's3:By*', 's3:Ob*'] })).toBe(
      false,
    );
    expect(isPublic({ NotAction: 's3:*' })).toBe(false);
  });
});

describe('what is denied', () => {
  const read = { Action: 's3:GetObject' };
  const deny = { Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'] };

  it('takes away from everybody what it covers', () => {
    expect(isPublic(read, deny)).toBe(false);
    expect(isPublic(read, { ...deny, Resource: '*' })).toBe(false);
    expect(isPublic(read, { ...deny, Action: 'S3:get*' })).toBe(false);
    expect(isPublic(read, { ...deny, NotAction: 's3:ListBucket', Action: undefined })).toBe(false);
    expect(isPublic(read, { ...deny, NotResource: 'arn:aws:s3:::other/*', Resource: undefined })).toBe(false);
  });

  it('leaves what it does not cover', () => {
    expect(isPublic(read, { ...deny, Action: 's3:PutObject' })).toBe(true);
    expect(isPublic(read, { ...deny, Resource: 'arn:aws:s3:::photos/private/*' })).toBe(true);
    expect(
      isPublic(read, { ...deny, NotResource: 'arn:aws:s3:::photos/public/*', Resource: undefined }),
    ).toBe(true);
    expect(isPublic(read, { ...deny, Resource: 'arn:aws:s3:::photos/${aws:username}/*' })).toBe(true);
  });

  it("is not all by one of several resources, nor by a variable's own wildcard", () => {
    const twice = { ...read, Resource: ['arn:aws:s3:::photos/a/*', 'arn:aws:s3:::photos/b/*'] };
    expect(isPublic(twice, { ...deny, Resource: 'arn:aws:s3:::photos/a/*' })).toBe(true);
    expect(isPublic(twice, { ...deny, Resource: twice.Resource })).toBe(false);
    const own = { ...read, Resource: 'arn:aws:s3:::photos/${aws:username}' };
    expect(isPublic(own, { ...deny, Resource: 'arn:aws:s3:::photos/${*}' })).toBe(true);
  });

  it('counts for the public only where it is about the public', () => {
    expect(isPublic(read, { ...deny, Principal: { AWS: OTHER } })).toBe(true);
    expect(isPublic(read, { ...deny, Principal: undefined, NotPrincipal: { AWS: OWN } })).toBe(false);
  });

  it.each([
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }],
    [{ NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24'] } }],
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' }, NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    [
      {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    ],
    [{ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } }],
  ])('spares only somebody in particular: %j', (Condition) => {
    expect(isPublic(read, { ...deny, Condition })).toBe(false);
  });

  it.each([
    [{ Bool: { 'aws:SecureTransport': 'false' } }],
    [{ NotIpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    [{ StringNotLike: { 'aws:SourceVpce': '*' } }],
    [{ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' }, Bool: { 'aws:SecureTransport': 'false' } }],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:PrincipalOrgID': 'o-1' } }],
    [{ StringNotEquals: { 'aws:Referer': 'https://example.com' } }],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    [{ Null: { 'aws:SourceVpce': 'true' } }],
  ])('spares people at large: %j', (Condition) => {
    expect(isPublic(read, { ...deny, Condition })).toBe(true);
  });

  it('is counted action by action', () => {
    expect(actionsOf({ Action: ['s3:GetObject', 's3:PutObject'] }, { ...deny, Action: 's3:Put*' })).toEqual([
      's3:getobject',
    ]);
  });
});
