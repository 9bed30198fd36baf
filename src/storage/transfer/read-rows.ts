import type { SqlValue } from '../statement.ts';
import { columnNames, quoted, type Row, type TransferSession } from './session.ts';
import type { TransferColumn, TransferTable } from './table.ts';

/** Rows whose sizes are asked for at once. */
const PAGE_ROWS = 500;
/** Bytes of text held at once, if a single row is not larger. */
const PORTION_BYTES = 4 * 1_048_576;

/** All rows of a table in the order of its key, a portion at a time: however large they are, few are in memory. */
export async function* readRows(
  session: TransferSession,
  table: TransferTable,
): AsyncGenerator<readonly Row[]> {
  const ask = pagesOf(session, table);
  for (let from: Place = { done: 0, key: undefined }; ;) {
    const sizes = await ask(sizeOf(table), from, PAGE_ROWS);
    if (sizes.length === 0) return;
    for (const count of portions(sizes.map((row) => Number(row['size'])))) {
      const found = await ask(columnNames(table), from, count);
      const rows = found.map((row) => table.columns.map((column) => valueOf(row, column)));
      yield rows.map((row) =>
        row.map((value, index) => {
          const instead = table.columns[index]?.instead;
          return instead === undefined ? value : instead;
        }),
      );
      const last = found.at(-1);
      from = {
        done: from.done + found.length,
        key: last && table.key.map((column) => valueOf(last, column)),
      };
    }
  }
}

/** How many rows a table has. */
export async function countRows(session: TransferSession, table: TransferTable): Promise<number> {
  const [row] = await session.query(`SELECT count(*) AS n FROM ${quoted(table.name)}`);
  return Number(row?.['n']);
}

interface Place {
  /** Rows before it. */
  readonly done: number;
  /** The key of the last of them. */
  readonly key: readonly SqlValue[] | undefined;
}

/** A table without a key is small; its rows are counted off. */
function pagesOf(session: TransferSession, table: TransferTable) {
  const ordered = (table.key.length === 0 ? table.columns : table.key).map((column) =>
    ordering(session, column),
  );
  const order = `ORDER BY ${ordered.join(', ')}`;
  const marks = table.key.map((_, index) => (session.dialect === 'sqlite' ? '?' : `$${index + 1}`));
  return (what: string, from: Place, limit: number) => {
    const isKeyed = table.key.length > 0 && from.key !== undefined;
    const after = isKeyed ? `WHERE (${ordered.join(', ')}) > (${marks.join(', ')})` : '';
    const offset = table.key.length === 0 ? `OFFSET ${from.done}` : '';
    return session.query(
      `SELECT ${what} FROM ${quoted(table.name)} ${after} ${order} LIMIT ${limit} ${offset}`,
      isKeyed ? from.key : [],
    );
  };
}

/** Byte by byte in both stores, so that both give one order. */
const ordering = ({ dialect }: TransferSession, { name, kind }: TransferColumn): string =>
  dialect === 'postgres' && kind === 'text' ? `${quoted(name)} COLLATE "C"` : quoted(name);

/** Bytes of a row's texts; both stores know them without reading the texts. */
function sizeOf(table: TransferTable): string {
  const texts = table.columns.filter(({ kind }) => kind === 'text');
  return `${['0', ...texts.map(({ name }) => `coalesce(octet_length(${quoted(name)}), 0)`)].join(' + ')} AS size`;
}

/** Splits rows of these sizes: each portion within the limit, or one row. */
function portions(sizes: readonly number[]): number[] {
  const counts: number[] = [];
  let bytes = Infinity;
  for (const size of sizes) {
    bytes += size;
    if (bytes > PORTION_BYTES) {
      counts.push(0);
      bytes = size;
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
  }
  return counts;
}

function valueOf(row: Readonly<Record<string, unknown>>, { name }: TransferColumn): SqlValue {
  const value = row[name];
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`column ${name} holds a ${typeof value}`);
}
