import { Type } from 'typebox';
import { Problem } from '../../kernel/problem.ts';
import type { Window } from '../views/question.ts';

const MINUTE_SECONDS = 60;
const DEFAULT_PERIOD_SECONDS = 3_600;
const POINTS_MAX = 1_440;
const DAY_MS = 86_400_000;
/** From here on a number of a time is of milliseconds: as seconds it would be the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;
/** The last instant that RFC 3339 can write. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);
/** How long CloudWatch keeps figures of a period; past the last one there is nothing finer than that. */
const finest = [
  { sinceMs: 15 * DAY_MS, seconds: MINUTE_SECONDS },
  { sinceMs: 63 * DAY_MS, seconds: 300 },
] as const;
const COARSEST_SECONDS = 3_600;

const INSTANT = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+\- ]\d{2}:\d{2})`;
const UNIX = String.raw`\d{1,13}(\.\d{1,9})?`;

const timeText = (description: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      pattern: `^(${INSTANT}|${UNIX})$`,
      description: `${description} RFC 3339, or Unix time in seconds or milliseconds.`,
    }),
  );

/** The window of figures. `period` is text, so that whatever is no number is told in the same words. */
export const windowQuery = {
  period: Type.Optional(
    Type.String({
      maxLength: 20,
      description: `Seconds, a multiple of 60: ${DEFAULT_PERIOD_SECONDS}. At most ${POINTS_MAX} points.`,
    }),
  ),
  start_time: timeText('Absent: 24 hours before the end.'),
  end_time: timeText('Absent: now.'),
};

export interface TypedWindow {
  readonly period?: string;
  readonly start_time?: string;
  readonly end_time?: string;
}

/**
 * The window that is asked for, on whole minutes, so that who asks twice in a minute asks the same. What AWS has figures
 * of only for longer periods is asked for with the next longer one. Problem: bad_request.
 */
export function metricWindow(query: TypedWindow, now: number): Window {
  const periodSeconds = periodOf(query.period);
  const until = Math.min(now, query.end_time === undefined ? now : timeOf('end_time', query.end_time));
  const since =
    query.start_time === undefined ? Math.max(0, until - DAY_MS) : timeOf('start_time', query.start_time);
  if (since >= until)
    throw new Problem('bad_request', '"start_time" must be before "end_time", and before now.');
  if (until - since > POINTS_MAX * periodSeconds * 1_000) {
    throw new Problem(
      'bad_request',
      `That would be more than ${POINTS_MAX} points: choose a longer "period", or a shorter time.`,
    );
  }
  const gridSeconds = finestAt(now - since);
  const gridMs = gridSeconds * 1_000;
  return {
    since: Math.floor(since / gridMs) * gridMs,
    until: Math.ceil(until / gridMs) * gridMs,
    periodSeconds: Math.ceil(periodSeconds / gridSeconds) * gridSeconds,
  };
}

function periodOf(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_PERIOD_SECONDS : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds % MINUTE_SECONDS === 0) return seconds;
  throw new Problem('bad_request', `"period" is a multiple of ${MINUTE_SECONDS} seconds.`);
}

function timeOf(name: string, text: string): number {
  const ms = /^[\d.]+$/.test(text) ? unixMs(Number(text)) : Date.parse(text.replace(' ', '+'));
  // A date that no calendar has is NaN.
  if (ms >= 0 && ms <= LAST_MS) return Math.floor(ms);
  throw new Problem('bad_request', `"${name}" is no time that exists, or before 1970.`);
}

const unixMs = (value: number): number => (value < MILLISECONDS_FROM ? value * 1_000 : value);

const finestAt = (ageMs: number): number =>
  finest.find(({ sinceMs }) => ageMs <= sinceMs)?.seconds ?? COARSEST_SECONDS;
