import { Database } from '../sqlite/database.ts';
import { sqliteFailure } from '../sqlite/errors.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { columnNames, quoted, type TransferSession } from './session.ts';

/** Reads a store as it stands now, while another process may write to it. */
export function readSqlite(path: string): TransferSession {
  return begin(path, 'PRAGMA query_only = ON; BEGIN');
}

/** Writes a file that nobody else knows yet: it is put on disk as a whole when all is in it. */
export function writeSqlite(path: string): TransferSession {
  return begin(path, 'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN IMMEDIATE');
}

function begin(path: string, sql: string): TransferSession {
  const database = run(() => new Database(path, [], { readOnly: false }));
  const session: TransferSession = {
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
  try {
    run(() => database.exec(sql));
    // BEGIN alone takes no snapshot yet.
    run(() => database.query('SELECT count(*) FROM sqlite_schema'));
    return session;
  } catch (error) {
    database.close();
    throw error;
  }
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
