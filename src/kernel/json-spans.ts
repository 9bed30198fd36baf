import { isBlank, jsonStringEnd, skipBlanks, type Span } from './json-scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/**
 * Where the elements of an array stand in a JSON text, so that each can be kept byte for byte. `path` leads to the
 * array: names of members and indexes of elements, from the outermost value inwards. Undefined when there is no
 * array. Of members with one name the last one counts, as it does for JSON.parse.
 *
 * For texts that JSON.parse has taken: of anything else the answer means nothing.
 */
export function elementSpans(text: string, path: readonly string[]): readonly Span[] | undefined {
  let at = blanksFrom(text, 0);
  for (const name of path) {
    const next = childAt(text, at, name);
    if (next === undefined) return undefined;
    at = next;
  }
  if (text.charCodeAt(at) !== ARRAY_OPEN) return undefined;
  const spans: Span[] = [];
  forEachElement(text, at, (start, end) => void spans.push({ start, end }));
  return spans;
}

/** Where the member or element of this name begins. */
function childAt(text: string, at: number, name: string): number | undefined {
  let found: number | undefined;
  if (text.charCodeAt(at) === OBJECT_OPEN) {
    forEachMember(text, at, (key, start) => {
      if (key === name) found = start;
    });
  }
  if (text.charCodeAt(at) === ARRAY_OPEN) {
    let index = 0;
    forEachElement(text, at, (start) => {
      if (String(index++) === name) found = start;
    });
  }
  return found;
}

function forEachElement(text: string, open: number, take: (start: number, end: number) => void): void {
  let at = blanksFrom(text, open + 1);
  while (at < text.length && text.charCodeAt(at) !== ARRAY_CLOSE) {
    const end = valueEnd(text, at);
    take(at, end);
    at = nextChild(text, end);
  }
}

function forEachMember(text: string, open: number, take: (key: string, start: number) => void): void {
  let at = blanksFrom(text, open + 1);
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const keyEnd = jsonStringEnd(text, at);
    if (keyEnd === -1) return;
    const start = blanksFrom(text, blanksFrom(text, keyEnd + 1) + 1);
    take(keyOf(text.slice(at, keyEnd + 1)), start);
    at = nextChild(text, valueEnd(text, start));
  }
}

/** A name spelled with escapes is still that name. */
function keyOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

/** Behind the comma and its blanks, or at the bracket that closes. */
function nextChild(text: string, end: number): number {
  const at = blanksFrom(text, end);
  return text.charCodeAt(at) === COMMA ? blanksFrom(text, at + 1) : at;
}

/** The index behind the value that begins here; always further on. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = jsonStringEnd(text, at);
      if (at === -1) return text.length;
    } else if (code === ARRAY_OPEN || code === OBJECT_OPEN) depth += 1;
    else if (code === ARRAY_CLOSE || code === OBJECT_CLOSE) depth -= 1;
    at += 1;
    if (depth === 0 && endsHere(text, at, code)) return at;
  }
  return at;
}

/** A string or a bracket ends a value by itself; a number or a word ends before what may follow it. */
function endsHere(text: string, at: number, last: number): boolean {
  if (last === QUOTE || last === ARRAY_CLOSE || last === OBJECT_CLOSE) return true;
  const next = text.charCodeAt(at);
  if (next === COMMA || next === ARRAY_CLOSE || next === OBJECT_CLOSE) return true;
  return isBlank(next) || Number.isNaN(next);
}

const blanksFrom = (text: string, from: number): number => skipBlanks(text, from, text.length);
