import type { HttpFailureReason } from '../../kernel/http-client.ts';

/** Why a list could not be had. Closed: also an API value and a metric label. */
export const collectFailures = [
  'status_refused',
  'redirect_refused',
  'too_large',
  'not_json',
  'shape_changed',
  'breaker_open',
  'unreadable',
] as const;
export type CollectFailure = (typeof collectFailures)[number] | HttpFailureReason;

/** What became of asking for one list. */
export interface CollectOutcome {
  /** Undefined when it was had, new or unchanged. */
  readonly failure: { readonly reason: CollectFailure; readonly detail: string } | undefined;
  /** Of the last answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly attempts: number;
  /** All attempts with their pauses. */
  readonly durationMs: number;
  readonly bytes: number;
}

/** A body that is worth reading, or word that it is what was read before. */
export interface CollectedList extends CollectOutcome {
  /** A type's name; undefined: the identities. */
  readonly type: string | undefined;
  /** Undefined when it failed, or when it is unchanged. */
  readonly body: string | undefined;
  readonly isUnchanged: boolean;
}

/** One refresh of one feed. */
export interface Collected {
  readonly lists: readonly CollectedList[];
  /** Lists asked for at once, at the end of it. */
  readonly parallel: number;
  readonly breaker: 'closed' | 'open' | 'half_open';
  readonly durationMs: number;
}

/** Asks one feed for its lists, again and again. Never two at once; never rejects for what a feed does. */
export interface Collector {
  /**
   * `onList` is called with each list as soon as it is there, so that what is read need not wait for what is slow.
   * What a body was refused for further on (`shape_changed`) is told with `forget`: then it is not unchanged next time.
   */
  collect(signal: AbortSignal, onList: (list: CollectedList) => void): Promise<Collected>;
  /** The list will be had whole the next time. */
  forget(type: string | undefined): void;
  close(): Promise<void>;
}
