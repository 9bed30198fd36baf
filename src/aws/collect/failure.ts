import type { FailureKind, ReadFailure } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';

/** The region of what has none. */
export const GLOBAL = 'global';

/** What was tried, and where. */
export interface Attempted {
  readonly action: Action;
  /** `global` for what has no region. */
  readonly region: string;
}

/** Thrown where a call fails before it is made, with its failure ready: a role that cannot be assumed. */
export class KnownFailure extends Error {
  readonly failure: Pick<ReadFailure, 'kind' | 'code'> & { readonly action?: Action };
  constructor(failure: KnownFailure['failure']) {
    super(failure.code);
    this.name = 'KnownFailure';
    this.failure = failure;
  }
}

/** The failure of what the SDK rejected with. Of the error's text nothing is kept: it may quote what was sent. */
export function failureOf(error: unknown, { action, region }: Attempted): ReadFailure {
  if (error instanceof KnownFailure) return { action, region, ...error.failure };
  const { codes, status } = errorFacts(error);
  const code = codes[0] ?? (status === undefined ? 'Unknown' : `Http${status}`);
  return { kind: kindOf(codes, status), action, region, code };
}

export const abortedFailure = ({ action, region }: Attempted): ReadFailure => ({
  kind: 'unreachable',
  action,
  region,
  code: 'Aborted',
});

/** Whether AWS would not let it be asked so often. */
export function isThrottled(error: unknown): boolean {
  const { codes, status } = errorFacts(error);
  return kindOf(codes, status) === 'throttled';
}

/** Names that the SDK gives where it has no code of AWS's: the code or the status says more. */
const namelessNames: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'SyntaxError',
  'UnknownError',
  'Unknown',
]);

/** AWS's codes and Node's look alike: letters, digits, dots, dashes. Anything else is a text, and texts are not kept. */
const codeShape = /^[A-Za-z][A-Za-z0-9_.-]{0,79}$/;

interface ErrorFacts {
  /** What the error and its causes call themselves, the outermost first. */
  readonly codes: readonly string[];
  readonly status: number | undefined;
}

function errorFacts(error: unknown): ErrorFacts {
  const codes: string[] = [];
  let status: number | undefined;
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1, at = at.cause) {
    codes.push(...codesOf(at));
    status ??= statusOf(at);
  }
  return { codes: [...new Set(codes)], status };
}

function codesOf(error: Error): readonly string[] {
  const own = [error.name, stringMember(error, 'Code'), stringMember(error, 'code')];
  return own.flatMap((code) =>
    code !== undefined && codeShape.test(code) && !namelessNames.has(code) ? [code] : [],
  );
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  const { httpStatusCode } = metadata;
  return typeof httpStatusCode === 'number' ? httpStatusCode : undefined;
}

function stringMember(error: Error, name: 'code' | 'Code'): string | undefined {
  const value: unknown = Object.entries(Object.getOwnPropertyDescriptors(error)).find(
    ([key]) => key === name,
  )?.[1].value;
  return typeof value === 'string' ? value : undefined;
}

const deniedCodes: ReadonlySet<string> = new Set([
  'UnauthorizedOperation',
  'UnauthorizedAccess',
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'AuthorizationError',
  'OptInRequired',
  'NotAuthorized',
  'Forbidden',
]);

const refusedCodes: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'TokenRefreshRequired',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'RequestInTheFuture',
  'AuthorizationHeaderMalformed',
  'CredentialsProviderError',
  'ProviderError',
  'TokenProviderError',
]);

const throttledCodes: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'EC2ThrottledException',
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'SlowDown',
]);

const missingCodes: ReadonlySet<string> = new Set([
  'NoSuchBucket',
  'ClusterNotFoundException',
  'ServiceNotFoundException',
]);

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EPROTO',
  'TimeoutError',
  'AbortError',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);
const networkShape = /^(?:CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HPE_)/;
/** `InvalidVolume.NotFound`, `InvalidVpcID.NotFound`; an id that cannot be one is not there either. */
const missingShape = /\.(?:NotFound|Malformed)$/;

function kindOf(codes: readonly string[], status: number | undefined): FailureKind {
  for (const code of codes) {
    const kind = kindOfCode(code);
    if (kind !== undefined) return kind;
  }
  // Without a code that is known the status is all there is; some answer a denial as a bare 403.
  if (status === 403) return 'denied';
  if (status === 401) return 'refused';
  if (status === 429) return 'throttled';
  return 'failed';
}

function kindOfCode(code: string): FailureKind | undefined {
  if (throttledCodes.has(code)) return 'throttled';
  if (refusedCodes.has(code)) return 'refused';
  if (deniedCodes.has(code)) return 'denied';
  if (missingCodes.has(code) || missingShape.test(code)) return 'missing';
  if (networkCodes.has(code) || networkShape.test(code)) return 'unreachable';
  return undefined;
}
