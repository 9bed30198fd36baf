import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deniesPlaintext } from './policy-tls.ts';
import { foreignAdministration } from './policy-foreign.ts';
import { publicGrants } from './policy.ts';
import { readPolicy } from './policy-document.ts';

const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const readOne = (over: Readonly<Record<string, unknown>>) =>
  readPolicy(JSON.stringify({ Statement: [{ ...statement, ...over }] }))?.[0];

describe('a policy document', () => {
  it('may have one statement without a list, and one text wherever a list can be', () => {
    const listed = { ...statement, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'] };
    expect(readPolicy(JSON.stringify({ Statement: statement }))).toEqual(
      readPolicy(JSON.stringify({ Statement: [listed] })),
    );
  });

  it('spells its operators with sets, Not and IfExists', () => {
    const conditions = (operator: string) =>
      readOne({ Condition: { [operator]: { 'aws:SourceVpce': 'vpce-1' } } })?.conditions[0];
    expect(conditions('ForAllValues:StringNotEqualsIgnoreCaseIfExists')).toEqual({
      operator: 'stringequalsignorecase',
      isNegated: true,
      ifExists: true,
      quantifier: 'all',
      key: 'aws:sourcevpce',
      values: ['vpce-1'],
    });
    expect(conditions('NotIpAddress')).toMatchObject({ operator: 'ipaddress', isNegated: true });
    expect(conditions('ArnNotLike')).toMatchObject({ operator: 'arnlike', isNegated: true });
    expect(conditions('forAnyValue:StringLike')).toMatchObject({ operator: 'stringlike', quantifier: 'any' });
    expect(conditions('NumericLessThanEquals')).toMatchObject({ operator: 'numericlessthanequals' });
  });

  it('takes booleans and numbers for the texts that they are', () => {
    const condition = { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:TlsVersion': [1.2] } };
    expect(readOne({ Condition: condition })?.conditions.map(({ values }) => values)).toEqual([
      ['false'],
      ['1.2'],
    ]);
  });

  it.each([
    ['no JSON', 'policy'],
    ['no object', '[]'],
    ['no statements', '{}'],
    ['a statement that is a text', '{"Statement":["Allow"]}'],
    ['too long a text', ' '.repeat(20_481)],
    ['too many statements', JSON.stringify({ Statement: Array.from({ length: 1_001 }, () => 0) })],
  ])('is not understood: %s', (_what, text) => {
    expect(readPolicy(text)).toBeUndefined();
  });

  it.each([
    ['an effect of its own', { Effect: 'allow' }],
    ['nobody', { Principal: undefined }],
    ['both kinds of principals', { NotPrincipal: '*' }],
    ['a principal that is a text', { Principal: 'me' }],
    ['a kind of principal that nobody knows', { Principal: { Martian: '*' } }],
    ['no principal of a kind', { Principal: { AWS: [] } }],
    ['principals within principals', { Principal: { AWS: [['*']] } }],
    ['no action', { Action: undefined }],
    ['both kinds of actions', { NotAction: 's3:*' }],
    ['an action that is a number', { Action: [1] }],
    ['no resource', { Resource: undefined }],
    ['a condition that is a list', { Condition: [] }],
    ['an operator that nobody knows', { Condition: { StringResembles: { 'aws:SourceVpc': 'vpc-1' } } }],
    ['a negation that IAM has not', { Condition: { BoolNot: { 'aws:SecureTransport': 'true' } } }],
    ['an operator without keys', { Condition: { StringEquals: {} } }],
    ['a value that is an object', { Condition: { StringEquals: { 'aws:SourceVpc': {} } } }],
  ])('is not understood as a whole where a statement has %s', (_what, over) => {
    expect(readPolicy(JSON.stringify({ Statement: [statement, { ...statement, ...over }] }))).toBeUndefined();
  });
});

const words = fc.constantFrom(
  '*',
  's3:*',
  'arn:aws:iam::1:root',
  'aws:SourceIp',
  '10.0.0.0/8',
  '',
  '${x}',
  ':',
);
const odd = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(
    fc.constantFrom(
      'AWS',
      'Service',
      'StringLike',
      'IpAddress',
      'ArnLikeIfExists',
      'aws:SourceIp',
      'aws:PrincipalArn',
      '__proto__',
    ),
    tie('value'),
    { maxKeys: 3 },
  ),
})).value;
const oddStatement = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: odd,
    NotPrincipal: odd,
    Action: odd,
    NotAction: odd,
    Resource: odd,
    Condition: odd,
  },
  { requiredKeys: ['Effect'] },
);

describe('whatever stands there, nothing throws', () => {
  const judge = (text: string): void => {
    const statements = readPolicy(text) ?? [];
    publicGrants(statements);
    foreignAdministration(statements, '123456789012');
    deniesPlaintext(statements, 'arn:aws:s3:::b');
  };

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), judge));
    fc.assert(fc.property(fc.string(), judge));
  });

  it('nearly a policy', () => {
    fc.assert(
      fc.property(fc.array(oddStatement, { maxLength: 4 }), (list) =>
        judge(JSON.stringify({ Statement: list })),
      ),
      { numRuns: 2_000 },
    );
  });

  it('depth without end', () => {
    judge(`{"Statement":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
  });

  it('a policy that was made to be slow takes no time', () => {
    const many = (name: string) => Array.from({ length: 400 }, (_, index) => `${name}*${index}`);
    const text = JSON.stringify({
      Statement: [
        { ...statement, Action: many('s3:a'), Resource: many('arn:') },
        { ...statement, Effect: 'Deny', Action: many('s3:*'), Resource: many('*') },
      ],
    });
    expect(text.length).toBeLessThanOrEqual(20_480);
    const startedAt = performance.now();
    judge(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
