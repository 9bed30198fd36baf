/**
 * What must not reach a subject, a log line or a phone: control characters, line and paragraph separators, marks
 * that turn the direction of text around, halves of surrogate pairs.
 */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const MARK = '…';

/**
 * Text from outside as one harmless line of at most `lengthMax` UTF-16 units; what is too long ends in `…`.
 * Empty when nothing is left.
 */
export function oneLine(text: string, lengthMax: number): string {
  // Cut before looking closer, so that a text of many megabytes costs no more than a short one.
  const isLong = text.length > lengthMax;
  const kept = isLong ? text.slice(0, lengthMax - MARK.length) : text;
  const clean = kept.replace(HARMFUL, ' ').trim();
  return isLong ? clean + MARK : clean;
}
