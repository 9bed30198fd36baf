import { jsonStringEnd, skipBlanks, isBlank } from '../../kernel/json-scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

const DEPTH_MAX = 32;
/** All lists of a feed are held at once: of what says nothing a thread could hold a few millions. */
export const ITEMS_MAX = 100_000;

export type ListSpans =
  | {
      readonly kind: 'spans';
      /** Where elements begin and end, in turns: an object for each would cost more than the list. */
      readonly bounds: readonly number[];
      /** The text but for the elements, which is as good JSON as the text if they are. */
      readonly frame: string;
    }
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'too_deep' | 'too_many' | 'no_object' | 'no_list';
    };

/**
 * Where the elements of the array `results` of a JSON object stand, in one pass and before anything is parsed, so
 * that only what is new need be. It knows strings and brackets only: whoever parses frame and elements finds out
 * whether it is JSON. Of several members with the name the last counts, as it does for JSON.parse.
 */
export function listSpans(text: string): ListSpans {
  const open = skipBlanks(text, 0, text.length);
  if (text.charCodeAt(open) !== OBJECT_OPEN) return refused('no_object');
  let list: { readonly bounds: readonly number[]; readonly start: number; readonly end: number } | undefined;
  let at = skipBlanks(text, open + 1, text.length);
  while (text.charCodeAt(at) === QUOTE) {
    const nameEnd = jsonStringEnd(text, at) + 1;
    const colon = skipBlanks(text, nameEnd, text.length);
    if (nameEnd === 0 || text.charCodeAt(colon) !== COLON) return refused('malformed');
    const start = skipBlanks(text, colon + 1, text.length);
    const isList = isResults(text.slice(at, nameEnd));
    const value = valueSpan(text, start, isList);
    if (typeof value === 'string') return refused(value);
    if (isList) list = text.charCodeAt(start) === ARRAY_OPEN ? { ...value, start } : undefined;
    at = skipBlanks(text, value.end, text.length);
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1, text.length);
  }
  if (list === undefined) return refused('no_list');
  return {
    kind: 'spans',
    bounds: list.bounds,
    frame: `${text.slice(0, list.start + 1)}${text.slice(list.end - 1)}`,
  };
}

type Refusal = Extract<ListSpans, { kind: 'refused' }>;
const refused = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason });

/** A name spelled with escapes is still that name; one that is no JSON is found out with the frame. */
const isResults = (quoted: string): boolean => quoted === '"results"' || isEscapedResults(quoted);

function isEscapedResults(quoted: string): boolean {
  if (!quoted.includes('\\')) return false;
  try {
    return JSON.parse(quoted) === 'results';
  } catch {
    // No JSON, so not this name: the frame will be refused.
    return false;
  }
}

interface ValueSpan {
  readonly bounds: readonly number[];
  /** The index behind the value. */
  readonly end: number;
}

/** One value; of an array that is a list the bounds of its elements, too. */
function valueSpan(text: string, start: number, isList: boolean): ValueSpan | Refusal['reason'] {
  const bounds: number[] = [];
  const isArray = isList && text.charCodeAt(start) === ARRAY_OPEN;
  let from = start + 1;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = jsonStringEnd(text, at);
      if (at === -1) return 'malformed';
      if (depth === 0) return { bounds, end: at + 1 };
    } else if (code === COMMA) {
      if (depth === 0) return { bounds, end: at };
      if (depth !== 1 || !isArray) continue;
      pushBounds(bounds, text, from, at);
      if (bounds.length >= 2 * ITEMS_MAX) return 'too_many';
      from = at + 1;
    } else if (code === ARRAY_OPEN || code === OBJECT_OPEN) {
      // The object around all this is a level as well.
      if (++depth >= DEPTH_MAX) return 'too_deep';
    } else if (code === ARRAY_CLOSE || code === OBJECT_CLOSE) {
      if (depth === 0) return { bounds, end: at };
      if (--depth > 0) continue;
      if (isArray) pushLastBounds(bounds, text, from, at);
      return { bounds, end: at + 1 };
    }
  }
  return 'malformed';
}

function pushBounds(bounds: number[], text: string, from: number, to: number): void {
  const start = skipBlanks(text, from, to);
  let end = to;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  bounds.push(start, end);
}

/** Nothing between the brackets is an empty array; nothing after a comma is for the parser to refuse. */
function pushLastBounds(bounds: number[], text: string, from: number, to: number): void {
  if (bounds.length > 0 || skipBlanks(text, from, to) < to) pushBounds(bounds, text, from, to);
}
