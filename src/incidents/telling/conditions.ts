import type { Severity } from '../../events/event.ts';
import { type FeedReport, type ListReport, listsOf } from '../report.ts';

/** What of a feed people are told when it turns. Each has a state of its own, and one that is good. */
export const aspects = ['lists', 'identities', 'records'] as const;
export type Aspect = (typeof aspects)[number];

export const GOOD = 'good';

/** How one aspect of a feed stands. */
export interface Condition {
  readonly aspect: Aspect;
  /** `good`, or what is wrong: also the last part of the event's type. */
  readonly state: 'good' | 'failing' | 'stale' | 'lost' | 'invalid';
  readonly severity: Severity;
  /** For the title: behind `The feed elevate `. */
  readonly words: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A list that fails now and then is how feeds are: so many refreshes in a row are worth a word. */
const FAILED_IN_A_ROW = 3;
/** Of the identities that were ever known: beyond the first share they count as lost, below the second as back. */
const LOST_SHARE = 0.1;
const BACK_SHARE = 0.02;

/** Since when a list that never came would have had to: the process's start. */
export interface Standpoint {
  readonly now: number;
  readonly startedAt: number;
  readonly staleAfterMs: number;
  /** As last told, for aspects that turn back later than they turned. */
  readonly told: (aspect: Aspect) => string | undefined;
}

/** How all aspects of a feed stand. */
export function conditionsOf(report: FeedReport, standpoint: Standpoint): readonly Condition[] {
  return [answersOf(report, standpoint), identitiesOf(report, standpoint), recordsOf(report)];
}

/** Whether a list's last good answer is too old, or it never came in that time. */
export function isStale(
  { lastSuccessAt }: ListReport,
  { now, startedAt, staleAfterMs }: Pick<Standpoint, 'now' | 'startedAt' | 'staleAfterMs'>,
): boolean {
  return now - (lastSuccessAt ?? startedAt) > staleAfterMs;
}

const namesOf = (lists: readonly ListReport[]): string => lists.map(({ name }) => name).join(', ');

const reasonsOf = (lists: readonly ListReport[]): string =>
  [...new Set(lists.flatMap(({ error }) => (error === undefined ? [] : [error.reason])))].join(', ');

function answersOf(report: FeedReport, standpoint: Standpoint): Condition {
  const lists = listsOf(report);
  const stale = lists.filter((list) => isStale(list, standpoint));
  const failing = lists.filter(({ error }) => error !== undefined);
  if (stale.length > 0) {
    return {
      aspect: 'lists',
      state: 'stale',
      severity: 'high',
      words: `is stale: no good answer for ${namesOf(stale)}`,
      labels: { lists: namesOf(stale), reasons: reasonsOf(stale) },
    };
  }
  if (failing.length > 0 && report.failedInARow >= FAILED_IN_A_ROW) {
    return {
      aspect: 'lists',
      state: 'failing',
      severity: 'medium',
      words: `fails for ${namesOf(failing)} (${reasonsOf(failing)}); the last good lists are kept`,
      labels: { lists: namesOf(failing), reasons: reasonsOf(failing) },
    };
  }
  // Between two refreshes that failed nothing is known to be well again.
  const isUndecided = failing.length > 0 && standpoint.told('lists') === 'failing';
  const state = isUndecided ? 'failing' : GOOD;
  return { aspect: 'lists', state, severity: 'informational', words: 'answers well again', labels: {} };
}

function identitiesOf({ identities }: FeedReport, { told }: Standpoint): Condition {
  const forgotten = identities?.unresolved ?? 0;
  const known = (identities?.count ?? 0) + forgotten;
  const share = known === 0 ? 0 : forgotten / known;
  const isLost = share >= (told('identities') === 'lost' ? BACK_SHARE : LOST_SHARE);
  const labels = { known: String(known), forgotten: String(forgotten) };
  if (!isLost)
    return {
      aspect: 'identities',
      state: GOOD,
      severity: 'informational',
      words: 'names its identities again',
      labels,
    };
  return {
    aspect: 'identities',
    state: 'lost',
    severity: 'medium',
    words: `has forgotten ${forgotten} of ${known} identities; they are remembered here`,
    labels,
  };
}

function recordsOf({ types }: FeedReport): Condition {
  const faulty = types.filter(({ invalid }) => invalid > 0);
  const total = faulty.reduce((sum, { invalid }) => sum + invalid, 0);
  if (total === 0)
    return {
      aspect: 'records',
      state: GOOD,
      severity: 'informational',
      words: 'holds no invalid records any more',
      labels: {},
    };
  return {
    aspect: 'records',
    state: 'invalid',
    severity: 'low',
    words: `holds invalid records, which are listed and filed under nobody, in ${namesOf(faulty)}`,
    labels: { lists: namesOf(faulty), records: String(total) },
  };
}
