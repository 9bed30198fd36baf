import { isJsonObject, parseUntrusted, type JsonObject } from '../kernel/json.ts';
import { scanJson, type JsonLimits, type JsonScan, type Span } from '../kernel/json-scan.ts';
import { decodeUtf8 } from '../kernel/utf8.ts';
import type { ProvedMessage } from './source.ts';

export interface JsonItem {
  /** Without `__proto__` and `constructor` keys. */
  readonly record: JsonObject;
  /** The item as it stands in the body, byte for byte. */
  readonly text: string;
}

export type JsonItems =
  | { readonly kind: 'items'; readonly items: readonly JsonItem[] }
  | { readonly kind: 'invalid'; readonly detail: string };

export type JsonBody =
  | {
      readonly kind: 'json';
      /** Without `__proto__` and `constructor` keys, at any depth. */
      readonly value: unknown;
      readonly text: string;
      /** Where its elements stand in the text, when it is an array. */
      readonly elements: readonly Span[] | undefined;
    }
  | { readonly kind: 'invalid'; readonly detail: string };

/**
 * Reads a body that must be JSON, whatever its media type says: several vendors send theirs as text. UTF-8, depth
 * and number of items are looked at before JSON is, so that nothing hostile is built. A `detail` names what is
 * wrong and never quotes the body.
 */
export function readJson(body: Buffer, limits: JsonLimits): JsonBody {
  const text = decodeUtf8(body);
  if (text === undefined) return invalid('the body is not valid UTF-8');
  const scan = scanJson(text, limits);
  if (scan.kind === 'refused') return invalid(refusalDetail(scan.reason, limits));
  const parsed = parseUntrusted(text);
  if (!parsed.ok) return invalid(NOT_JSON);
  return {
    kind: 'json',
    value: parsed.value,
    text,
    elements: scan.kind === 'array' ? scan.elements : undefined,
  };
}

/** A body that must be one JSON object. */
export function readJsonObject(body: Buffer, limits: JsonLimits): JsonItems {
  const json = readJson(body, limits);
  if (json.kind === 'invalid') return json;
  if (!isJsonObject(json.value)) return invalid('the body must be a JSON object');
  return { kind: 'items', items: [{ record: json.value, text: json.text }] };
}

/**
 * A body that must be a JSON array of one or more objects, all or nothing, under the media type
 * `application/json`; a `detail` names the index where something is wrong.
 */
export function readJsonArray(
  { headers, body }: Pick<ProvedMessage, 'headers' | 'body'>,
  limits: JsonLimits,
): JsonItems {
  if (!isJsonMediaType(headers['content-type'])) return invalid('the media type must be application/json');
  const json = readJson(body, limits);
  if (json.kind === 'invalid') return json;
  if (!Array.isArray(json.value) || json.elements === undefined)
    return invalid('the body must be an array of objects');
  return itemsOf(json.text, json.value, json.elements);
}

const NOT_JSON = 'the body is not valid JSON';

const invalid = (detail: string): { readonly kind: 'invalid'; readonly detail: string } => ({
  kind: 'invalid',
  detail,
});

/**
 * Parameters are ignored: JSON is UTF-8 whatever a `charset` says (RFC 8259, sections 8.1 and 11). `+json` types
 * are other media types, which this is not the place to guess the meaning of.
 */
function isJsonMediaType(header: string | string[] | undefined): boolean {
  if (typeof header !== 'string') return false;
  if (header === 'application/json') return true;
  const [type = ''] = header.split(';', 1);
  return type.trim().toLowerCase() === 'application/json';
}

function refusalDetail(reason: Extract<JsonScan, { kind: 'refused' }>['reason'], limits: JsonLimits): string {
  if (reason === 'too_deep') return `the body nests deeper than ${limits.depthMax} levels`;
  if (reason === 'too_many_items') return `the array holds more than ${limits.itemsMax} objects`;
  return NOT_JSON;
}

function itemsOf(text: string, values: readonly unknown[], spans: readonly Span[]): JsonItems {
  if (values.length === 0) return invalid('the array is empty: at least one object is expected');
  const items: JsonItem[] = [];
  for (const [index, span] of spans.entries()) {
    const record = values[index];
    if (!isJsonObject(record)) return invalid(`the item at index ${index} is not an object`);
    items.push({ record, text: text.slice(span.start, span.end) });
  }
  return { kind: 'items', items };
}
