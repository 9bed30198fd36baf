export type JsonObject = Readonly<Record<string, unknown>>;

export type ParsedJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** Keys that turn a careless copy of a record into a change of its prototype. */
const HAZARDOUS_KEYS = ['__proto__', 'constructor'] as const;

/** Whether the text can hold a hazardous key: spelled out, or with letters hidden behind escapes. */
const MAY_HOLD_HAZARD = /__proto__|constructor|\\u00[567]/;

/** An object, and neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Whether a `Content-Type` names JSON, or a format that is written in it (RFC 6839, 3.1). */
export const isJsonMediaType = (contentType: string | undefined): boolean =>
  JSON_TYPE.test(contentType ?? '');

/**
 * Parses JSON (RFC 8259) from outside. Every `__proto__` and `constructor` key is gone from the value, at any
 * depth; of duplicate keys the last wins. Never throws, whatever the depth. The parser's message is not
 * handed on: it quotes the text.
 */
export function parseUntrusted(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The text is not JSON: an expected outcome, told as one.
    return { ok: false };
  }
  // The common case pays for one search, not for a walk.
  if (MAY_HOLD_HAZARD.test(text)) dropHazardousKeys(value);
  return { ok: true, value };
}

/** With a list of its own instead of recursion: depth must not overflow the stack. */
function dropHazardousKeys(root: unknown): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    if (!Array.isArray(node)) for (const key of HAZARDOUS_KEYS) Reflect.deleteProperty(node, key);
    for (const child of Object.values(node)) pending.push(child);
  }
}
