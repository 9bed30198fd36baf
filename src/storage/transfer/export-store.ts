import { createHash } from 'node:crypto';
import { FORMAT, headerTables, type ExportHeader, type ExportTrailer, rowLine } from './format.ts';
import { countRows, readRows } from './read-rows.ts';
import type { TransferSession } from './session.ts';
import type { TransferTable } from './table.ts';

/** Hears how many rows of a table are through. */
export type OnRows = (table: string, done: number, total: number) => void;

export interface ExportOptions {
  readonly tables: readonly TransferTable[];
  readonly about: Pick<ExportHeader, 'version' | 'schema' | 'at'>;
  readonly onRows: OnRows;
}

const CHUNK_CHARS = 65_536;

/** Everything that a session sees, as the text of an export, a piece at a time. Returns how many rows there were. */
export async function* exportStore(
  session: TransferSession,
  { tables, about, onRows }: ExportOptions,
): AsyncGenerator<string, number> {
  const totals = new Map<string, number>();
  for (const table of tables) totals.set(table.name, await countRows(session, table));
  const hash = createHash('sha256');
  const hashed = (text: string): string => {
    hash.update(text);
    return text;
  };
  const header: ExportHeader = {
    tocsin: 'export',
    format: FORMAT,
    ...about,
    tables: headerTables(tables, totals),
  };
  yield hashed(`${JSON.stringify(header)}\n`);
  const rows: Record<string, number> = {};
  for (const table of tables) {
    let done = 0;
    for await (const portion of readRows(session, table)) {
      for (const text of chunks(portion.map((row) => `${rowLine(table, row)}\n`))) yield hashed(text);
      done += portion.length;
      onRows(table.name, done, totals.get(table.name) ?? done);
    }
    rows[table.name] = done;
  }
  const trailer: ExportTrailer = { end: true, rows, sha256: hash.digest('hex') };
  yield `${JSON.stringify(trailer)}\n`;
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

function* chunks(lines: readonly string[]): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
