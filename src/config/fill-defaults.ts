import type { TSchema } from 'typebox';
import { alternativeFor, isGroup, itemsOf, propertyOf, viewOf } from './schema-view.ts';

/** The value with the schema's defaults where it says nothing. Groups without a default are not made up. */
export function fillDefaults(schema: TSchema, value: unknown): unknown {
  const meant = viewOf(schema).anyOf ? alternativeFor(schema, value) : schema;
  if (!meant) return value;
  const view = viewOf(meant);
  if (Array.isArray(value)) {
    const items = itemsOf(view);
    return items ? value.map((entry) => fillDefaults(items, entry)) : value;
  }
  if (!isGroup(value)) return value;
  const given = Object.entries(value).map(([key, child]) => {
    const property = propertyOf(view, key);
    return [key, property ? fillDefaults(property, child) : child] as const;
  });
  const absent = Object.entries(view.properties ?? {}).filter(([key]) => !Object.hasOwn(value, key));
  const defaults = absent.flatMap(([key, property]) => {
    const start = viewOf(property).default;
    return start === undefined ? [] : [[key, fillDefaults(property, structuredClone(start))] as const];
  });
  return Object.fromEntries([...given, ...defaults]);
}
