import { isJsonObject } from '../../kernel/json.ts';
import { parsePointer, valueAt } from '../../kernel/json-pointer.ts';
import { type JsonItems, readJson } from '../read-json.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import { readElements, readRecords } from '../read-records.ts';

/** The records of a body: at the pointer of the config, or the body itself. */
export function bodyReader(pointer: string | undefined): (body: Buffer) => JsonItems {
  const tokens = pointer === undefined ? undefined : parsePointer(pointer);
  if (pointer === undefined || tokens === undefined) return readRecords;
  return (body) => {
    const json = readJson(body, ITEM_LIMITS);
    if (json.kind === 'invalid') return json;
    const found = valueAt(json.value, tokens);
    if (Array.isArray(found)) return readElements(json.text, found, tokens, pointer);
    if (!isJsonObject(found)) return { kind: 'invalid', detail: `the body has no array at ${pointer}` };
    // Some senders leave the brackets off a list of one.
    return { kind: 'items', items: [{ record: found, text: json.text }] };
  };
}
