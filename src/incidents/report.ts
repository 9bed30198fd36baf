import { isJsonObject } from '../kernel/json.ts';
import type { CollectFailure } from './collect/collected.ts';
import type { FeedKindName } from './feeds/feed.ts';

/** How one list of a feed stands. All instants Unix ms. */
export interface ListReport {
  /** A type's name; `identities`. */
  readonly name: string;
  readonly lastAttemptAt: number | undefined;
  /** When it was last had and read, new or unchanged. */
  readonly lastSuccessAt: number | undefined;
  readonly durationMs: number | undefined;
  readonly attempts: number | undefined;
  /** Of the last refresh; undefined when that went well. */
  readonly error:
    { readonly reason: CollectFailure; readonly detail: string; readonly since: number } | undefined;
  readonly count: number;
  /** Of identities: those remembered, which the feed does not name now. Of a type: those without an employee. */
  readonly unresolved: number;
  readonly invalid: number;
}

/** How a feed stands: what status, metrics and page are made of, and what other processes are told. */
export interface FeedReport {
  readonly id: string;
  readonly kind: FeedKindName;
  /** When the last refresh began and how long it took; undefined before the first, and for pushed feeds. */
  readonly refreshedAt: number | undefined;
  readonly durationMs: number | undefined;
  /** The document as it was published when this was written, and since when: it outlives the process. */
  readonly document: { readonly hash: string; readonly changedAt: number } | undefined;
  /** Refreshes in a row in which some list failed. */
  readonly failedInARow: number;
  readonly parallel: number | undefined;
  readonly breaker: 'closed' | 'open' | 'half_open' | undefined;
  readonly identities: ListReport | undefined;
  readonly types: readonly ListReport[];
}

/** All lists of a feed: its types', and the identities where it has them. */
export const listsOf = ({ types, identities }: FeedReport): readonly ListReport[] =>
  identities === undefined ? types : [...types, identities];

/** A stored report; undefined for none, and for what another version wrote. */
export function reportOf(text: string | undefined): FeedReport | undefined {
  if (text === undefined) return undefined;
  try {
    const report: unknown = JSON.parse(text);
    return isReport(report) ? report : undefined;
  } catch {
    // Not readable: the feed counts as never asked.
    return undefined;
  }
}

/** Our own text out of our own store: what has its members was written by `FeedLedger`. */
const isReport = (value: unknown): value is FeedReport =>
  isJsonObject(value) && Array.isArray(value['types']);
