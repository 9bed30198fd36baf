/** The contracted document, ready to be sent: made once in the worker, the same bytes for everybody. */
export interface PublishedDocument {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
  /** Of the plain bytes: base64url, without quotes. */
  readonly hash: string;
  /** Incidents listed without an employee. */
  readonly unresolved: number;
  readonly incidents: number;
}

/** What `GET /incidents` answers from. */
export interface Publication {
  /** Undefined while nothing was ever listed and stored. */
  readonly document: PublishedDocument | undefined;
  /** Unix ms: when the document came to be what it is. */
  readonly changedAt: number;
  /** Unix ms: the oldest of the last good lists that it was made of. */
  readonly refreshedAt: number;
  /** Lists whose last good answer is older than the feed's `staleAfter`, or that never came: `elevate/denial`. */
  readonly stale: readonly string[];
}
