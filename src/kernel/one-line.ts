/**
 * What must not reach a title, a log line, a mail header, a phone or a database: control characters (PostgreSQL
 * takes no NUL), line and paragraph separators, marks that turn the direction of text around, halves of surrogate
 * pairs (which no UTF-8 can hold). What joins or shapes letters (U+200C, U+200D) stays: words and emoji need it.
 */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const HAS_HARMFUL = new RegExp(HARMFUL.source, 'u');
const MARK = '…';

/**
 * Text from outside as one harmless line of at most `lengthMax` UTF-16 units: what could do harm is a space, one
 * for a run of it; the ends are trimmed; what is too long ends in `…`. Empty when nothing is left.
 */
export function oneLine(text: string, lengthMax: number): string {
  // Cut before looking closer, so that a text of many megabytes costs no more than a short one.
  const isLong = text.length > lengthMax;
  const kept = isLong ? text.slice(0, lengthMax - MARK.length) : text;
  // A cut through a surrogate pair leaves a half, which goes with the rest. Most texts need no replacing.
  const clean = (HAS_HARMFUL.test(kept) ? kept.replace(HARMFUL, ' ') : kept).trim();
  return isLong ? clean + MARK : clean;
}
