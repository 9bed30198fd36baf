/** Where one element of the outermost array stands in the text: `[start, end)`, without surrounding blanks. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface JsonLimits {
  /** Levels of arrays and objects in each other; `[]` has one, `[{}]` two, a scalar none. */
  readonly depthMax: number;
  /** Elements of the outermost array. */
  readonly itemsMax: number;
}

export type JsonScan =
  | { readonly kind: 'array'; readonly depth: number; readonly elements: readonly Span[] }
  /** The outermost value is an object or a scalar. */
  | { readonly kind: 'single'; readonly depth: number }
  | { readonly kind: 'refused'; readonly reason: 'too_deep' | 'too_many_items' | 'malformed' };

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/**
 * Measures a JSON text in one pass before anything is parsed: how deep it nests and, for an array, where each
 * of its elements stands. It stops at the first limit passed. It knows strings and brackets only: a text that
 * it takes may still be no JSON, which the parser that comes next finds out; on valid JSON both agree.
 */
export function scanJson(text: string, limits: JsonLimits): JsonScan {
  const first = skipBlanks(text, 0, text.length);
  const isArray = text.charCodeAt(first) === ARRAY_OPEN;
  const elements: Span[] = [];
  let depth = 0;
  let deepest = 0;
  let start = first + 1;
  let at = first;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = jsonStringEnd(text, at);
      if (at === -1) return refused('malformed');
    } else if (code === COMMA) {
      if (depth !== 1 || !isArray) continue;
      elements.push(spanOf(text, start, at));
      if (elements.length > limits.itemsMax) return refused('too_many_items');
      start = at + 1;
    } else if (code === ARRAY_OPEN || code === OBJECT_OPEN) {
      if (++depth > deepest) deepest = depth;
      if (deepest > limits.depthMax) return refused('too_deep');
    } else if (code === ARRAY_CLOSE || code === OBJECT_CLOSE) {
      // The outermost value ends here; what follows is refused by the parser at its first character.
      if (--depth <= 0) break;
    }
  }
  if (depth !== 0 || (deepest > 0 && at === text.length)) return refused('malformed');
  if (!isArray) return { kind: 'single', depth: deepest };
  const last = spanOf(text, start, at);
  // Nothing between the brackets is an empty array; nothing after a comma is for the parser to refuse.
  if (last.start < last.end || elements.length > 0) elements.push(last);
  if (elements.length > limits.itemsMax) return refused('too_many_items');
  return { kind: 'array', depth: deepest, elements };
}

type Refusal = Extract<JsonScan, { kind: 'refused' }>;
const refused = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason });

/**
 * The index of the quote that ends the JSON string begun at `open`, or -1. `indexOf` leaps over a string faster than
 * a loop walks it; each run of backslashes is walked once, so the whole stays linear.
 */
export function jsonStringEnd(text: string, open: number): number {
  let end = text.indexOf('"', open + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** A quote after an odd number of backslashes is a part of its string. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (quote - before) % 2 === 0;
}

function spanOf(text: string, from: number, to: number): Span {
  const start = skipBlanks(text, from, to);
  let end = to;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** The first index from `from` that is no blank, or `to`. */
export function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** JSON's four blanks: space, tab, line feed, carriage return (RFC 8259, section 2). */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
