import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { decodeUtf8 } from '../../kernel/utf8.ts';

/** What tells that a file is the one that was read. */
export interface FileState {
  readonly size: number;
  readonly mark: string;
  /** What is written from now on will change the mark. */
  readonly isSettled: boolean;
}

export type FileReading =
  | { readonly kind: 'read'; readonly text: string; readonly state: FileState }
  | { readonly kind: 'unchanged'; readonly state: FileState }
  | {
      readonly kind: 'failed';
      readonly failure: { readonly reason: 'unreadable' | 'too_large'; readonly detail: string };
    };

interface Place {
  readonly path: string;
  /** The directory that the file must really be in. */
  readonly within: string | undefined;
}

/** Without waiting: opening a pipe that nobody writes to would never end. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file that changed so shortly before may change again without its times telling. */
const SETTLED_NS = 100_000_000n;

/** Reads a regular file of at most so many bytes as UTF-8, unless it is the one that `known` tells of. */
export async function readRegularFile(
  place: Place,
  known: FileState | undefined,
  bytesMax: number,
): Promise<FileReading> {
  let handle: FileHandle | undefined;
  try {
    const path = await realPlace(place);
    if (path === undefined) return unreadable('leads out of the directory');
    handle = await open(path, place.within === undefined ? FLAGS : FLAGS | constants.O_NOFOLLOW);
    return await readHandle(handle, known, bytesMax);
  } catch (error) {
    // What the system refuses is an outcome: the disk is not ours.
    return unreadable(systemCode(error));
  } finally {
    await handle?.close();
  }
}

/** The code of what the system refused: its message names the path. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

/** A link may lead within its directory; undefined when it leads out of it. */
async function realPlace({ path, within }: Place): Promise<string | undefined> {
  if (within === undefined) return path;
  const real = await realpath(path);
  return real.startsWith(within.endsWith(sep) ? within : within + sep) ? real : undefined;
}

async function readHandle(
  handle: FileHandle,
  known: FileState | undefined,
  bytesMax: number,
): Promise<FileReading> {
  const before = await stateOf(handle);
  if (before === undefined) return unreadable('is no regular file');
  if (before.size > bytesMax) return tooLarge;
  if (known?.isSettled === true && before.mark === known.mark) return { kind: 'unchanged', state: before };
  const first = await readWhole(handle, before);
  if (first !== undefined) return first;
  // It is being written: once more, and then it is for the next time.
  const again = await stateOf(handle);
  if (again === undefined || again.size > bytesMax) return tooLarge;
  return (await readWhole(handle, again)) ?? unreadable('changes while it is read');
}

/** Undefined when the file is not what it was before. */
async function readWhole(handle: FileHandle, state: FileState): Promise<FileReading | undefined> {
  const bytes = Buffer.allocUnsafe(state.size);
  let at = 0;
  while (at < state.size) {
    const { bytesRead } = await handle.read(bytes, at, state.size - at, at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  const after = await stateOf(handle);
  if (after?.mark !== state.mark) return undefined;
  const text = decodeUtf8(bytes);
  return text === undefined ? unreadable('is not UTF-8') : { kind: 'read', text, state };
}

async function stateOf(handle: FileHandle): Promise<FileState | undefined> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) return undefined;
  const { size, mtimeNs, ctimeNs, ino, dev } = stat;
  const isSettled = BigInt(Date.now()) * 1_000_000n - ctimeNs > SETTLED_NS;
  return { size: Number(size), mark: [size, mtimeNs, ctimeNs, ino, dev].join(':'), isSettled };
}

const tooLarge: FileReading = {
  kind: 'failed',
  failure: { reason: 'too_large', detail: 'with the files before it over the limit' },
};

function unreadable(detail: string): FileReading {
  return { kind: 'failed', failure: { reason: 'unreadable', detail } };
}
