import { parsePointer, valueAt } from '../../kernel/json-pointer.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { textOf } from '../fields.ts';
import type { Place } from './settings.ts';

/** A place, compiled: what it holds in a record, in the order of the config. Absent values are left out. */
export type Read = (record: JsonObject) => readonly unknown[];

/** A pointer begins with a slash; anything else stands for itself. */
export const isPointer = (text: string): boolean => text.startsWith('/');

/** The places of the config, or where it names none the usual ones. The config was checked: pointers are pointers. */
export function compilePlace(place: Place, usual: readonly string[] = []): Read {
  const texts = place === undefined ? usual : typeof place === 'string' ? [place] : place;
  const reads = texts.map((text) => {
    const tokens = isPointer(text) ? parsePointer(text) : undefined;
    return tokens === undefined ? () => text : (record: JsonObject) => valueAt(record, tokens);
  });
  return (record) =>
    reads.map((read) => read(record)).filter((value) => value !== undefined && value !== null);
}

/** A text, a number or a boolean as text; undefined for an empty text, an array, an object. */
export function plainText(value: unknown): string | undefined {
  return typeof value === 'boolean' ? String(value) : textOf(value);
}

/** Like `plainText`, for what must not be mistaken for another: a number that a double cannot hold names nothing. */
export function exactText(value: unknown): string | undefined {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : plainText(value);
}

/** The first of the values that has one. */
export function firstOf<Value>(
  values: readonly unknown[],
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
