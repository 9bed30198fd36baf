import { isBlank, jsonStringEnd, skipBlanks } from '../../kernel/json-scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ARRAY_OPEN = 0x5b;
const OBJECT_OPEN = 0x7b;
const HAS_BLANK = /[ \t\r\n]/;

/** Whether a member of that name stands among these of the outermost object (depth 1) or deeper. */
export type IsDropped = (name: string, depth: number) => boolean;

/** Valid JSON without blanks outside strings; numbers and strings stay as they are spelled. */
export function compactJson(text: string): string {
  if (!HAS_BLANK.test(text)) return text;
  let kept = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = jsonStringEnd(text, at) + 1;
    else if (isBlank(code)) {
      kept += text.slice(from, at);
      from = skipBlanks(text, at, text.length);
      at = from;
    } else at += 1;
  }
  return kept + text.slice(from);
}

/** Valid, compact JSON without the members that are dropped. Recursive: the caller has bounded the depth. */
export function withoutMembers(text: string, isDropped: IsDropped): string {
  return valueAt({ text, isDropped }, 0, 1).kept;
}

/**
 * A text with memory of its own. What `slice` returns holds on to all it was cut from, which for a record is the
 * whole list that it stood in.
 */
export const ownCopy = (text: string): string => Buffer.from(text).toString();

interface Walk {
  readonly text: string;
  readonly isDropped: IsDropped;
}
interface Kept {
  readonly kept: string;
  /** The index behind it. */
  readonly end: number;
}

function valueAt(walk: Walk, start: number, depth: number): Kept {
  const code = walk.text.charCodeAt(start);
  if (code === OBJECT_OPEN) return objectAt(walk, start, depth);
  if (code === ARRAY_OPEN) return arrayAt(walk, start, depth);
  const end = code === QUOTE ? jsonStringEnd(walk.text, start) + 1 : literalEnd(walk.text, start);
  return { kept: walk.text.slice(start, end), end };
}

function objectAt(walk: Walk, start: number, depth: number): Kept {
  const members: string[] = [];
  let at = start + 1;
  while (walk.text.charCodeAt(at) === QUOTE) {
    const nameEnd = jsonStringEnd(walk.text, at) + 1;
    const name = walk.text.slice(at, nameEnd);
    const { kept, end } = valueAt(walk, nameEnd + 1, depth + 1);
    if (!walk.isDropped(nameOf(name), depth)) members.push(`${name}:${kept}`);
    at = walk.text.charCodeAt(end) === COMMA ? end + 1 : end;
  }
  return { kept: `{${members.join(',')}}`, end: at + 1 };
}

function arrayAt(walk: Walk, start: number, depth: number): Kept {
  const elements: string[] = [];
  let at = start + 1;
  if (walk.text[at] === ']') return { kept: '[]', end: at + 1 };
  for (;;) {
    const { kept, end } = valueAt(walk, at, depth + 1);
    elements.push(kept);
    at = end + 1;
    if (walk.text.charCodeAt(end) !== COMMA) return { kept: `[${elements.join(',')}]`, end: at };
  }
}

/** A number or a word ends before what may follow it. */
function literalEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',]}'.includes(text.charAt(at))) at += 1;
  return at;
}

/** A name spelled with escapes is still that name. */
const nameOf = (quoted: string): string =>
  quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
