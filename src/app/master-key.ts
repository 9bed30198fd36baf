import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { MasterKeys } from '../kernel/seal.ts';
import { syncPath } from '../storage/sqlite/replace-store.ts';
import { StartRefused } from './start-refused.ts';

const FILE = 'master.key';
const KEY_BYTES = 32;

/** What the settings say of keys. */
export interface KeySettings {
  readonly masterKey?: string;
  readonly masterKeyPrevious?: string;
}

/** The keys of the settings, else those in the data directory, where the first is made (0600) when there is none. */
export function masterKeys(settings: KeySettings, dataDirectory: string): MasterKeys {
  const known = findMasterKeys(settings, dataDirectory);
  if (known !== undefined) return known;
  const key = newKey();
  // `wx` fails on a file that is there: a key is never written over.
  writeNew(masterKeyFile(dataDirectory), key);
  return withPrevious(key, [read(previousKeyFile(dataDirectory)), settings.masterKeyPrevious]);
}

/** The same keys, and undefined where there is none: nothing is made. */
export function findMasterKeys(
  { masterKey, masterKeyPrevious }: KeySettings,
  dataDirectory: string,
): MasterKeys | undefined {
  if (masterKey !== undefined) return withPrevious(masterKey, [masterKeyPrevious]);
  const current = read(masterKeyFile(dataDirectory));
  const previous = read(previousKeyFile(dataDirectory));
  return current === undefined ? undefined : withPrevious(current, [previous, masterKeyPrevious]);
}

const withPrevious = (current: string, previous: readonly (string | undefined)[]): MasterKeys => {
  const others = previous.flatMap((key) => (key === undefined || key === current ? [] : [key]));
  return [current, ...new Set(others)];
};

export const masterKeyFile = (dataDirectory: string): string => join(dataDirectory, FILE);
/** The key before the one in use, kept for as long as something may be sealed under it. */
export const previousKeyFile = (dataDirectory: string): string => `${masterKeyFile(dataDirectory)}.previous`;

/** When the key in use took the place of the one that is kept beside it (Unix ms); undefined when it did not. */
export function replacedAt(dataDirectory: string): number | undefined {
  const path = previousKeyFile(dataDirectory);
  const previous = read(path);
  if (previous === undefined || previous === read(masterKeyFile(dataDirectory))) return undefined;
  return statSync(path).mtimeMs;
}

/**
 * Puts a new key in the place of the data directory's, and keeps the one before beside it. Wherever it is interrupted
 * the two files open all that opened before: first the key is kept, under both names, then the new one takes its place.
 */
export function replaceMasterKey(dataDirectory: string): void {
  const path = masterKeyFile(dataDirectory);
  const key = read(path);
  if (key === undefined) throw new StartRefused(`there is no ${path}`);
  putKey(previousKeyFile(dataDirectory), key, path);
  putKey(path, newKey(), path);
}

/** Whole or not at all, for the owner of the file `like` alone: whoever replaces it may be root. */
function putKey(path: string, key: string, like: string): void {
  const unfinished = `${path}.new`;
  // Of a process that was ended right here. Nobody ever read it.
  rmSync(unfinished, { force: true });
  writeNew(unfinished, key);
  const { uid, gid } = statSync(like);
  if (process.geteuid?.() === 0) chownSync(unfinished, uid, gid);
  renameSync(unfinished, path);
  syncPath(dirname(path));
}

function writeNew(path: string, key: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const newKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

function read(path: string): string | undefined {
  try {
    const key = readFileSync(path, 'utf8').trim();
    if (key.length < 16) throw new StartRefused(`${path} holds no key: restore it from a backup`);
    return key;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
