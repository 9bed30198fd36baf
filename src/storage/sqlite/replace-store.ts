import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailable } from '../store.ts';
import { beginLog, foldLog } from './copy-store.ts';

const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/**
 * Puts a checked database file in the place of a store that nobody uses: the caller holds the directory's lock.
 * The one of before stays beside it under the name `aside`; without that name it goes. At any moment the place
 * holds the old or the new, whole. Throws StoreUnavailable when another program has the old one open.
 */
export function replaceStore(path: string, from: string, aside: string | undefined): void {
  if (existsSync(path)) settle(path);
  // What is left of a log belongs to the old one: SQLite would take it for the new one's.
  for (const suffix of COMPANIONS) {
    if (!existsSync(path + suffix)) continue;
    if (aside === undefined) rmSync(path + suffix);
    else renameSync(path + suffix, aside + suffix);
  }
  if (aside !== undefined && existsSync(path)) keep(path, aside);
  chmodSync(from, 0o600);
  beginLog(from);
  syncPath(from);
  renameSync(from, path);
  syncPath(dirname(path));
}

/** A damaged store is no reason to keep a sound one out: its files are put aside as they are. */
function settle(path: string): void {
  try {
    foldLog(path);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    if (/malformed|not a database/.test(error.message)) return;
    throw new StoreUnavailable(
      `the store that is there cannot be put aside: another program has it open, or the disk is full (${error.message})`,
      { cause: error },
    );
  }
}

/** A second name for the same file; where the file system knows none, a copy. */
function keep(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch {
    // EPERM, ENOTSUP, ENOSYS: which one depends on the system. If it was another reason, the copy meets it too.
    copyFileSync(path, aside, constants.COPYFILE_EXCL);
    syncPath(aside);
  }
  chmodSync(aside, 0o600);
}

/** A file, or a directory's list of names, on disk. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
