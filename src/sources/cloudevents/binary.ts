import { isJsonObject, parseUntrusted } from '../../kernel/json.ts';
import { scanJson } from '../../kernel/json-scan.ts';
import { decodeUtf8 } from '../../kernel/utf8.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import type { JsonItems } from '../read-json.ts';
import type { Headers } from '../schemes/scheme.ts';

const PREFIX = 'ce-';
const ATTRIBUTES_MAX = 60;
const STRUCTURED = /^\s*application\/cloudevents/i;

/** Whether a request is in binary mode: the attributes are headers, the body is the data alone. */
export function isBinary(headers: Headers): boolean {
  const media = headers['content-type'];
  return headers['ce-specversion'] !== undefined && !(typeof media === 'string' && STRUCTURED.test(media));
}

/**
 * A request in binary mode as the record that structured mode would have been, text and all: data that is JSON stands
 * in it byte for byte. Source: CloudEvents 1.0, HTTP protocol binding, section 3.1.
 */
export function structuredOf(headers: Headers, body: Buffer): JsonItems {
  const attributes = attributesOf(headers);
  if (attributes === undefined)
    return { kind: 'invalid', detail: 'a ce- header is sent twice or is not valid percent-encoded UTF-8' };
  const data = dataMember(body);
  if (data === undefined)
    return { kind: 'invalid', detail: `the data nests deeper than ${ITEM_LIMITS.depthMax - 1} levels` };
  const text = `${JSON.stringify(attributes).slice(0, -1)}${data}}`;
  const parsed = parseUntrusted(text);
  // Both halves are JSON: one made here, the other just parsed.
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new TypeError('binary mode made no JSON object');
  return { kind: 'items', items: [{ record: parsed.value, text }] };
}

/** Undefined when a header cannot be read. */
function attributesOf(headers: Headers): Readonly<Record<string, string>> | undefined {
  const attributes: Record<string, string> = {};
  const names = Object.keys(headers).filter((name) => name.startsWith(PREFIX));
  for (const name of names.slice(0, ATTRIBUTES_MAX)) {
    const header = headers[name];
    const attribute = name.slice(PREFIX.length);
    // `ce-data` would stand beside the body's; the names of attributes are letters and digits.
    if (!/^[a-z0-9]{1,40}$/.test(attribute) || attribute === 'data') continue;
    const value = typeof header === 'string' ? decoded(header) : undefined;
    if (value === undefined) return undefined;
    attributes[attribute] = value;
  }
  const media = headers['content-type'];
  if (typeof media === 'string' && media !== '') attributes['datacontenttype'] = media;
  return attributes;
}

/** A quoted string without its quotes and backslashes, then one round of percent-decoding (section 3.1.3.2). */
function decoded(header: string): string | undefined {
  const isQuoted = header.length >= 2 && header.startsWith('"') && header.endsWith('"');
  const plain = isQuoted ? header.slice(1, -1).replaceAll(/\\(.)/g, '$1') : header;
  try {
    return decodeURIComponent(plain);
  } catch {
    // Recovered by the answer: the standard has such a value refused.
    return undefined;
  }
}

/** `,"data":…` for JSON and text, `,"data_base64":…` for bytes, nothing for no data; undefined when it is too deep. */
function dataMember(body: Buffer): string | undefined {
  if (body.length === 0) return '';
  const text = decodeUtf8(body);
  if (text === undefined) return `,"data_base64":"${body.toString('base64')}"`;
  const scan = scanJson(text, { depthMax: ITEM_LIMITS.depthMax - 1, itemsMax: Number.MAX_SAFE_INTEGER });
  if (scan.kind === 'refused' && scan.reason === 'too_deep') return undefined;
  return `,"data":${parseUntrusted(text).ok ? text : JSON.stringify(text)}`;
}
