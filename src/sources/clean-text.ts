/**
 * What must not reach a log line, a mail header or a database: control characters (PostgreSQL takes no NUL),
 * line and paragraph separators, marks that turn the direction of text around, halves of surrogate pairs
 * (which no UTF-8 can hold).
 */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;
const HAS_HARMFUL = new RegExp(HARMFUL.source, 'u');

/**
 * Text from outside as one harmless line of at most `lengthMax` UTF-16 units: what could do harm is a space,
 * the ends are trimmed, what is too long ends in `…`. Empty when nothing is left.
 */
export function cleanText(text: string, lengthMax: number): string {
  // Cut first, so that a text of many megabytes costs no more than a short one.
  const isLong = text.length > lengthMax;
  const kept = isLong ? `${text.slice(0, lengthMax - 1)}…` : text;
  // A cut through a surrogate pair leaves a half, which goes with the rest.
  const clean = HAS_HARMFUL.test(kept) ? kept.replace(HARMFUL, ' ') : kept;
  return clean.trim();
}
