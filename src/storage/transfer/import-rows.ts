import type { SqlValue } from '../statement.ts';
import { StoreRefused } from '../store.ts';
import type { OnRows } from './export-store.ts';
import { ImportRefused } from './format.ts';
import type { OpenExport } from './read-export.ts';
import { quoted, type Row, type TransferSession } from './session.ts';
import type { TransferTable } from './table.ts';

/** What a table's rows become on their way in, by table. Throws ImportRefused. */
export type Adapt = Readonly<
  Record<string, (row: Readonly<Record<string, SqlValue>>) => Readonly<Record<string, SqlValue>>>
>;

const BATCH_ROWS = 500;
const BATCH_CHARS = 4_000_000;

/** Whether a store holds more than its migrations put there. */
export async function holdsRows(
  session: TransferSession,
  tables: readonly TransferTable[],
): Promise<boolean> {
  for (const { name, seeds } of tables) {
    const [row] = await session.query(
      `SELECT count(*) AS n FROM (SELECT 1 AS one FROM ${quoted(name)} LIMIT ${seeds + 1}) AS present`,
    );
    if (Number(row?.['n']) > seeds) return true;
  }
  return false;
}

/**
 * Writes every row of an export into empty tables and commits. Rejects with ImportRefused when the file or a row
 * is not right: then nothing stays. Returns how many rows went in.
 */
export async function importRows(
  session: TransferSession,
  source: OpenExport,
  options: { readonly tables: readonly TransferTable[]; readonly adapt: Adapt; readonly onRows: OnRows },
): Promise<number> {
  const { tables, adapt, onRows } = options;
  const { header } = source;
  for (const { name, seeds } of tables) if (seeds > 0) await session.query(`DELETE FROM ${quoted(name)}`);
  const done = new Map<string, number>();
  const write = async (table: TransferTable, rows: readonly Row[]): Promise<void> => {
    await insert(session, table, rows);
    const count = (done.get(table.name) ?? 0) + rows.length;
    done.set(table.name, count);
    onRows(table.name, count, header.tables[table.name]?.rows ?? count);
  };
  for await (const { table, rows } of batches(source, tables)) {
    const change = adapt[table.name];
    await write(table, change === undefined ? rows : rows.map((row) => adapted(table, row, change)));
  }
  await session.commit();
  return [...done.values()].reduce((sum, count) => sum + count, 0);
}

interface Batch {
  readonly table: TransferTable;
  readonly rows: readonly Row[];
}

async function* batches(source: OpenExport, tables: readonly TransferTable[]): AsyncGenerator<Batch> {
  let table: TransferTable | undefined;
  let rows: Row[] = [];
  let chars = 0;
  for await (const next of source.rows(tables)) {
    const size = charsOf(next.row);
    const isFull = rows.length >= BATCH_ROWS || chars + size > BATCH_CHARS;
    if (table !== undefined && rows.length > 0 && (isFull || next.table !== table)) {
      yield { table, rows };
      rows = [];
      chars = 0;
    }
    table = next.table;
    rows.push(next.row);
    chars += size;
  }
  if (table !== undefined && rows.length > 0) yield { table, rows };
}

const charsOf = (row: Row): number =>
  row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);

function adapted(table: TransferTable, row: Row, change: Adapt[string]): Row {
  const named = Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null]));
  const changed = change(named);
  return table.columns.map(({ name }) => changed[name] ?? null);
}

async function insert(session: TransferSession, table: TransferTable, rows: readonly Row[]): Promise<void> {
  try {
    await session.insert(table, rows);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    throw new ImportRefused(`the store does not take a row of ${table.name}: ${error.message}`);
  }
}
