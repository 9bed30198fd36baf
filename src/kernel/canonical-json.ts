import { isInexactNumber } from './inexact-numbers.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** All that JSON.stringify escapes, and a little more: without any of it a string is its own JSON between quotes. */
const NEEDS_ESCAPING = /["\\\p{Cc}\p{Cs}]/u;

/**
 * One text for every spelling of a JSON value: keys sorted by UTF-16 code units, no blanks, strings and numbers
 * as JSON.stringify writes them (RFC 8785). Made for hashing. Recursive: the caller has bounded the depth.
 *
 * Two numbers can be one double: 9007199254740993 and 9007199254740992, or 1e400 and 1e500. Their texts are
 * equal here; `onInexactNumber` is called when the value holds such a number, for a caller to whom it matters.
 * A member that is undefined is left out, as JSON.stringify does. Throws a TypeError at anything else that
 * JSON.parse cannot return.
 */
export function canonicalJson(value: unknown, onInexactNumber?: () => void): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numeral(value, onInexactNumber);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return listed(value, onInexactNumber);
  if (isJsonObject(value)) return keyed(value, onInexactNumber);
  throw new TypeError(`no JSON value: ${typeof value}`);
}

function quoted(text: string): string {
  return NEEDS_ESCAPING.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function numeral(value: number, onInexactNumber?: () => void): string {
  if (Number.isNaN(value)) throw new TypeError('no JSON value: NaN');
  if (isInexactNumber(value)) onInexactNumber?.();
  // JSON.parse makes Infinity of 1e400; JSON.stringify would make `null` of that, which is another value.
  if (!Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
  return String(value);
}

function listed(values: readonly unknown[], onInexactNumber?: () => void): string {
  let text = '[';
  for (let at = 0; at < values.length; at++) {
    if (at > 0) text += ',';
    text += canonicalJson(values[at], onInexactNumber);
  }
  return `${text}]`;
}

function keyed(record: JsonObject, onInexactNumber?: () => void): string {
  let text = '{';
  for (const key of Object.keys(record).sort()) {
    const value = record[key];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${quoted(key)}:${canonicalJson(value, onInexactNumber)}`;
  }
  return `${text}}`;
}
