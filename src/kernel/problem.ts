/**
 * Every refusal of the API. One table feeds the answers, OpenAPI and the reference; `status` is the HTTP status,
 * `title` the same for every occurrence (RFC 9457).
 */
export const problemTable = {
  bad_request: { status: 400, title: 'The request is not understood' },
  unauthorized: { status: 401, title: 'Authentication is needed' },
  signature_invalid: { status: 401, title: 'The signature does not prove this body' },
  aws_refused: { status: 401, title: 'AWS does not take these keys' },
  forbidden: { status: 403, title: 'This token may not do that' },
  tls_needed: { status: 403, title: 'This takes an encrypted connection' },
  aws_denied: { status: 403, title: 'AWS does not allow these keys to read that' },
  wrong_key: { status: 403, title: 'The key or the password is not the right one' },
  not_found: { status: 404, title: 'There is nothing here' },
  aws_no_account: { status: 404, title: 'There is no such AWS account' },
  method_not_allowed: { status: 405, title: 'The method does not exist here' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  conflict: { status: 409, title: 'The state of the resource does not allow that' },
  precondition_failed: { status: 412, title: 'The resource is not as the request says' },
  body_too_large: { status: 413, title: 'The body is too large' },
  media_type_unsupported: { status: 415, title: 'The media type is not supported' },
  body_invalid: { status: 422, title: 'The body is not what this source takes' },
  config_faulty: { status: 422, title: 'The configuration has faults' },
  region_unknown: { status: 422, title: 'There is no such AWS region' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'An unexpected fault' },
  aws_unreachable: { status: 502, title: 'AWS could not be reached' },
  aws_failed: { status: 502, title: 'AWS did not answer as it should' },
  source_off: { status: 503, title: 'The source is not configured' },
  feed_off: { status: 503, title: 'No incident feed is configured' },
  feed_cold: { status: 503, title: 'No incidents have been read yet' },
  aws_off: { status: 503, title: 'AWS sessions are not possible here' },
  aws_throttled: { status: 503, title: 'AWS cannot be asked so often' },
  proof_unavailable: { status: 503, title: 'What proves the request could not be fetched' },
  store_unavailable: { status: 503, title: 'The store cannot take it' },
  stopping: { status: 503, title: 'The service is stopping' },
  store_full: { status: 507, title: 'There is no room for it' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problemTable;

const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

export interface ProblemOptions {
  /** Sent as `Retry-After`, in whole seconds. */
  readonly retryAfterSeconds?: number;
  /** Further headers, `Allow` for one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** A refusal that the caller is meant to read. Anything else that is thrown answers a fixed 500. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  /** `detail`: what is wrong with this request and what to do, safe to show to whoever sent it. */
  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.options = options;
  }

  get status(): number {
    return problemTable[this.code].status;
  }

  /** The RFC 9457 document, with the members that clients of the original services read. */
  document(): Record<string, unknown> {
    const { status, title } = problemTable[this.code];
    return {
      type: `urn:tocsin:problem:${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      error: reasonPhrases[status],
      message: this.message,
      ...this.options.members,
    };
  }
}
