import { existsSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreUnavailable } from '../store.ts';
import { Connection } from './connection.ts';
import { Database } from './database.ts';
import { sqliteFailure } from './errors.ts';

/** So little at a time that a commit of the running service never waits long behind it for the disk. */
const CHUNK_BYTES = 1_048_576;
const PAUSE_MS_MAX = 200;
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** While another connection folds the log back SQLite does not tell how long it is. */
const LOG_TRIES = 200;
const LOG_AGAIN_MS = 50;

/** Hears how far a copy is, in bytes. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Copies a database that another process may be writing to, as it stands now, into one new file (0600). Rejects
 * with StoreUnavailable when it cannot be read. Never for a database that this process itself has open: reading the
 * file would let go of its locks (POSIX).
 *
 * A read transaction holds it still: as long as it lasts SQLite folds nothing into the file that came after it, and
 * starts the log over only if nothing of the log is needed. So the log up to now and then the file, copied plainly,
 * are the database of now. SQLite's own ways, VACUUM INTO and the backup API, write as fast as they can, and every
 * fsync of the service waits for that. This one goes in small steps and pauses: ADR 15 has the figures.
 */
export async function copyStore(from: string, to: string, onProgress: OnProgress): Promise<void> {
  if (!existsSync(from)) throw new StoreUnavailable(`there is no ${from}`);
  const files: FileHandle[] = [];
  const openFile = async (path: string, flags: string): Promise<FileHandle> => {
    const file = await open(path, flags, 0o600);
    files.push(file);
    return file;
  };
  const letGo = holdStill(from);
  try {
    const source = await openFile(from, 'r');
    const { hasLog, pageSize } = await layoutOf(source);
    if (hasLog) await copyLog({ from, to, pageSize, openFile });
    const total = (await source.stat()).size;
    await copyBytes(source, await openFile(to, 'wx'), total, (done) => onProgress(done, total));
  } finally {
    letGo();
    // Only now: closing the file lets go of the locks on it, whoever in the process took them.
    for (const file of files) await file.close();
  }
  foldLog(to);
}

/**
 * Makes a database one file that stands by itself: what its log holds is folded in, and the log is gone. Throws
 * StoreUnavailable when it is no database, is damaged, or another program has it open.
 */
export function foldLog(path: string): void {
  // By `exec` alone, here and below: after a query the connection would outlive its end.
  withDatabase(path, (database) => database.exec('PRAGMA journal_mode = DELETE'));
  if (existsSync(`${path}-wal`)) throw new StoreUnavailable(`another program has ${path} open`);
}

/** Gives a database an empty log to begin with: who begins one later would wait for whoever reads the file. */
export function beginLog(path: string): void {
  withDatabase(path, (database) => database.exec('PRAGMA journal_mode = WAL'));
}

function withDatabase(path: string, work: (database: Database) => void): void {
  let database: Database | undefined;
  try {
    database = new Database(path, [], { readOnly: false });
    work(database);
  } catch (error) {
    throw unreadable(error, path);
  } finally {
    database?.close();
  }
}

const unreadable = (error: unknown, path: string): StoreUnavailable =>
  new StoreUnavailable(`${path} cannot be read: ${sqliteFailure(error).detail}`, { cause: error });

/** Begins a read transaction; the returned function ends it. */
function holdStill(path: string): () => void {
  let database: Database | undefined;
  try {
    database = new Database(path, [], { readOnly: false });
    // BEGIN alone takes no snapshot yet.
    database.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    const held = database;
    return () => held.close();
  } catch (error) {
    database?.close();
    throw unreadable(error, path);
  }
}

/** What the header of a database says; SQLite has read it already, so it is one (sqlite.org/fileformat.html). */
async function layoutOf(file: FileHandle): Promise<{ readonly hasLog: boolean; readonly pageSize: number }> {
  const { buffer } = await file.read(Buffer.alloc(20), 0, 20, 0);
  const pageSize = buffer.readUInt16BE(16);
  // The largest does not fit the two bytes and stands there as 1.
  return { hasLog: buffer[18] === 2, pageSize: pageSize === 1 ? 65_536 : pageSize };
}

interface LogCopy {
  readonly from: string;
  readonly to: string;
  readonly pageSize: number;
  readonly openFile: (path: string, flags: string) => Promise<FileHandle>;
}

/** By a connection of its own, which asks how long the log is: inside a transaction SQLite does not tell. */
async function copyLog(copy: LogCopy): Promise<void> {
  const asking = await Connection.open({ path: copy.from, role: 'checkpointer', statements: [] });
  try {
    await copyCommitted(copy, async () => (await asking.call({ kind: 'checkpoint' })).pages);
  } finally {
    await asking.close();
  }
}

/**
 * The log as far as it is committed. Where the file needs nothing of it, SQLite may start it over meanwhile, once:
 * a new header tells, and the copy is made again.
 */
async function copyCommitted(
  { from, to, pageSize, openFile }: LogCopy,
  committed: () => Promise<number>,
): Promise<void> {
  const log = await openFile(`${from}-wal`, 'r');
  for (let tries = 0; tries < LOG_TRIES; tries++) {
    const header = await headerOf(log);
    const frames = await committed();
    if (frames === 0) return;
    // Another connection was folding the log back.
    if (frames < 0) {
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

async function copyBytes(
  from: FileHandle,
  to: FileHandle,
  total: number,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let done = 0; done < total;) {
    const begun = performance.now();
    const { bytesRead } = await from.read(chunk, 0, Math.min(CHUNK_BYTES, total - done), done);
    if (bytesRead === 0) return;
    for (let written = 0; written < bytesRead;) {
      written += (await to.write(chunk, written, bytesRead - written, done + written)).bytesWritten;
    }
    await to.datasync();
    done += bytesRead;
    onProgress(done);
    // As long as the disk was ours it is the service's.
    await wait(Math.min(performance.now() - begun, PAUSE_MS_MAX));
  }
}
