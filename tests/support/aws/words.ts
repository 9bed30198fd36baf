import type { ServiceName } from './operation.ts';
import { Refusal } from './refusal.ts';

/** What every service refuses alike, each in its own words. */
export type RefusalKind =
  | 'unsigned'
  | 'unknownKey'
  | 'expired'
  | 'wrongSignature'
  | 'skewed'
  | 'denied'
  | 'throttled'
  | 'internal'
  | 'unknownAction';

type Words = Readonly<Record<RefusalKind, readonly [code: string, status: number, message: string]>>;

/** The query protocol's, which STS and CloudWatch share. */
const query: Words = {
  unsigned: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  unknownKey: ['InvalidClientTokenId', 403, 'The security token included in the request is invalid.'],
  expired: ['ExpiredToken', 403, 'The security token included in the request is expired'],
  wrongSignature: [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ],
  skewed: ['SignatureDoesNotMatch', 403, 'Signature expired: the request was signed at another time'],
  denied: ['AccessDenied', 403, 'The caller is not authorized to perform this operation'],
  throttled: ['Throttling', 400, 'Rate exceeded'],
  internal: ['InternalFailure', 500, 'The request processing has failed because of an unknown error'],
  unknownAction: ['InvalidAction', 400, 'Could not find operation'],
};

const ec2: Words = {
  unsigned: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  unknownKey: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  expired: ['RequestExpired', 400, 'Request has expired.'],
  wrongSignature: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  skewed: ['RequestExpired', 400, 'Request has expired.'],
  denied: ['UnauthorizedOperation', 403, 'You are not authorized to perform this operation.'],
  throttled: ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
  internal: ['InternalError', 500, 'An internal error has occurred'],
  unknownAction: ['InvalidAction', 400, 'The action is not valid for this web service.'],
};

const ecs: Words = {
  unsigned: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
  unknownKey: ['UnrecognizedClientException', 400, 'The security token included in the request is invalid.'],
  expired: ['ExpiredTokenException', 400, 'The security token included in the request is expired'],
  wrongSignature: [
    'InvalidSignatureException',
    400,
    'The request signature we calculated does not match the signature you provided.',
  ],
  skewed: ['InvalidSignatureException', 400, 'Signature expired: the request was signed at another time'],
  denied: ['AccessDeniedException', 400, 'The caller is not authorized to perform this operation'],
  throttled: ['ThrottlingException', 400, 'Rate exceeded'],
  internal: ['ServerException', 500, 'Service Unavailable. Please try again later.'],
  unknownAction: ['UnknownOperationException', 400, ''],
};

const s3: Words = {
  unsigned: ['AccessDenied', 403, 'Access Denied'],
  unknownKey: [
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  expired: ['ExpiredToken', 400, 'The provided token has expired.'],
  wrongSignature: [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  skewed: [
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
  ],
  denied: ['AccessDenied', 403, 'Access Denied'],
  throttled: ['SlowDown', 503, 'Please reduce your request rate.'],
  internal: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
  unknownAction: [
    'NotImplemented',
    501,
    'A header you provided implies functionality that is not implemented',
  ],
};

const words: Readonly<Record<ServiceName, Words>> = {
  sts: query,
  monitoring: query,
  ec2,
  ecs,
  s3,
  s3control: s3,
};

/** `who` may not do `action`: only where the services say so do they name both. */
export function refusalOf(service: ServiceName, kind: RefusalKind, who?: string, action?: string): Refusal {
  const [code, status, message] = words[service][kind];
  const names = kind === 'denied' && service !== 's3' && who !== undefined;
  return new Refusal(code, status, names ? `User: ${who} is not authorized to perform: ${action}` : message);
}
