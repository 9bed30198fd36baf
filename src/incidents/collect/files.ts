import type { FileFeed } from '../feeds/feed.ts';
import type { CollectFailure } from './collected.ts';
import { type FileFormat, listFiles, type ListedFile } from './list-files.ts';
import { type FileState, readRegularFile } from './read-file.ts';

export interface FileFailure {
  readonly reason: CollectFailure;
  /** The system's code, or words of our own; never a path. */
  readonly detail: string;
}

/** What became of one file. */
export interface CollectedFile {
  /** Within the directory; of a single file its own name. */
  readonly name: string;
  readonly format: FileFormat;
  /** Undefined when it failed, or when it is what was read before. */
  readonly text: string | undefined;
  readonly isUnchanged: boolean;
  readonly failure: FileFailure | undefined;
}

/** One look at a feed's files. */
export interface CollectedFiles {
  /** In the order of their names. What is not among them is no longer there. */
  readonly files: readonly CollectedFile[];
  /** Undefined where the feed has none. */
  readonly identities: Omit<CollectedFile, 'format'> | undefined;
  /** The path itself cannot be read, or holds too much: then there are no files. */
  readonly failure: FileFailure | undefined;
  /** Of all that was found, read or unchanged. */
  readonly bytes: number;
}

/** Reads the files of one feed, again and again. Never two at once; never rejects for what it finds. */
export interface FileCollector {
  collect(signal: AbortSignal): Promise<CollectedFiles>;
  /** The file will be had whole the next time; undefined: the identities. */
  forget(name: string | undefined): void;
}

/** Reads a file, or the files of a directory, when they have changed. */
export function createFileCollector(feed: FileFeed): FileCollector {
  return new DirectoryCollector(feed);
}

class DirectoryCollector implements FileCollector {
  readonly #feed: FileFeed;
  #states = new Map<string | undefined, FileState>();
  #isRunning = false;

  constructor(feed: FileFeed) {
    this.#feed = feed;
  }

  async collect(signal: AbortSignal): Promise<CollectedFiles> {
    if (this.#isRunning) throw new Error('the files are being read already');
    this.#isRunning = true;
    try {
      return await this.#collect(signal);
    } finally {
      this.#isRunning = false;
    }
  }

  forget(name: string | undefined): void {
    this.#states.delete(name);
  }

  async #collect(signal: AbortSignal): Promise<CollectedFiles> {
    const budget = { left: this.#feed.bytesMax };
    const identities = await this.#identities(budget, signal);
    const listed = await listFiles(this.#feed.path);
    if (!listed.ok) return { files: [], identities, failure: listed.failure, bytes: this.#used(budget) };
    const files: CollectedFile[] = [];
    for (const file of listed.files) {
      const { format } = file;
      files.push({ ...(await this.#read(file.name, file, budget, signal)), format });
    }
    this.#forgetOthers(listed.files);
    return { files, identities, failure: undefined, bytes: this.#used(budget) };
  }

  async #identities(budget: Budget, signal: AbortSignal): Promise<CollectedFiles['identities']> {
    const path = this.#feed.identitiesPath;
    if (path === undefined) return undefined;
    const name = 'identities';
    return { ...(await this.#read(undefined, { path, within: undefined }, budget, signal)), name };
  }

  async #read(
    key: string | undefined,
    place: Pick<ListedFile, 'path' | 'within'>,
    budget: Budget,
    signal: AbortSignal,
  ): Promise<Omit<CollectedFile, 'format'>> {
    const name = key ?? '';
    const nothing = { name, text: undefined, isUnchanged: false };
    if (signal.aborted) return { ...nothing, failure: { reason: 'unreadable', detail: 'aborted' } };
    const known = this.#states.get(key);
    const read = await readRegularFile(place, known, budget.left);
    if (read.kind === 'failed') {
      this.#states.delete(key);
      return { ...nothing, failure: read.failure };
    }
    budget.left -= read.state.size;
    this.#states.set(key, read.state);
    if (read.kind === 'unchanged') return { ...nothing, isUnchanged: true, failure: undefined };
    return { name, text: read.text, isUnchanged: false, failure: undefined };
  }

  #used(budget: Budget): number {
    return this.#feed.bytesMax - budget.left;
  }

  #forgetOthers(files: readonly ListedFile[]): void {
    const names = new Set<string | undefined>([undefined, ...files.map(({ name }) => name)]);
    for (const name of this.#states.keys()) if (!names.has(name)) this.#states.delete(name);
  }
}

interface Budget {
  left: number;
}
