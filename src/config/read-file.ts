import { closeSync, openSync, readSync } from 'node:fs';

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'not_utf8' }
  | { readonly kind: 'is_directory' }
  /** `code` is the system's: `EACCES`. */
  | { readonly kind: 'unreadable'; readonly code: string };

/** Reads a whole text file of at most `bytesMax` bytes. */
export type ReadFile = (path: string, bytesMax: number) => FileText;

/** The file system's. Never takes in more than `bytesMax` + 1 bytes, whatever the path leads to. */
export const readTextFile: ReadFile = (path, bytesMax) => {
  try {
    const bytes = readUpTo(path, bytesMax + 1);
    return bytes.length > bytesMax ? { kind: 'too_large' } : decode(bytes);
  } catch (error) {
    // Expected ends of opening and reading; the caller decides which of them is a fault.
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return code === 'EISDIR' ? { kind: 'is_directory' } : { kind: 'unreadable', code };
  }
};

function readUpTo(path: string, bytesMax: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(bytesMax);
    let length = 0;
    while (length < bytesMax) {
      const read = readSync(file, buffer, length, bytesMax - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Buffer): FileText {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    // The decoder throws for nothing but bytes that are no UTF-8.
    return { kind: 'not_utf8' };
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What is wrong with a file that gave no text, in words that follow its name. */
export function fileTrouble(file: Exclude<FileText, { kind: 'text' }>, bytesMax: number): string {
  if (file.kind === 'absent') return 'does not exist';
  if (file.kind === 'too_large') return `is larger than ${bytesMax / 1024} KiB`;
  if (file.kind === 'not_utf8') return 'is not UTF-8 text';
  if (file.kind === 'is_directory') return 'is a directory';
  return `cannot be read (${file.code})`;
}
