import { hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { inexactNumbers } from '../../kernel/inexact-numbers.ts';
import type { IncidentId } from '../incident.ts';

const TIME_DIGITS = 15;
const HASH_DIGITS = 25;

export const INCIDENT_ID_PATTERN = `^inc_[0-9a-f]{${TIME_DIGITS + HASH_DIGITS}}$`;

/**
 * All that makes a record the one it is: its feed, its type and what it says, whatever the order of its members. Not
 * how it is spelled, but for numbers that a double does not tell apart. `text` is what `value` was read from.
 */
export function recordIdentity(feed: string, type: string, value: unknown, text: string): string {
  let isInexact = false;
  const canonical = canonicalJson(value, () => {
    isInexact = true;
  });
  return JSON.stringify([feed, type, isInexact ? inexactNumbers(text) : []]) + canonical;
}

/**
 * Ids sort by the incident's own time: microseconds first, then a hash. `ordinal` tells wholly equal records of one
 * list apart, the first being 0.
 */
export function incidentId(timestamp: number, identity: string, ordinal: number): IncidentId {
  const digest = hash('sha256', `${ordinal} ${identity}`).slice(0, HASH_DIGITS);
  return `inc_${timeDigits(timestamp * 1e6)}${digest}`;
}

/** The smallest id that an incident of that time could have. */
export function incidentIdBound(unixMs: number): IncidentId {
  return `inc_${timeDigits(unixMs * 1_000)}${'0'.repeat(HASH_DIGITS)}`;
}

const LAST_MICROSECOND = 16 ** TIME_DIGITS - 1;

/** Beyond 2^53 microseconds (the year 2255) Number's own hex digits are not exact. */
function timeDigits(micros: number): string {
  const within = Math.min(Math.max(0, Math.floor(micros)), LAST_MICROSECOND);
  return BigInt(within).toString(16).padStart(TIME_DIGITS, '0').slice(-TIME_DIGITS);
}
