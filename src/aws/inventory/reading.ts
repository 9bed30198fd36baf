import type { Action } from './reads.ts';

/** Why something of an account could not be read. */
export const failureKinds = [
  /** The principal may not do it. */
  'denied',
  /** AWS, or our own rate limit, would not let it be asked so often; retried to the end. */
  'throttled',
  /** What was asked about does not exist. */
  'missing',
  /** The credentials themselves are not taken: unknown, expired, wrongly signed. */
  'refused',
  /** No answer: no connection, no name, no time left. */
  'unreachable',
  /** An answer that is none of these. */
  'failed',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export interface ReadFailure {
  readonly kind: FailureKind;
  /** IAM's name of what was tried, which is not always the call's name. */
  readonly action: Action;
  /** `global` for what has no region. */
  readonly region: string;
  /** AWS's own error code (`UnauthorizedOperation`), or Node's (`ECONNREFUSED`); never a text of AWS's. */
  readonly code: string;
}

/** One thing, or why it could not be read. What is truly not there is a value. */
export type Reading<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'unread'; readonly failure: ReadFailure };

/**
 * Things of one sort, complete over all pages where `failures` is empty. Otherwise what was read before, which says
 * nothing of what is missing.
 */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly failures: readonly ReadFailure[];
}

export const read = <T>(value: T): Reading<T> => ({ kind: 'read', value });
export const unread = (failure: ReadFailure): Reading<never> => ({ kind: 'unread', failure });

/** The value, or undefined of what could not be read. */
export const valueOf = <T>(reading: Reading<T>): T | undefined =>
  reading.kind === 'read' ? reading.value : undefined;

export const isWhole = (listing: Listing<unknown>): boolean => listing.failures.length === 0;

export const whole = <T>(items: readonly T[]): Listing<T> => ({ items, failures: [] });
