const DAY = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const TIME = String.raw`((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,12})?`;
const OFFSET = String.raw`([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?`;
const DATE_TIME = new RegExp(`^${DAY}[Tt ]${TIME}${OFFSET}$`);

/**
 * Unix ms of an RFC 3339 date and time, what is finer than a millisecond cut off; undefined for anything else,
 * for a day that does not exist and for a leap second, which Unix time has no room for. A time without an
 * offset is UTC: Python's `isoformat` writes UTC so when its datetime is naive.
 */
export function rfc3339Ms(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', time = '', fraction = '', offset = 'Z'] = match;
  // Date.parse would take 30 February for 2 March.
  if (Number(day) > daysIn(Number(year), Number(month))) return undefined;
  const ms = Date.parse(`${year}-${month}-${day}T${time}${fraction.slice(0, 4)}${offset.toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Of the proleptic Gregorian calendar; 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
