import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from './start-refused.ts';

const FILE = 'master.key';
const KEY_BYTES = 32;

/** The key of the settings, else the one in the data directory, made there (0600) when it is not. */
export function masterKey(configured: string | undefined, dataDirectory: string): string {
  if (configured !== undefined) return configured;
  const path = masterKeyFile(dataDirectory);
  const known = read(path);
  if (known !== undefined) return known;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  // `wx` fails on a file that is there: a key is never written over.
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return key;
}

/** The same key, and undefined where there is none: nothing is made. */
export const findMasterKey = (configured: string | undefined, dataDirectory: string): string | undefined =>
  configured ?? read(masterKeyFile(dataDirectory));

export const masterKeyFile = (dataDirectory: string): string => join(dataDirectory, FILE);

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
