import { isJsonObject, type JsonObject } from '../kernel/json.ts';

const NO_FIELDS: JsonObject = {};

/** A string that is not empty, or a number as its text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The text of the first of the values that has one. */
export function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = textOf(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The value if it is an object, else an object without fields: the path through a hostile record ends softly. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : NO_FIELDS;
}

/** The value if it is an array, cut to `itemsMax`, else no items. */
export function itemsOf(value: unknown, itemsMax: number): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return value.length > itemsMax ? value.slice(0, itemsMax) : value;
}

/** The members of an object that have a text, at most `membersMax`, in their order. */
export function textsOf(value: unknown, membersMax: number): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  let count = 0;
  const record = objectOf(value);
  // Not by Object.entries: a hostile object has a million members, of which the first few are read.
  for (const name in record) {
    if (count >= membersMax) break;
    const text = textOf(record[name]);
    if (text === undefined) continue;
    texts[name] = text;
    count += 1;
  }
  return texts;
}
