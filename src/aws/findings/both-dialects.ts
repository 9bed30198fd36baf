import { type ColumnType, type Statement, unnest } from '../../storage/statement.ts';

/** How a statement's text names the values of its row: a column's value, and where the rows come from. */
export interface RowNames<Column extends string> {
  readonly of: Readonly<Record<Column, string>>;
  /** Behind SET or SELECT: empty in SQLite, which gets row by row. */
  readonly from: string;
  /** Behind an inserting SELECT: in the order of the keys no two transactions wait for each other crosswise. */
  readonly inOrder: string;
}

/** One text for both stores: a write of `table` that changes a row or none, so that it can be a guard. */
export function bothDialects<Column extends string>(
  name: string,
  { key, table }: { readonly key: string; readonly table: string },
  columns: Readonly<Record<Column, ColumnType>>,
  text: (row: RowNames<Column>) => string,
): Statement {
  const named = (nameOf: (column: string, index: number) => string): RowNames<Column>['of'] =>
    // Its keys are those of `columns`.
    Object.fromEntries(
      Object.keys(columns).map((column, index) => [column, nameOf(column, index)]),
    ) as RowNames<Column>['of'];
  const sqlite = { of: named((_, index) => `?${index + 1}`), from: '', inOrder: '' };
  const postgres = {
    of: named((column) => `r.${column}`),
    from: `FROM ${unnest(columns, 'r')}`,
    inOrder: `ORDER BY r.${key} COLLATE "C"`,
  };
  return {
    name,
    columns: Object.values(columns),
    sqlite: text(sqlite),
    postgres: `${text(postgres)} RETURNING ${table}.${key} AS key`,
  };
}
