import pg from 'pg';
import { errorText } from '../../kernel/log.ts';
import { storeError } from '../postgres/errors.ts';
import { livingProcesses } from '../postgres/peers.ts';
import type { SqlValue } from '../statement.ts';
import { StoreUnavailable } from '../store.ts';
import { columnNames, quoted, type Row, type TransferSession } from './session.ts';
import type { TransferTable, ValueKind } from './table.ts';

const CONNECT_MS = 5_000;
const INT8 = 20;
const ARRAYS: Readonly<Record<ValueKind, string>> = {
  text: 'text[]',
  integer: 'bigint[]',
  real: 'double precision[]',
};

/** Reads a store as it stands now, while others write to it. */
export function readPostgres(url: string): Promise<TransferSession> {
  return begin(url, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** Writes to a store that no process runs on. Rejects with StoreUnavailable when one does. */
export async function writePostgres(url: string, tables: readonly TransferTable[]): Promise<TransferSession> {
  const session = await begin(url, 'BEGIN');
  try {
    if ((await livingProcesses((sql) => session.query(sql))) > 0) {
      throw new StoreUnavailable('a Tocsin process runs on this database: stop it first');
    }
    const names = tables.map(({ name }) => quoted(name)).join(', ');
    await session.query(`LOCK TABLE ${names} IN SHARE ROW EXCLUSIVE MODE NOWAIT`);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function begin(url: string, sql: string): Promise<TransferSession> {
  const client = await connect(url);
  const query = async (text: string, values: readonly unknown[] = []) => {
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } catch (error) {
      throw storeError(error);
    }
  };
  const session: TransferSession = {
    dialect: 'postgres',
    query,
    async insert(table, rows) {
      const arrays = table.columns.map(({ kind }, index) => `$${index + 1}::${ARRAYS[kind]}`);
      await query(
        `INSERT INTO ${quoted(table.name)} (${columnNames(table)}) SELECT * FROM unnest(${arrays.join(', ')})`,
        columnsOf(table, rows),
      );
    },
    commit: async () => void (await query('COMMIT')),
    close: () => client.end(),
  };
  await query(sql);
  return session;
}

const columnsOf = (table: TransferTable, rows: readonly Row[]): SqlValue[][] =>
  table.columns.map((_, index) => rows.map((row) => row[index] ?? null));

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'tocsin',
    keepAlive: true,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    },
  });
  // The query under way fails as well, and tells; unheard, the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new StoreUnavailable(`cannot reach PostgreSQL (DATABASE_URL): ${errorText(error)}`, {
      cause: error,
    });
  }
  return client;
}
