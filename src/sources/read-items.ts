import { isJsonObject } from '../kernel/json.ts';
import type { JsonLimits } from '../kernel/json-scan.ts';
import { readJson, type JsonItem, type JsonItems } from './read-json.ts';

/** For every format whose sender's contract names none: what is real is far smaller. */
export const ITEM_LIMITS: JsonLimits = { depthMax: 64, itemsMax: 1_000 };

/**
 * A body that is one JSON object or an array of one or more of them, all or nothing, whatever its media type says.
 * A `detail` names the index where something is wrong, and never quotes the body.
 */
export function readItems(body: Buffer, limits: JsonLimits = ITEM_LIMITS): JsonItems {
  const json = readJson(body, limits);
  if (json.kind === 'invalid') return json;
  if (isJsonObject(json.value)) return { kind: 'items', items: [{ record: json.value, text: json.text }] };
  if (!Array.isArray(json.value) || json.elements === undefined)
    return { kind: 'invalid', detail: 'the body must be a JSON object or an array of objects' };
  if (json.value.length === 0)
    return { kind: 'invalid', detail: 'the array is empty: at least one object is expected' };
  const items: JsonItem[] = [];
  for (const [index, { start, end }] of json.elements.entries()) {
    const record: unknown = json.value[index];
    if (!isJsonObject(record))
      return { kind: 'invalid', detail: `the item at index ${index} is not an object` };
    items.push({ record, text: json.text.slice(start, end) });
  }
  return { kind: 'items', items };
}
