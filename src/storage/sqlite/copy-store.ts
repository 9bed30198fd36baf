import { existsSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreUnavailable } from '../store.ts';
import { Database } from './database.ts';
import { sqliteFailure } from './errors.ts';

/** So little at a time that a commit of the running service never waits long behind it for the disk. */
const CHUNK_BYTES = 1_048_576;
const PAUSE_MS_MAX = 200;
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** While another connection folds the log back, SQLite does not tell how long it is. */
const LOG_TRIES = 200;
const LOG_AGAIN_MS = 50;

/** Hears how far a copy is, in bytes. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Copies a database that another process may be writing to, as it stands now, into one new file (0600). Rejects
 * with StoreUnavailable when it cannot be read.
 *
 * A read transaction holds it still: as long as it lasts SQLite folds nothing into the file that came after it, and
 * starts the log over only if nothing of the log is needed. So the log up to now and then the file, copied plainly,
 * are the database of now. SQLite's own ways, VACUUM INTO and the backup API, write as fast as they can, and every
 * fsync of the service waits for that: for half a second, measured. This one goes in small steps and pauses.
 */
export async function copyStore(from: string, to: string, onProgress: OnProgress): Promise<void> {
  if (!existsSync(from)) throw new StoreUnavailable(`there is no ${from}`);
  const reader = openOrThrow(from);
  const files: FileHandle[] = [];
  try {
    const pages = holdStill(reader, from);
    const openFile = async (path: string, flags: string): Promise<FileHandle> => {
      const file = await open(path, flags, 0o600);
      files.push(file);
      return file;
    };
    if (pages.hasLog) await copyLog({ from, to, pageSize: pages.size, openFile });
    const source = await openFile(from, 'r');
    const total = (await source.stat()).size;
    await copyBytes(source, await openFile(to, 'wx'), total, (done) => onProgress(done, total));
  } finally {
    reader.close();
    // Only now: to close any file of a database lets go of all locks that the process has on it (POSIX).
    for (const file of files) await file.close();
  }
  foldLog(to);
}

/**
 * Makes a database one file that stands by itself: what its log holds is folded in, and the log is gone. Throws
 * StoreUnavailable when it is no database, is damaged, or another program has it open.
 */
export function foldLog(path: string): void {
  const database = openOrThrow(path);
  try {
    const [row] = database.query('PRAGMA journal_mode = DELETE').rows;
    if (row?.['journal_mode'] !== 'delete') throw new StoreUnavailable(`${path} is in use`);
  } catch (error) {
    throw readable(error, path);
  } finally {
    database.close();
  }
}

function openOrThrow(path: string): Database {
  try {
    return new Database(path, [], { readOnly: false });
  } catch (error) {
    throw readable(error, path);
  }
}

const readable = (error: unknown, path: string): StoreUnavailable =>
  error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable(`${path} cannot be read: ${sqliteFailure(error).detail}`, { cause: error });

/** Begins the read transaction; it ends with the connection. */
function holdStill(reader: Database, path: string): { readonly hasLog: boolean; readonly size: number } {
  try {
    reader.exec('BEGIN');
    reader.query('SELECT count(*) FROM sqlite_schema');
    const hasLog = reader.query('PRAGMA journal_mode').rows[0]?.['journal_mode'] === 'wal';
    return { hasLog, size: Number(reader.query('PRAGMA page_size').rows[0]?.['page_size']) };
  } catch (error) {
    throw readable(error, path);
  }
}

interface LogCopy {
  readonly from: string;
  readonly to: string;
  readonly pageSize: number;
  readonly openFile: (path: string, flags: string) => Promise<FileHandle>;
}

/**
 * The log as far as it is committed. Where the file needs nothing of it, SQLite may start it over meanwhile, once:
 * a new header tells, and the copy is made again.
 */
async function copyLog(copy: LogCopy): Promise<void> {
  const { from, to, pageSize, openFile } = copy;
  const log = await openFile(`${from}-wal`, 'r');
  for (let tries = 0; tries < LOG_TRIES; tries++) {
    const header = await headerOf(log);
    const frames = committedFrames(from);
    if (frames === 0) return;
    if (frames === undefined) {
      await wait(LOG_AGAIN_MS);
      continue;
    }
    await rm(`${to}-wal`, { force: true });
    const bytes = LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + pageSize);
    await copyBytes(log, await openFile(`${to}-wal`, 'wx'), bytes);
    if (header.equals(await headerOf(log))) return;
  }
  throw new StoreUnavailable(`the log of ${from} was never at rest: try again`);
}

async function headerOf(log: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(LOG_HEADER_BYTES), 0, LOG_HEADER_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

/** By a connection of its own: inside a transaction SQLite does not tell. Undefined: ask again. */
function committedFrames(path: string): number | undefined {
  const database = openOrThrow(path);
  try {
    const [row] = database.query('PRAGMA wal_checkpoint(PASSIVE)').rows;
    const frames = Number(row?.['log'] ?? -1);
    return frames < 0 ? undefined : frames;
  } finally {
    database.close();
  }
}

async function copyBytes(
  from: FileHandle,
  to: FileHandle,
  total: number,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let done = 0; done < total; ) {
    const begun = performance.now();
    const { bytesRead } = await from.read(chunk, 0, Math.min(CHUNK_BYTES, total - done), done);
    if (bytesRead === 0) return;
    for (let written = 0; written < bytesRead; ) {
      written += (await to.write(chunk, written, bytesRead - written, done + written)).bytesWritten;
    }
    await to.datasync();
    done += bytesRead;
    onProgress(done);
    // As long as the disk was ours it is the service's.
    await wait(Math.min(performance.now() - begun, PAUSE_MS_MAX));
  }
}
