import type { ThreadFailure } from './protocol.ts';

/** SQLite's primary result codes that say "not now": the cause can go away without a change to the write. */
const UNAVAILABLE = new Map([
  [5, 'database is locked'],
  [6, 'database table is locked'],
  [7, 'out of memory'],
  [8, 'attempt to write a readonly database'],
  [10, 'disk I/O error'],
  [11, 'database disk image is malformed'],
  [13, 'database or disk is full'],
  [14, 'unable to open database file'],
  [26, 'file is not a database'],
]);
const TEXTS = [...UNAVAILABLE.values()];

/** What a failure of SQLite means to the caller. */
export function sqliteFailure(error: unknown): ThreadFailure {
  const detail = error instanceof Error ? error.message : 'unknown failure';
  return { kind: isUnavailable(error, detail) ? 'unavailable' : 'refused', detail };
}

/** The package for Node 20 gives no code with what fails in a query that returns rows, only SQLite's own text. */
function isUnavailable(error: unknown, detail: string): boolean {
  const code = sqliteCode(error);
  return code === undefined ? TEXTS.some((text) => detail.startsWith(text)) : UNAVAILABLE.has(code);
}

/** The primary result code; undefined when there is none. */
export const sqliteCode = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
