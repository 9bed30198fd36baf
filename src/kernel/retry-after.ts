const DAY_MS = 86_400_000;
const WAIT_MS_MAX = 365 * DAY_MS;

/**
 * The wait that a Retry-After header asks for (RFC 9110, 10.2.3: seconds, or a date), at most a year; undefined
 * when it says nothing that can be understood, or names a time gone by.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  // Some senders give fractions, though the standard has whole seconds.
  if (/^[0-9]+(?:\.[0-9]+)?$/.test(text)) return boundedWaitMs(Number(text) * 1_000);
  // All three forms of a date begin with the day of the week; Date.parse alone takes `-5` for one.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : boundedWaitMs(date - nowMs);
}

/** A wait that somebody else asked for: whole milliseconds, at most a year; undefined when it is none. */
export function boundedWaitMs(ms: number): number | undefined {
  return ms > 0 ? Math.min(Math.ceil(ms), WAIT_MS_MAX) : undefined;
}
