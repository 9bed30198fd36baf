import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCode } from './read-file.ts';

/** How a file is read: a record a line, one JSON document, or a table. */
export type FileFormat = 'ndjson' | 'json' | 'csv';

export interface ListedFile {
  readonly name: string;
  readonly path: string;
  readonly format: FileFormat;
  /** The directory that it must really be in; undefined for a file that the config names. */
  readonly within: string | undefined;
}

export type ListedFiles =
  | { readonly ok: true; readonly files: readonly ListedFile[] }
  | {
      readonly ok: false;
      readonly failure: { readonly reason: 'unreadable' | 'too_large'; readonly detail: string };
    };

const FILES_MAX = 10_000;
/** Names that are none of ours are passed over, but not without end. */
const NAMES_MAX = 100_000;

const formats: Readonly<Record<string, FileFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.csv': 'csv',
};

/** The file itself, or the directory's files of known formats in the order of their names. */
export async function listFiles(path: string): Promise<ListedFiles> {
  try {
    if ((await stat(path)).isDirectory()) return await listDirectory(await realpath(path));
    const name = basename(path);
    return { ok: true, files: [{ name, path, format: formatOf(name) ?? 'ndjson', within: undefined }] };
  } catch (error) {
    // What the system refuses is an outcome: the disk is not ours.
    return { ok: false, failure: { reason: 'unreadable', detail: systemCode(error) } };
  }
}

async function listDirectory(directory: string): Promise<ListedFiles> {
  const files: ListedFile[] = [];
  let names = 0;
  for await (const { name } of await opendir(directory)) {
    names += 1;
    const format = formatOf(name);
    if (format !== undefined) files.push({ name, path: join(directory, name), format, within: directory });
    if (files.length > FILES_MAX || names > NAMES_MAX) return tooMany();
  }
  return { ok: true, files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function tooMany(): ListedFiles {
  return { ok: false, failure: { reason: 'too_large', detail: `over ${FILES_MAX} files` } };
}

/** Hidden files are for nobody: editors and copies in progress leave them. */
function formatOf(name: string): FileFormat | undefined {
  const at = name.lastIndexOf('.');
  return at > 0 && !name.startsWith('.') ? formats[name.slice(at).toLowerCase()] : undefined;
}
