const FORM = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** RFC 9110, 5.6.7; whole seconds. */
export const toHttpDate = (ms: number): string => new Date(ms).toUTCString();

/** Unix ms; undefined for what is no date in the form that is sent today. */
export function readHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !FORM.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Whether an `If-Modified-Since` covers a change at `changedAt`: it is of whole seconds (RFC 9110, 13.1.3). */
export function isSince(changedAt: number, ifModifiedSince: string | undefined): boolean {
  const since = readHttpDate(ifModifiedSince);
  return since !== undefined && Math.floor(changedAt / 1_000) * 1_000 <= since;
}
