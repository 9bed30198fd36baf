import type { TSchema } from 'typebox';
import type { Path } from './path.ts';
import { alternativeFor, isGroup, isSecret, itemsOf, propertyOf, viewOf } from './schema-view.ts';

/** What stands for a secret wherever it is shown. */
export const MASK = '[secret]';

export type Replace = (secret: string, path: Path) => unknown;

/** The value with every secret in it replaced. What the schema does not know stays as it is. */
export function mapSecrets(schema: TSchema, value: unknown, replace: Replace, path: Path = []): unknown {
  if (typeof value === 'string') return isSecret(schema) ? replace(value, path) : value;
  const meant = alternativeFor(schema, value);
  if (meant === undefined) return value;
  const view = viewOf(meant);
  if (Array.isArray(value)) {
    const items = itemsOf(view) ?? {};
    return value.map((entry, index) => mapSecrets(items, entry, replace, [...path, index]));
  }
  if (!isGroup(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => {
    const property = propertyOf(view, key);
    return [key, property ? mapSecrets(property, child, replace, [...path, key]) : child] as const;
  });
  return Object.fromEntries(entries);
}
