import { chmodSync, copyFileSync, existsSync, statSync } from 'node:fs';
import { findMasterKeys, type KeySettings } from '../app/master-key.ts';
import { unopened } from '../app/transfer.ts';
import { migrations } from '../storage/migrations/index.ts';
import { type CheckedCopy, checkCopy } from '../storage/sqlite/check-copy.ts';
import { foldLog } from '../storage/sqlite/copy-store.ts';
import { Database } from '../storage/sqlite/database.ts';
import { lockDirectory, prepareDirectory } from '../storage/sqlite/directory.ts';
import { replaceStore } from '../storage/sqlite/replace-store.ts';
import { lackOfRoom, removeLeftOvers, removeUnfinished, unfinishedPath } from './private-file.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';
import type { StorePlace } from './store-place.ts';

export interface Restored {
  readonly schema: number;
  /** Where the store of before is; undefined when there was none. */
  readonly aside: string | undefined;
  /** Stored objects that the master key of this data directory does not open. */
  readonly unopened: readonly string[];
}

type SqlitePlace = Extract<StorePlace, { dialect: 'sqlite' }>;

/** Puts a backup in the place of a SQLite store on which no service runs. */
export function restoreStore(
  place: SqlitePlace,
  from: string,
  options: { readonly keys: KeySettings; readonly now: number },
): Result<Restored> {
  try {
    if (!statSync(from).isFile()) return failed(`${from} is no file`);
    prepareDirectory(place.directory);
    const unlock = lockDirectory(place.directory);
    try {
      return restoreLocked(place, from, options);
    } finally {
      unlock();
    }
  } catch (error) {
    return failed(storeFault(error));
  }
}

function restoreLocked(
  { directory, path }: SqlitePlace,
  from: string,
  { keys, now }: { readonly keys: KeySettings; readonly now: number },
): Result<Restored> {
  const crowded = lackOfRoom(directory, statSync(from).size);
  if (crowded !== undefined) return failed(crowded);
  removeLeftOvers(directory);
  const copy = unfinishedPath(directory);
  try {
    const checked = takeIn(from, copy);
    if (checked.kind === 'faulty') return failed(`${from} cannot be used, ${checked.fault}`);
    const closed = unopened(storedObjects(copy), findMasterKeys(keys, directory));
    const aside = existsSync(path) ? `${path}.before-restore-${stamp(now)}` : undefined;
    replaceStore(path, copy, aside);
    return succeeded({ schema: checked.schema, aside, unopened: closed });
  } finally {
    removeUnfinished(copy);
  }
}

/** What is checked is what is put in place: the copy, whatever happens to the file meanwhile. */
function takeIn(from: string, copy: string): CheckedCopy {
  for (const suffix of ['', '-wal']) {
    if (suffix !== '' && !existsSync(from + suffix)) continue;
    copyFileSync(from + suffix, copy + suffix);
    chmodSync(copy + suffix, 0o600);
  }
  try {
    foldLog(copy);
  } catch {
    // What is wrong with it the check says better.
  }
  return checkCopy(copy, migrations);
}

function storedObjects(path: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new Database(path, [], { readOnly: true });
  try {
    return database.query('SELECT kind, id, sealed FROM config_objects').rows;
  } finally {
    database.close();
  }
}

/** `20260131T120000Z`. */
const stamp = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
