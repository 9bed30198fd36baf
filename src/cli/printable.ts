/**
 * What a terminal would obey instead of showing: control characters (among them ESC, and U+009B, which is "ESC ["
 * in one character), line and paragraph separators, marks that turn the direction of text around, halves of
 * surrogate pairs.
 */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from outside as one line that is safe to print: what could do harm stands there as `\u001b`. */
export const printable = (text: string): string => text.replace(HARMFUL, escape);

/** The same of a text that has lines: their ends and tabs stay. */
export const printableLines = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(/[^\n\t]+/g, printable);

/** A value as indented JSON that is safe to print: the same characters are escaped, so that it still parses. */
export const printableJson = (value: unknown): string => jsonOf(JSON.stringify(value, null, 2) ?? 'null');

/** The same in one line, for a stream of values. */
export const printableJsonLine = (value: unknown): string => jsonOf(JSON.stringify(value) ?? 'null');

/** A line break in JSON stands between its parts only: those of its texts are escaped already. */
const jsonOf = (json: string): string =>
  json.replace(HARMFUL, (char) => (char === '\n' ? char : escape(char)));
