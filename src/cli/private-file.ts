import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncPath } from '../storage/sqlite/replace-store.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';

const UNFINISHED = /^\.tocsin-[0-9a-f]{12}\.partial/;
/** One that is being written was written to a moment ago. */
const LEFT_OVER_MS = 3_600_000;
const COMPANIONS = ['', '-wal', '-shm', '-journal'] as const;
/** Bytes that stay free for the service. */
const SPARE_BYTES = 64 * 1_048_576;

/** Whether a file can be made here; `dataDirectory`'s own files are never written over. */
export function checkNewFile(
  path: string,
  { force, dataDirectory }: { readonly force: boolean; readonly dataDirectory: string },
): Result<string> {
  const folder = dirname(path);
  try {
    if (!existsSync(folder)) return failed(`the folder ${folder} does not exist`);
    if (isStoreFile(path, dataDirectory)) return failed(`${path} is a file of the store itself`);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) return succeeded(path);
    if (!there.isFile()) return failed(`${path} is there and is no file`);
    return force ? succeeded(path) : failed(`${path} is there already: name another file, or add --force`);
  } catch (error) {
    return failed(storeFault(error));
  }
}

function isStoreFile(path: string, dataDirectory: string): boolean {
  const name = basename(path);
  if (!/^(tocsin\.(db|lock)|master\.key(\.|$))/.test(name) || !existsSync(dataDirectory)) return false;
  return realpathSync(dirname(path)) === realpathSync(dataDirectory);
}

/** Undefined when the disk of the folder has room for so many bytes and some more; else a sentence. */
export function lackOfRoom(folder: string, bytes: number): string | undefined {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize > bytes + SPARE_BYTES) return undefined;
  const needed = Math.ceil((bytes + SPARE_BYTES) / 1_000_000);
  return `the disk of ${folder} has no room for it: ${needed} MB are needed`;
}

/**
 * Makes a file that only its owner can read (0600), whole or not at all: `write` makes it under another name in the
 * same folder, for as long as it is not finished.
 */
export async function writePrivateFile<T>(
  path: string,
  write: (unfinished: string) => Promise<T>,
): Promise<T> {
  removeLeftOvers(dirname(path));
  const unfinished = unfinishedPath(dirname(path));
  try {
    const written = await write(unfinished);
    chmodSync(unfinished, 0o600);
    syncPath(unfinished);
    renameSync(unfinished, path);
    syncPath(dirname(path));
    return written;
  } finally {
    removeUnfinished(unfinished);
  }
}

export const unfinishedPath = (folder: string): string =>
  join(folder, `.tocsin-${randomBytes(6).toString('hex')}.partial`);

export function removeUnfinished(path: string): void {
  for (const suffix of COMPANIONS) rmSync(path + suffix, { force: true });
}

/** What was killed in the middle left its file behind. */
export function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!UNFINISHED.test(name)) continue;
    const there = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (there !== undefined && there.isFile() && Date.now() - there.mtimeMs > LEFT_OVER_MS) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
