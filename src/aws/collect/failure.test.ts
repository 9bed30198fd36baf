import { expect, test } from 'vitest';
import { failureOf, isThrottled, KnownFailure } from './failure.ts';

const attempted = { action: 'ec2:DescribeVpcs', region: 'us-west-2' } as const;
const errorWith = (name: string, more: object = {}): Error =>
  Object.assign(new Error('a text'), { name }, more);
const answered = (name: string, httpStatusCode: number): Error =>
  errorWith(name, { $metadata: { httpStatusCode } });

test.each([
  ['UnauthorizedOperation', 403, 'denied'],
  ['AccessDeniedException', 400, 'denied'],
  ['AccessDenied', 403, 'denied'],
  ['SomethingNew', 403, 'denied'],
  ['AuthFailure', 401, 'refused'],
  ['InvalidClientTokenId', 403, 'refused'],
  ['ExpiredToken', 403, 'refused'],
  ['SignatureDoesNotMatch', 403, 'refused'],
  ['UnrecognizedClientException', 400, 'refused'],
  ['RequestExpired', 400, 'refused'],
  ['RequestLimitExceeded', 503, 'throttled'],
  ['ThrottlingException', 400, 'throttled'],
  ['SlowDown', 503, 'throttled'],
  ['SomethingNew', 429, 'throttled'],
  ['ClusterNotFoundException', 400, 'missing'],
  ['NoSuchBucket', 404, 'missing'],
  ['InvalidVolume.NotFound', 400, 'missing'],
  ['InvalidVpcID.Malformed', 400, 'missing'],
  ['PermanentRedirect', 301, 'failed'],
  ['InternalError', 500, 'failed'],
  ['NoSuchThing', 404, 'failed'],
] as const)('%s with status %s is %s', (code, status, kind) => {
  expect(failureOf(answered(code, status), attempted)).toEqual({ kind, ...attempted, code });
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  'no connection is unreachable: %s',
  (code) => {
    expect(failureOf(errorWith('Error', { code }), attempted)).toMatchObject({ kind: 'unreachable', code });
  },
);

test('a failure says what its cause was, however it is wrapped', () => {
  const cause = errorWith('Error', { code: 'ECONNREFUSED' });
  expect(failureOf(new Error('wrapped', { cause }), attempted)).toMatchObject({
    kind: 'unreachable',
    code: 'ECONNREFUSED',
  });
});

test('nothing that is thrown makes it throw, and no text is taken for a code', () => {
  const endless = new Error('a');
  endless.cause = endless;
  const texts = [
    errorWith('user AKIA1 is not allowed'),
    errorWith('x'.repeat(500)),
    endless,
    'text',
    undefined,
    5,
  ];
  for (const thrown of texts)
    expect(failureOf(thrown, attempted)).toEqual({ kind: 'failed', ...attempted, code: 'Unknown' });
  expect(failureOf(answered('bad words here', 502), attempted)).toMatchObject({ code: 'Http502' });
});

test('a failure that is known beforehand is told as it is', () => {
  const known = new KnownFailure({ kind: 'denied', action: 'sts:AssumeRole', code: 'AccessDenied' });
  expect(failureOf(known, attempted)).toEqual({
    kind: 'denied',
    action: 'sts:AssumeRole',
    region: 'us-west-2',
    code: 'AccessDenied',
  });
});

test('knows what is "not so often"', () => {
  expect(isThrottled(answered('SlowDown', 503))).toBe(true);
  expect(isThrottled(answered('ServiceUnavailable', 503))).toBe(false);
});
