import { StartRefused } from '../app/start-refused.ts';
import { SchemaMismatch } from '../storage/migrate.ts';
import { StoreRefused, StoreUnavailable } from '../storage/store.ts';
import { ImportRefused } from '../storage/transfer/format.ts';

const expectedErrors = [StoreUnavailable, StoreRefused, SchemaMismatch, ImportRefused, StartRefused];

/** The system's codes that somebody at a terminal can do something about. */
const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is in no folder',
  EISDIR: 'is a folder',
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be read or written by this user',
  EROFS: 'is on a read-only disk',
  EEXIST: 'is there already',
};

/** What went wrong with a store or a file, as a sentence. Throws again what is a bug. */
export function storeFault(error: unknown): string {
  if (expectedErrors.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error;
  const code = String(error.code);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full';
  const path = 'path' in error ? String(error.path) : 'a file';
  return `${path} ${systemWords[code] ?? `cannot be read or written (${code})`}`;
}
