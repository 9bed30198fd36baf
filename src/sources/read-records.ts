import { isJsonObject, parseUntrusted } from '../kernel/json.ts';
import { scanJson } from '../kernel/json-scan.ts';
import { elementSpans } from '../kernel/json-spans.ts';
import { decodeUtf8 } from '../kernel/utf8.ts';
import { ITEM_LIMITS, readItems } from './read-items.ts';
import type { JsonItem, JsonItems } from './read-json.ts';

/**
 * The records of a body that is one JSON object, an array of objects, or NDJSON (an object a line), whatever its
 * media type says: log shippers write all three of one and the same stream. All or nothing.
 */
export function readRecords(body: Buffer): JsonItems {
  const read = readItems(body);
  // What is wrong with the body as a whole says more, unless it is lines.
  return read.kind === 'invalid' ? (readLines(body) ?? read) : read;
}

/**
 * The elements of an array within a JSON text that was read, each with its own text; none when it is empty. `path`
 * leads to the array, and `name` says in a `detail` which one it is.
 */
export function readElements(
  text: string,
  values: readonly unknown[],
  path: readonly string[],
  name: string,
): JsonItems {
  const { itemsMax } = ITEM_LIMITS;
  if (values.length > itemsMax) return invalid(`${name} holds more than ${itemsMax} objects`);
  const items: JsonItem[] = [];
  for (const [index, { start, end }] of (elementSpans(text, path) ?? []).entries()) {
    const record = values[index];
    if (!isJsonObject(record)) return invalid(`the item at index ${index} of ${name} is not an object`);
    items.push({ record, text: text.slice(start, end) });
  }
  return { kind: 'items', items };
}

/** Undefined for a body that is no lines of JSON at all. */
function readLines(body: Buffer): JsonItems | undefined {
  const text = decodeUtf8(body);
  if (text === undefined || !text.includes('\n')) return undefined;
  const items: JsonItem[] = [];
  for (const line of linesOf(text)) {
    if (items.length >= ITEM_LIMITS.itemsMax)
      return invalid(`the body holds more than ${ITEM_LIMITS.itemsMax} lines`);
    const record = recordOf(line);
    if (record === undefined && items.length === 0) return undefined;
    if (record === undefined) return invalid(notAnObject(items.length));
    items.push({ record, text: line });
  }
  // One line is no lines: what was wrong with it has been said.
  return items.length < 2 ? undefined : { kind: 'items', items };
}

/** One by one: a body of nothing but line feeds must not become millions of strings. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    if (line !== '') yield line;
    start = end + 1;
  }
}

function recordOf(line: string): JsonItem['record'] | undefined {
  if (scanJson(line, ITEM_LIMITS).kind !== 'single') return undefined;
  const parsed = parseUntrusted(line);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
}

const notAnObject = (index: number): string =>
  `the line at index ${index} is not a JSON object of at most ${ITEM_LIMITS.depthMax} levels`;

const invalid = (detail: string): { readonly kind: 'invalid'; readonly detail: string } => ({
  kind: 'invalid',
  detail,
});
