import type { ListCounts } from '../book/port.ts';
import type { CollectOutcome } from '../collect/collected.ts';
import type { AnyFeed } from '../feeds/feed.ts';
import { type FeedReport, type ListReport, listsOf } from '../report.ts';

type Outcome = Pick<CollectOutcome, 'failure' | 'attempts' | 'durationMs'>;

const NEVER_REFRESHED = {
  refreshedAt: undefined,
  durationMs: undefined,
  document: undefined,
  failedInARow: 0,
  parallel: undefined,
  breaker: undefined,
} as const;
const NO_COUNTS: ListCounts = { count: 0, unresolved: 0, invalid: 0 };

/** Keeps how a feed's lists stand from refresh to refresh. */
export class FeedLedger {
  readonly #feed: AnyFeed;
  /** By type. */
  readonly #lists = new Map<string, ListReport>();
  #identities: ListReport | undefined;
  #whole: Omit<FeedReport, 'id' | 'kind' | 'identities' | 'types'> = NEVER_REFRESHED;

  /** `stored`: how it stood when it was last stored. */
  constructor(feed: AnyFeed, stored: FeedReport | undefined) {
    this.#feed = feed;
    this.resume(stored);
  }

  /** Goes on from how it stood elsewhere. Lists that the config names no more are left out. */
  resume(stored: FeedReport | undefined): void {
    const known = new Map((stored?.types ?? []).map((list) => [list.name, list]));
    for (const { type } of this.#feed.types) this.#lists.set(type, known.get(type) ?? neverAsked(type));
    this.#identities = hasIdentities(this.#feed)
      ? (stored?.identities ?? neverAsked('identities'))
      : undefined;
    const { refreshedAt, durationMs, document, failedInARow } = stored ?? NEVER_REFRESHED;
    // How it is asked is each process's own affair.
    this.#whole = { ...NEVER_REFRESHED, refreshedAt, durationMs, document, failedInARow };
  }

  /** What became of asking for one type's list; `now` is when the refresh began. */
  list(type: string, outcome: Outcome, now: number): void {
    this.#lists.set(type, after(this.#lists.get(type) ?? neverAsked(type), outcome, now));
  }

  identities(outcome: Outcome, now: number): void {
    if (this.#identities !== undefined) this.#identities = after(this.#identities, outcome, now);
  }

  count(type: string, counts: ListCounts): void {
    const before = this.#lists.get(type);
    if (before !== undefined) this.#lists.set(type, { ...before, ...counts });
  }

  countIdentities(count: number, forgotten: number, invalid: number): void {
    if (this.#identities === undefined) return;
    this.#identities = { ...this.#identities, count, unresolved: forgotten, invalid };
  }

  refreshed(whole: Pick<FeedReport, 'refreshedAt' | 'durationMs' | 'parallel' | 'breaker'>): void {
    const hasFailed = listsOf(this.report).some(({ error }) => error !== undefined);
    this.#whole = {
      ...this.#whole,
      ...whole,
      failedInARow: hasFailed ? this.#whole.failedInARow + 1 : 0,
    };
  }

  get report(): FeedReport {
    const { id, kind, types } = this.#feed;
    return {
      id,
      kind,
      ...this.#whole,
      identities: this.#identities,
      types: types.map(({ type }) => this.#lists.get(type) ?? neverAsked(type)),
    };
  }
}

const after = (before: ListReport, { failure, attempts, durationMs }: Outcome, now: number): ListReport => ({
  ...before,
  lastAttemptAt: now,
  lastSuccessAt: failure === undefined ? now : before.lastSuccessAt,
  durationMs,
  attempts,
  error: failure && {
    reason: failure.reason,
    detail: failure.detail,
    since: before.error?.since ?? now,
  },
});

const hasIdentities = (feed: AnyFeed): boolean => feed.kind !== 'push' && feed.identitiesPath !== undefined;

const neverAsked = (name: string): ListReport => ({
  name,
  lastAttemptAt: undefined,
  lastSuccessAt: undefined,
  durationMs: undefined,
  attempts: undefined,
  error: undefined,
  ...NO_COUNTS,
});
