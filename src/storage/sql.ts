import { type RawBuilder, sql } from 'kysely';
import type { Store } from './store.ts';

export { sql };

/**
 * `column IN (values)`, all values in one parameter: however many there are the query has one text, so that a
 * store prepares it once.
 */
export function among(
  dialect: Store['dialect'],
  column: string,
  values: readonly string[],
): RawBuilder<boolean> {
  return dialect === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`
    : sql<boolean>`${sql.ref(column)} = any(${values})`;
}
