import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { SealedFile } from '../sealed/sealed.ts';
import { failed, type Result, succeeded } from './result.ts';

/** Where one that came is now; undefined: no disk took it. */
export interface KeptFile {
  readonly file: SealedFile;
  readonly path: string | undefined;
}

type Place = () => string;

/** Bytes of a name, below what file systems take, so that a number fits behind it. */
const NAME_BYTES_MAX = 200;
const SAME_NAMES_MAX = 1_000;

/** Makes the directory if it is not there; asked before anything is read that could be lost. */
export function prepareDirectory(path: string): Result<string> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    return succeeded(path);
  } catch (error) {
    return failed(`Nothing can be written to ${path} (${codeOf(error)}). The message was not read.`);
  }
}

/** Directories of our own, in turn, for what nothing else takes: it exists only here by now. */
export const lastResorts = (cwd: string): readonly string[] => [tmpdir(), homedir(), cwd];

/**
 * Writes each as a new file that only its owner may read, never over another: into `directory`, else, or when that
 * fails, into a new private one in one of `parents`.
 */
export function keepFiles(
  files: readonly SealedFile[],
  directory: string | undefined,
  parents: readonly string[],
): KeptFile[] {
  const own = directory === undefined ? [] : [() => directory];
  const places = [...own, ...parents.map(privatePlace)];
  return files.map((file) => ({ file, path: keep(file, places) }));
}

function privatePlace(parent: string): Place {
  let made: string | undefined;
  return () => (made ??= mkdtempSync(join(parent, 'tocsin-')));
}

function keep(file: SealedFile, places: readonly Place[]): string | undefined {
  for (const place of places) {
    try {
      return writeNew(place(), file);
    } catch (error) {
      // Full, read-only, gone: the next place is tried. A bug is thrown on.
      codeOf(error);
    }
  }
  return undefined;
}

function writeNew(directory: string, { name, bytes }: SealedFile): string {
  for (let count = 1; ; count += 1) {
    const path = join(directory, numbered(name, count));
    const opened = openNew(path, count < SAME_NAMES_MAX);
    if (opened === undefined) continue;
    try {
      writeFileSync(opened, bytes);
      return path;
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(opened);
    }
  }
}

/** Undefined when there is something of that name, a link that leads nowhere too. */
function openNew(path: string, isOneOfMany: boolean): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (isOneOfMany && codeOf(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** `report.pdf`, then `report (2).pdf`. */
function numbered(name: string, count: number): string {
  const ending = Buffer.byteLength(extname(name)) <= 20 ? extname(name) : '';
  let stem = name.slice(0, name.length - ending.length);
  while (Buffer.byteLength(stem) > NAME_BYTES_MAX) stem = [...stem].slice(0, -1).join('');
  return `${stem}${count === 1 ? '' : ` (${count})`}${ending}`;
}

/** Throws again what is no system's refusal but a bug. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error;
  return String(error.code);
}
