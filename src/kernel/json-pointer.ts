import { isJsonObject } from './json.ts';

const POINTER_LENGTH_MAX = 256;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** The reference tokens of a JSON Pointer (RFC 6901), unescaped; undefined when the text is none. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || text.length > POINTER_LENGTH_MAX || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value that the tokens lead to; undefined when there is none. Own members only: no `constructor`, no `length`. */
export function valueAt(root: unknown, tokens: readonly string[]): unknown {
  let value = root;
  for (const token of tokens) {
    if (Array.isArray(value)) value = INDEX.test(token) ? value[Number(token)] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
  }
  return value;
}
