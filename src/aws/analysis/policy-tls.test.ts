import { expect, it } from 'vitest';
import { OWN, policyOf } from '../checks/test-s3.ts';
import { readPolicy } from './policy-document.ts';
import { deniesPlaintext } from './policy-tls.ts';

const BUCKET = 'arn:aws:s3:::photos';
const deny = {
  Effect: 'Deny',
  Action: 's3:*',
  Resource: [BUCKET, `${BUCKET}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
type Statement = Readonly<Record<string, unknown>>;
const isTlsOnly = (...statements: readonly Statement[]): boolean =>
  deniesPlaintext(readPolicy(policyOf(...statements)) ?? [], BUCKET);

it.each<[string, readonly Statement[]]>([
  ['as AWS writes it', [deny]],
  ['for AWS *', [{ ...deny, Principal: { AWS: '*' } }]],
  ['of all actions', [{ ...deny, Action: '*' }]],
  ['of everything', [{ ...deny, Resource: '*' }]],
  ['of all that begins like the bucket', [{ ...deny, Resource: `${BUCKET}*` }]],
  [
    'in two statements',
    [
      { ...deny, Resource: BUCKET },
      { ...deny, Resource: `${BUCKET}/*` },
    ],
  ],
  ['with a boolean', [{ ...deny, Condition: { Bool: { 'aws:securetransport': false } } }]],
  ['with IfExists', [{ ...deny, Condition: { BoolIfExists: { 'aws:SecureTransport': ['false'] } } }]],
  ['beside other statements', [{}, deny]],
])('a Deny %s is enough', (_how, statements) => {
  expect(isTlsOnly(...statements)).toBe(true);
});

it.each<[string, readonly Statement[]]>([
  ['an Allow with TLS alone', [{ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
  ['a Deny of TLS', [{ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
  ['the bucket alone', [{ ...deny, Resource: BUCKET }]],
  ["a Deny of AWS's services alone", [{ ...deny, Principal: { Service: '*' } }]],
  ['the objects alone', [{ ...deny, Resource: `${BUCKET}/*` }]],
  ['some objects', [{ ...deny, Resource: [BUCKET, `${BUCKET}/private/*`] }]],
  ['another bucket', [{ ...deny, Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] }]],
  ['some actions', [{ ...deny, Action: ['s3:GetObject', 's3:PutObject'] }]],
  ['all but some actions', [{ ...deny, Action: undefined, NotAction: 's3:GetObject' }]],
  ['somebody', [{ ...deny, Principal: { AWS: OWN } }]],
  ['all but somebody', [{ ...deny, Principal: undefined, NotPrincipal: { AWS: OWN } }]],
  [
    'some networks',
    [{ ...deny, Condition: { ...deny.Condition, IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } }],
  ],
])('%s is not enough', (_what, statements) => {
  expect(isTlsOnly(...statements)).toBe(false);
});
