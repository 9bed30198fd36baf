import { describe, expect, it } from 'vitest';
import { OTHER, OWN, policyOf } from '../checks/test-s3.ts';
import { readPolicy } from './policy-document.ts';
import { foreignAdministration } from './policy-foreign.ts';

type Statement = Readonly<Record<string, unknown>>;

const accountsOf = (...statements: readonly Statement[]): readonly string[] =>
  foreignAdministration(
    readPolicy(policyOf(...statements.map((one) => ({ Resource: '*', ...one })))) ?? [],
    OWN,
  ).flatMap(({ accounts }) => accounts);

const admin = { Action: 's3:PutBucketPolicy' };
const other = { ...admin, Principal: { AWS: `arn:aws:iam::${OTHER}:role/admin` } };

describe('administration from another account', () => {
  it.each([
    ['root', `arn:aws:iam::${OTHER}:root`],
    ['user', `arn:aws:iam::${OTHER}:user/eve`],
    ['role session', `arn:aws:sts::${OTHER}:assumed-role/admin/eve`],
    ['number', OTHER],
    ['other partition', `arn:aws-cn:iam::${OTHER}:root`],
  ])('is given to its %s', (_what, AWS) => {
    expect(accountsOf({ ...admin, Principal: { AWS } })).toEqual([OTHER]);
  });

  it.each([
    's3:DeleteBucketPolicy',
    's3:PutBucketAcl',
    's3:PutEncryptionConfiguration',
    's3:PutObjectAcl',
    's3:Put*',
    '*',
  ])('is %s', (Action) => {
    expect(accountsOf({ ...other, Action })).toEqual([OTHER]);
  });

  it('is neither reading nor writing objects', () => {
    expect(accountsOf({ ...other, Action: ['s3:Get*', 's3:PutObject', 's3:DeleteObject'] })).toEqual([]);
    expect(accountsOf({ ...other, NotAction: 's3:PutObject', Action: undefined })).toEqual([OTHER]);
  });

  it('is given to nobody by its own account, a service or CloudFront', () => {
    expect(accountsOf({ ...admin, Principal: { AWS: [OWN, `arn:aws:iam::${OWN}:root`] } })).toEqual([]);
    expect(accountsOf({ ...admin, Principal: { Service: 'logging.s3.amazonaws.com' } })).toEqual([]);
    expect(accountsOf({ ...admin, Principal: { AWS: 'arn:aws:iam::cloudfront:user/x' } })).toEqual([]);
  });

  it('is given to all by everybody, unless it is narrowed to whom it belongs to', () => {
    const narrowed = (key: string, value: string): readonly string[] =>
      accountsOf({ ...admin, Condition: { StringEquals: { [key]: value } } });
    expect(accountsOf(admin)).toEqual(['*']);
    expect(narrowed('aws:PrincipalAccount', OWN)).toEqual([]);
    expect(narrowed('aws:PrincipalAccount', OTHER)).toEqual([OTHER]);
    expect(narrowed('aws:PrincipalOrgID', 'o-1')).toEqual(['organization']);
    expect(narrowed('aws:SourceVpce', 'vpce-1')).toEqual([]);
    expect(narrowed('aws:Referer', 'x')).toEqual(['*']);
  });

  it('is not given to an account that the conditions keep out', () => {
    const only = (account: string) => ({
      ...other,
      Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
    });
    expect(accountsOf(only(OWN))).toEqual([]);
    expect(accountsOf(only(OTHER))).toEqual([OTHER]);
  });

  it('ends where a Deny takes it away', () => {
    const deny = { Effect: 'Deny', Action: 's3:PutBucketPolicy' };
    expect(accountsOf(other, deny)).toEqual([]);
    expect(accountsOf(other, { ...deny, Principal: { AWS: `arn:aws:iam::${OTHER}:root` } })).toEqual([]);
    expect(
      accountsOf(other, { ...deny, Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWN } } }),
    ).toEqual([]);
    expect(accountsOf(other, { ...deny, Principal: undefined, NotPrincipal: { AWS: OWN } })).toEqual([]);
  });

  it('stays where a Deny spares it', () => {
    const deny = { Effect: 'Deny', Action: 's3:PutBucketPolicy' };
    expect(accountsOf(other, { ...deny, Action: 's3:PutObject' })).toEqual([OTHER]);
    expect(accountsOf(other, { ...deny, Principal: { AWS: `arn:aws:iam::${OTHER}:user/bob` } })).toEqual([
      OTHER,
    ]);
    expect(accountsOf(other, { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })).toEqual([
      OTHER,
    ]);
    expect(accountsOf(other, { ...deny, Condition: { StringNotEquals: { 'aws:SourceVpce': 'v' } } })).toEqual(
      [OTHER],
    );
    expect(accountsOf(other, { ...deny, Principal: undefined, NotPrincipal: { AWS: OTHER } })).toEqual([
      OTHER,
    ]);
  });
});
