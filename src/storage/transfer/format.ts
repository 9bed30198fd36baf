import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { scanJson } from '../../kernel/json-scan.ts';
import type { Static } from '../../kernel/schema.ts';
import type { SqlValue } from '../statement.ts';
import type { Row } from './session.ts';
import type { TransferTable } from './table.ts';

/**
 * An export is NDJSON: a header, a line a row, and a last line that says how many rows there are and what SHA-256
 * all lines before it have. Another format gets another number.
 */
export const FORMAT = 1;

const counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));

/** The first line. */
const headerShape = Type.Object({
  tocsin: Type.Literal('export'),
  format: Type.Integer({ minimum: 1 }),
  /** The Tocsin that wrote it. */
  version: Type.String(),
  /** The number of the newest migration of the store. */
  schema: Type.Integer({ minimum: 1 }),
  /** RFC 3339. */
  at: Type.String(),
  tables: Type.Record(
    Type.String(),
    Type.Object({
      /** By name its kind; a row has its values in this order. */
      columns: Type.Record(Type.String(), Type.Enum(['text', 'integer', 'real'])),
      rows: Type.Integer({ minimum: 0 }),
    }),
  ),
});
export type ExportHeader = Static<typeof headerShape>;

/** The last line. */
const trailerShape = Type.Object({
  end: Type.Literal(true),
  rows: counts,
  sha256: Type.String(),
});
export type ExportTrailer = Static<typeof trailerShape>;

/** A file that is no export, or not one for this store: nothing of it is kept. The text says what to do. */
export class ImportRefused extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'ImportRefused';
  }
}

/** What `tables` of a header says of these tables. */
export function headerTables(
  tables: readonly TransferTable[],
  rows: ReadonlyMap<string, number>,
): ExportHeader['tables'] {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      {
        columns: Object.fromEntries(columns.map((column) => [column.name, column.kind])),
        rows: rows.get(name) ?? 0,
      },
    ]),
  );
}

export const rowLine = (table: TransferTable, row: Row): string => JSON.stringify([table.name, ...row]);

const HEADER_CHARS_MAX = 1_048_576;
const HEADER_DEPTH_MAX = 4;
const ROW_ITEMS_MAX = 256;

export function readHeader(line: string): ExportHeader {
  const value = line.length > HEADER_CHARS_MAX ? undefined : parse(line, HEADER_DEPTH_MAX, 1);
  if (!Check(headerShape, value))
    throw new ImportRefused('the file does not begin as an export of Tocsin does');
  if (value.format !== FORMAT) {
    throw new ImportRefused(
      `the file has export format ${value.format}, this version knows ${FORMAT}: use the newer Tocsin that made it`,
    );
  }
  return value;
}

/** A row's table and values, none of them checked; or the trailer. */
export function readLine(line: string): ExportTrailer | readonly [table: string, ...values: unknown[]] {
  const value = parse(line, 2, ROW_ITEMS_MAX);
  if (Array.isArray(value)) {
    const [table, ...values]: readonly unknown[] = value;
    if (typeof table === 'string') return [table, ...values];
  } else if (Check(trailerShape, value)) return value;
  throw new ImportRefused('it is neither a row nor the end of an export');
}

/** A row's values as the table's columns hold them. */
export function checkRow(table: TransferTable, values: readonly unknown[]): Row {
  if (values.length !== table.columns.length) {
    throw new ImportRefused(
      `a row of ${table.name} has ${table.columns.length} values, not ${values.length}`,
    );
  }
  return table.columns.map(({ name, kind }, index) => {
    const value = values[index];
    if (fits(value, kind)) return value;
    throw new ImportRefused(`${table.name}.${name} is ${kind}, and the file has something else`);
  });
}

function fits(value: unknown, kind: TransferTable['columns'][number]['kind']): value is SqlValue {
  if (value === null) return true;
  if (kind === 'text') return typeof value === 'string' && !value.includes('\0') && value.isWellFormed();
  return kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
}

/** Measured before it is parsed: brackets in brackets take far more memory than they have characters. */
function parse(line: string, depthMax: number, itemsMax: number): unknown {
  if (scanJson(line, { depthMax, itemsMax }).kind === 'refused') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // No JSON: told by the caller, who knows what it should have been.
    return undefined;
  }
}
