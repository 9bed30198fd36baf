const DIGITS = 13;
const RANGE = 16 ** DIGITS;

/**
 * Whether a trace is among those kept, by the end of its id, where it is random: every process decides alike, so
 * that a trace is whole or not there.
 */
export function isSampled(traceId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  return Number.parseInt(traceId.slice(-DIGITS), 16) < ratio * RANGE;
}
