/** The furthest from 1970 that a date can be, either way. */
const INSTANT_MAX = 8_640_000_000_000_000;

/**
 * RFC 3339 in UTC, ending in `Z`; milliseconds only where there are any, as the contract's samples have it. Null of
 * null, and of what no calendar has.
 */
export function utc(at: number | null): string | null {
  if (at === null || !(Math.abs(at) <= INSTANT_MAX)) return null;
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
