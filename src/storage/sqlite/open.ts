import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledQuery } from 'kysely';
import { errorText, type Logger, silentLogger } from '../../kernel/log.ts';
import { kyselyOver } from '../kysely-dialect.ts';
import type { SqlValue, Statement } from '../statement.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { Checkpoints } from './checkpoints.ts';
import { Connection } from './connection.ts';
import { Database } from './database.ts';
import { pack } from './packed-batch.ts';

export const DATABASE_FILE = 'tocsin.db';
const LOCK_FILE = 'tocsin.lock';

/** SQLite in a directory: a thread that writes, one that reads, one that folds the log back. */
export async function openSqlite(
  directory: string,
  statements: readonly Statement[],
  log: Logger = silentLogger,
): Promise<Store> {
  prepareDirectory(directory);
  const unlock = lock(directory);
  try {
    return await open(join(directory, DATABASE_FILE), statements, log, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function open(
  path: string,
  statements: readonly Statement[],
  log: Logger,
  unlock: () => void,
): Promise<Store> {
  const writer = await Connection.open({ path, role: 'writer', statements });
  const reader = await Connection.open({ path, role: 'reader', statements: [] });
  const checkpointer = await Connection.open({ path, role: 'checkpointer', statements: [] });
  const checkpoints = new Checkpoints(writer, checkpointer, log);
  const indexOf = new Map(statements.map(({ name }, index) => [name, index]));
  const run = (connection: Connection) => (query: CompiledQuery) =>
    connection.call({ kind: 'query', sql: query.sql, values: sqlValues(query) });
  return {
    dialect: 'sqlite',
    commitsMax: 1,
    // Async, so that a batch that cannot be packed rejects like one that cannot be written.
    async commit(batch) {
      const packed = pack(batch, indexOf);
      const passed = await writer.call({ kind: 'commit', batch: packed });
      checkpoints.committed(packed.text.length);
      return passed;
    },
    read: kyselyOver('sqlite', run(reader)),
    write: kyselyOver('sqlite', run(writer)),
    transact: (queries) =>
      writer.call({
        kind: 'transact',
        queries: queries.map((query) => ({ sql: query.sql, values: sqlValues(query) })),
      }),
    probe: () => writer.call({ kind: 'probe' }),
    async close() {
      await reader.close();
      await checkpointer.close();
      await writer.close();
      unlock();
    },
  };
}

/** SQLite binds text, numbers and null; truth goes in as 0 or 1. */
function sqlValues(query: CompiledQuery): SqlValue[] {
  return query.parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    throw new TypeError(`a ${typeof value} cannot be a query's parameter`);
  });
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreUnavailable(
      `the data directory ${directory} cannot be written to (${errorText(error)}): mend its owner or mode, or set TOCSIN_DATA_DIR`,
      { cause: error },
    );
  }
}

/**
 * One process a directory: two would each think the other's deliveries lost. The lock is SQLite's own on a
 * file of its own, because the system lets go of it whatever ends the process.
 */
function lock(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  const database = new Database(path, [], { readOnly: false });
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new StoreUnavailable(
      `the data directory ${directory} is in use by another Tocsin process, or cannot be written to (${errorText(error)})`,
      { cause: error },
    );
  }
  return () => database.close();
}
