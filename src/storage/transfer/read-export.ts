import { createHash, type Hash } from 'node:crypto';
import {
  checkRow,
  type ExportHeader,
  type ExportTrailer,
  ImportRefused,
  readHeader,
  readLine,
} from './format.ts';
import { type Line, readLines } from './read-lines.ts';
import type { Row } from './session.ts';
import type { TransferTable } from './table.ts';

export interface ReadRow {
  readonly table: TransferTable;
  readonly row: Row;
}

/** An export that was begun to be read. */
export interface OpenExport {
  readonly header: ExportHeader;
  /**
   * Every row, checked against these tables; it ends only when the trailer was found to be right. Rejects with
   * ImportRefused, which names the line.
   */
  readonly rows: (tables: readonly TransferTable[]) => AsyncGenerator<ReadRow>;
  /** Lets go of the file. */
  readonly close: () => Promise<void>;
}

/** Reads the header of an export. Rejects with ImportRefused. */
export async function openExport(bytes: AsyncIterable<Buffer>): Promise<OpenExport> {
  const lines = readLines(bytes);
  const first = await lines.next();
  if (first.done === true) throw new ImportRefused('the file is empty');
  const header = readHeader(first.value.text);
  const hash = createHash('sha256').update(first.value.bytes);
  return {
    header,
    rows: (tables) => readRows({ lines, header, hash, tables }),
    close: async () => void (await lines.return(undefined)),
  };
}

interface Reading {
  readonly lines: AsyncIterator<Line>;
  readonly header: ExportHeader;
  readonly hash: Hash;
  readonly tables: readonly TransferTable[];
}

async function* readRows({ lines, header, hash, tables }: Reading): AsyncGenerator<ReadRow> {
  const known = expectedTables(header, tables);
  const counts = new Map<string, number>();
  for (let number = 2; ; number++) {
    const next = await lines.next();
    if (next.done === true) throw new ImportRefused('the file has no last line: it was cut short');
    const line = at(number, () => readLine(next.value.text));
    if ('end' in line) {
      checkTrailer(line, counts, header, hash.digest('hex'));
      if ((await lines.next()).done !== true)
        throw new ImportRefused('something stands behind the last line');
      return;
    }
    hash.update(next.value.bytes);
    yield at(number, () => toRow(line, known, counts));
  }
}

interface Expected {
  readonly table: TransferTable;
  readonly rows: number;
}

/** A table that the file does not have stays empty; one that the store does not have is refused. */
function expectedTables(
  header: ExportHeader,
  tables: readonly TransferTable[],
): ReadonlyMap<string, Expected> {
  const own = new Map(tables.map((table) => [table.name, table]));
  return new Map(
    Object.entries(header.tables).map(([name, { columns, rows }]) => {
      const table = own.get(name);
      if (table === undefined) {
        throw new ImportRefused(`the file has a table that schema ${header.schema} has not: ${shown(name)}`);
      }
      const isSame =
        Object.keys(columns).length === table.columns.length &&
        table.columns.every((column, index) => {
          const [theirs, kind] = Object.entries(columns)[index] ?? [];
          return theirs === column.name && kind === column.kind;
        });
      if (!isSame) {
        throw new ImportRefused(`the columns of ${name} are not those of schema ${header.schema}`);
      }
      return [name, { table, rows }];
    }),
  );
}

function toRow(
  [name, ...values]: readonly [string, ...unknown[]],
  known: ReadonlyMap<string, Expected>,
  counts: Map<string, number>,
): ReadRow {
  const expected = known.get(name);
  if (expected === undefined) throw new ImportRefused(`the header names no table ${shown(name)}`);
  const count = (counts.get(name) ?? 0) + 1;
  if (count > expected.rows) throw new ImportRefused(`there are more rows of ${name} than the header says`);
  counts.set(name, count);
  return { table: expected.table, row: checkRow(expected.table, values) };
}

function checkTrailer(
  trailer: ExportTrailer,
  counts: ReadonlyMap<string, number>,
  header: ExportHeader,
  sha256: string,
): void {
  for (const [name, { rows }] of Object.entries(header.tables)) {
    const found = counts.get(name) ?? 0;
    if (found !== rows || trailer.rows[name] !== rows) {
      throw new ImportRefused(`the file should have ${rows} rows of ${name} and has ${found}`);
    }
  }
  if (trailer.sha256 !== sha256) throw new ImportRefused('the file was changed: its SHA-256 is another');
}

/** The line's number goes before what is wrong with it. */
function at<T>(number: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    throw new ImportRefused(`line ${number}: ${error.message}`);
  }
}

/** A name out of the file, short enough to be read. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 60));
