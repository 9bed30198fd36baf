import type { SqlValue } from '../statement.ts';
import type { Store } from '../store.ts';
import type { TransferTable } from './table.ts';

export type Row = readonly SqlValue[];

/** One connection with a transaction around all that is asked of it: a snapshot to read, or one step to write. */
export interface TransferSession {
  readonly dialect: Store['dialect'];
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Rows with a value for each of the table's columns. */
  insert(table: TransferTable, rows: readonly Row[]): Promise<void>;
  /** Makes what was written stay. */
  commit(): Promise<void>;
  /** Undoes what was not committed. */
  close(): Promise<void>;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const columnNames = (table: TransferTable): string =>
  table.columns.map(({ name }) => quoted(name)).join(', ');
