import { Connection } from '../sqlite/connection.ts';
import { Database } from '../sqlite/database.ts';
import { sqliteFailure } from '../sqlite/errors.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { columnNames, quoted, type TransferSession } from './session.ts';

/** Reads a store as it stands now, while another process may write to it; in a thread, whose end lets go of it. */
export async function readSqlite(path: string): Promise<TransferSession> {
  const connection = await Connection.open({ path, role: 'reader', statements: [] });
  const query: TransferSession['query'] = async (sql, values = []) =>
    (await connection.call({ kind: 'query', sql, values })).rows;
  try {
    await query('BEGIN');
    // BEGIN alone takes no snapshot yet.
    await query('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    await connection.close();
    throw error;
  }
  const refuse = async (): Promise<void> => {
    throw new TypeError('this session only reads');
  };
  return { dialect: 'sqlite', query, insert: refuse, commit: refuse, close: () => connection.close() };
}

/** Writes a file that nobody else knows yet: it is put on disk as a whole when all is in it. */
export function writeSqlite(path: string): TransferSession {
  const database = run(() => new Database(path, [], { readOnly: false }));
  try {
    run(() => database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN IMMEDIATE'));
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    dialect: 'sqlite',
    query: async (text, values) => run(() => database.query(text, values).rows),
    async insert(table, rows) {
      const marks = table.columns.map(() => '?').join(', ');
      const insert = `INSERT INTO ${quoted(table.name)} (${columnNames(table)}) VALUES (${marks})`;
      run(() => rows.forEach((row) => database.query(insert, row)));
    },
    commit: async () => run(() => database.exec('COMMIT')),
    close: async () => database.close(),
  };
}

function run<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { kind, detail } = sqliteFailure(error);
    throw kind === 'refused'
      ? new StoreRefused(detail, { cause: error })
      : new StoreUnavailable(detail, { cause: error });
  }
}
