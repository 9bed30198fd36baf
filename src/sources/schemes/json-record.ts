import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { readJson } from '../read-json.ts';

/** No vendor whose ids are looked up sends more; a larger body is known by its text as well. */
const BYTES_MAX = 1_048_576;
const ID_LENGTH_MAX = 256;

/** A verified body as a record, where a scheme must look into it; undefined for one that is no JSON object. */
export function jsonRecord(body: Buffer): JsonObject | undefined {
  if (body.length > BYTES_MAX) return undefined;
  const json = readJson(body, { depthMax: 64, itemsMax: 1 });
  return json.kind === 'json' && isJsonObject(json.value) ? json.value : undefined;
}

/** The sender's id of a message, as what a verification says of it. */
export function idOf(value: unknown): { readonly messageId?: string } {
  const isId = typeof value === 'string' && value !== '' && value.length <= ID_LENGTH_MAX;
  return isId ? { messageId: value } : {};
}
