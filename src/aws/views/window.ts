import { badQuestion, found, type Found } from './answer.ts';
import type { Window } from './question.ts';

const MINUTE_S = 60;
const DAY_MS = 86_400_000;
/** The contract's limit. Both ends of a window may have been moved to whole periods. */
const POINTS_MAX = 1_440;
const MOVED_POINTS = 2;

/** CloudWatch keeps figures of a minute for 15 days, of five for 63, of an hour for 455. */
const finest: readonly { readonly olderThanMs: number; readonly periodSeconds: number }[] = [
  { olderThanMs: 63 * DAY_MS, periodSeconds: 3_600 },
  { olderThanMs: 15 * DAY_MS, periodSeconds: 300 },
];

/** The window as CloudWatch can be asked for it: a period that is too fine for its age is made longer. */
export function settledWindow({ since, until, periodSeconds }: Window, now: number): Found<Window> {
  if (!Number.isSafeInteger(periodSeconds) || periodSeconds <= 0 || periodSeconds % MINUTE_S !== 0)
    return badQuestion('The period must be a positive multiple of 60 seconds.');
  if (!Number.isFinite(since) || !Number.isFinite(until) || since >= until)
    return badQuestion('The window must begin before it ends.');
  if ((until - since) / (periodSeconds * 1_000) > POINTS_MAX + MOVED_POINTS)
    return badQuestion(
      `The window has more than ${POINTS_MAX} periods: take a longer one, or a shorter window.`,
    );
  const kept = finest.find(({ olderThanMs }) => now - since > olderThanMs)?.periodSeconds ?? MINUTE_S;
  return found({ since, until, periodSeconds: Math.ceil(periodSeconds / kept) * kept });
}
