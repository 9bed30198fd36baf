import type { Migration } from '../migrate.ts';
import { type SchemaColumn, schemaTables } from '../sqlite/schema.ts';
import type { SqlValue } from '../statement.ts';

/** What the domains say of their tables; the rest is read off the migrations. */
export interface TransferRules {
  /** Tables that stay behind: what they hold is of one process, or can be made again. */
  readonly leftOut: ReadonlySet<string>;
  /** By table and column what goes out instead of what is there: leases. */
  readonly instead: Readonly<Record<string, Readonly<Record<string, SqlValue>>>>;
}

export type ValueKind = 'text' | 'integer' | 'real';

export interface TransferColumn {
  readonly name: string;
  readonly kind: ValueKind;
  /** What goes out instead of what is there. */
  readonly instead?: SqlValue;
}

export interface TransferTable {
  readonly name: string;
  readonly columns: readonly TransferColumn[];
  /** The primary key's columns, in its order; empty where a table has none. */
  readonly key: readonly TransferColumn[];
  /** Rows that the migrations themselves put there. */
  readonly seeds: number;
}

const KINDS: Readonly<Record<string, ValueKind>> = { TEXT: 'text', INTEGER: 'integer', REAL: 'real' };

/**
 * The tables that go from store to store, by name. They come from the migrations and not from a database: so they
 * are the same for both stores, and no name in SQL ever comes from a file.
 */
export function transferTables(
  migrations: readonly Migration[],
  rules: TransferRules,
): readonly TransferTable[] {
  return schemaTables(migrations)
    .filter(({ name }) => !rules.leftOut.has(name))
    .map(({ name, columns, seeds }) => {
      const instead = rules.instead[name] ?? {};
      const own = columns.map((column) => ({
        ...column,
        transfer: toTransferColumn(name, column, instead[column.name]),
      }));
      const key = own.filter(({ keyPlace }) => keyPlace > 0).sort((a, b) => a.keyPlace - b.keyPlace);
      return {
        name,
        columns: own.map(({ transfer }) => transfer),
        key: key.map(({ transfer }) => transfer),
        seeds,
      };
    });
}

function toTransferColumn(
  table: string,
  { name, type }: SchemaColumn,
  instead: SqlValue | undefined,
): TransferColumn {
  const kind = KINDS[type.toUpperCase()];
  // Whoever adds such a column teaches the transfer of it, or leaves the table out; a test goes over all of them.
  if (kind === undefined) throw new TypeError(`${table}.${name} is a ${type}, which no export knows`);
  return { name, kind, ...(instead === undefined ? {} : { instead }) };
}
