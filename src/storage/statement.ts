/** What a column of a hot statement holds. Truth is 0 or 1 in an integer, so that both stores agree. */
export type ColumnType = 'text' | 'integer' | 'bigint' | 'double precision';
export type SqlValue = string | number | null;

/**
 * A hot statement: plain SQL for both stores, prepared once. SQLite runs it row by row inside one
 * transaction; PostgreSQL gets all rows at once, a column an array.
 */
export interface Statement {
  readonly name: string;
  readonly columns: readonly ColumnType[];
  /** One row's values as `?`. */
  readonly sqlite: string;
  /** Column `n` of all rows as the array `$n`. */
  readonly postgres: string;
}

/** `unnest($1::text[], …) AS name(column, …)`: the rows of a PostgreSQL batch as a table. */
export function unnest(columns: Readonly<Record<string, ColumnType>>, as: string): string {
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS ${as}(${Object.keys(columns).join(', ')})`;
}

/** A plain insert. */
export function insertStatement(
  name: string,
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
): Statement {
  const names = Object.keys(columns).join(', ');
  const marks = Object.keys(columns).map(() => '?');
  return {
    name,
    columns: Object.values(columns),
    sqlite: `INSERT INTO ${table} (${names}) VALUES (${marks.join(', ')})`,
    postgres: `INSERT INTO ${table} (${names}) SELECT * FROM ${unnest(columns, 'r')}`,
  };
}

/** One row for one statement. */
export interface Write {
  readonly statement: string;
  readonly row: readonly SqlValue[];
}

/**
 * Writes that stand or fall together behind one question. The guard is a write that changes a row or none
 * (insert if absent, update if still so); its first column is a text key. When it changed its row the group
 * passes and `writes` are made, else `otherwise`. Without a guard the group passes.
 */
export interface Group {
  readonly guard?: Write;
  readonly writes: readonly Write[];
  readonly otherwise?: readonly Write[];
}

/** What one caller wants in one transaction. */
export type Submission = readonly Group[];
/** For each group of a submission: whether it passed its guard. */
export type Passed = readonly boolean[];
