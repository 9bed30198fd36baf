import type { HttpAnswer, HttpFailureReason } from './http-client.ts';

export type HttpFailure = Extract<HttpAnswer, { ok: false }>;

/** Thrown into a connection attempt by the guard. */
export class EgressDenied extends Error {
  readonly code = 'EGRESS_DENIED';
}

/** Thrown into a connection attempt when a proxy gives no tunnel: `ANSWERED_407`, or why it gave no answer. */
export class ProxyFailed extends Error {
  readonly code: string;
  constructor(why: string) {
    super('the proxy gave no tunnel');
    this.code = `PROXY_${why}`;
  }
}

const reasonByCode: ReadonlyMap<string, HttpFailureReason> = new Map([
  ...codes('timeout', [
    'ETIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
  ]),
  // No connection came about: to whoever reads the reason that is one and the same.
  ...codes('connection_refused', [
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
    'EACCES',
    'EPERM',
  ]),
  ...codes('connection_reset', ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET']),
  ...codes('dns', ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL']),
  ...codes('egress_denied', ['EGRESS_DENIED']),
  ...codes('answer_invalid', ['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']),
]);

const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$|INVALID_)/;

/**
 * What an error of the network means. The detail is the error's code and nothing of its message, which may hold
 * the URL. Undefined for what is no failure of the network: the caller's mistake.
 */
export function httpFailure(error: unknown): HttpFailure | undefined {
  const code = errorCode(error);
  if (code.startsWith('UND_ERR_INVALID_ARG') || code === 'UND_ERR_NOT_SUPPORTED') return undefined;
  return { ok: false, reason: failureReason(code), detail: code };
}

/** What a code of the system, of TLS or of undici means. */
export function failureReason(code: string): HttpFailureReason {
  const known = reasonByCode.get(code);
  if (known) return known;
  if (TLS_CODE.test(code)) return 'tls';
  if (code.startsWith('PROXY_')) return 'proxy';
  return code.startsWith('HPE_') ? 'answer_invalid' : 'connection_reset';
}

function errorCode(error: unknown): string {
  // Several addresses tried, several errors: the guard's verdict does not occur there, so the first tells enough.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return code;
  // undici knows codes for some of what its parser refuses only.
  return first instanceof Error && first.name === 'HTTPParserError' ? 'HPE_INVALID' : 'UNKNOWN';
}

function codes(reason: HttpFailureReason, list: readonly string[]): [string, HttpFailureReason][] {
  return list.map((code) => [code, reason]);
}
