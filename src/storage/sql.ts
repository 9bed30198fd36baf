import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Store } from './store.ts';

export { type RawBuilder as Sql, sql };

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

/**
 * `column IN (query)`, the query asked once, before all else. PostgreSQL takes a plain IN for a join, and may ask
 * a query with a limit again for every row: then it takes more than the limit, or looks through all there is.
 */
export function amongFound<DB, Table extends keyof DB>(
  dialect: Store['dialect'],
  column: string,
  query: SelectQueryBuilder<DB, Table, unknown>,
): RawBuilder<boolean> {
  return dialect === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in ${query}`
    : sql<boolean>`${sql.ref(column)} = any(array${query})`;
}
