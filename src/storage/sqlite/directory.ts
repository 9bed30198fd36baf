import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../kernel/log.ts';
import { StoreUnavailable } from '../store.ts';
import { Database } from './database.ts';
import { sqliteCode } from './errors.ts';

export const DATABASE_FILE = 'tocsin.db';
const LOCK_FILE = 'tocsin.lock';
const SQLITE_BUSY = 5;

/** Makes the directory where it is missing. Throws StoreUnavailable when it cannot be written to. */
export function prepareDirectory(directory: string): void {
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
 * file of its own, because the system lets go of it whatever ends the process. Returns what lets go of it.
 */
export function lockDirectory(directory: string): () => void {
  let database: Database | undefined;
  try {
    const held = new Database(join(directory, LOCK_FILE), [], { readOnly: false });
    database = held;
    held.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return () => held.close();
  } catch (error) {
    database?.close();
    const why =
      sqliteCode(error) === SQLITE_BUSY
        ? "is in use by another Tocsin process: stop it, or set TOCSIN_DATA_DIR to a directory of this one's own"
        : `cannot be locked (${errorText(error)})`;
    throw new StoreUnavailable(`the data directory ${directory} ${why}`, { cause: error });
  }
}
