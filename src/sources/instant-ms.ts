import { rfc3339Ms } from './rfc3339.ts';

/** As Go, Java and Python's logging write an offset: `+0200` without its colon. */
const BARE_OFFSET = /([+-]\d\d)(\d\d)$/;
const NUMBER = /^\d{9,19}(?:\.\d{1,9})?$/;
const TEXT_LENGTH_MAX = 60;

/** The end of year 9999: nothing that is written in four digits lies beyond. */
const LAST_MS = 253_402_300_799_999;

/**
 * Unix ms of a time as senders write it: RFC 3339, with or without the colon in its offset, or a Unix time in
 * seconds, milliseconds, microseconds or nanoseconds, as a number or as its digits. Undefined for anything else
 * and for what is not after 1970: Go writes a time that is not set as 1 January of year 1.
 */
export function instantMs(value: unknown): number | undefined {
  const ms = typeof value === 'number' ? unixMs(value) : textMs(value);
  return ms !== undefined && ms > 0 && ms <= LAST_MS ? ms : undefined;
}

function textMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > TEXT_LENGTH_MAX) return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? unixMs(Number(text)) : rfc3339Ms(text.replace(BARE_OFFSET, '$1:$2'));
}

/** The unit is told by the size: each is a thousand times the other, and all mean times between 1973 and 5138. */
function unixMs(value: number): number | undefined {
  if (!(value >= 1e8)) return undefined;
  if (value < 1e11) return Math.floor(value * 1e3);
  if (value < 1e14) return Math.floor(value);
  return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6);
}

/** The first of the values that is a time. */
export function firstInstant(...values: readonly unknown[]): number | undefined {
  for (const value of values) {
    const ms = instantMs(value);
    if (ms !== undefined) return ms;
  }
  return undefined;
}
