import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_LINES_MAX = 1_000;

/**
 * Appends lines to a file, each whole and in the order of the calls. Lines that come while a write is under way
 * go together into the next. A file that was renamed or removed (log rotation) is made anew.
 */
export class LineFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #isTorn = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** `line` without its newline. Rejects with the error of the file system; the file is opened anew next time. */
  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#release();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH_LINES_MAX);
      try {
        await this.#write(batch.map(({ line }) => `${line}\n`).join(''));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // The write may have got half way: the next begins on a line of its own.
        this.#isTorn = true;
        await this.#release();
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = undefined;
  }

  async #write(text: string): Promise<void> {
    const handle = await this.#current();
    await handle.appendFile(this.#isTorn ? `\n${text}` : text);
    this.#isTorn = false;
  }

  async #current(): Promise<FileHandle> {
    if (this.#handle && (await isSameFile(this.#handle, this.#path))) return this.#handle;
    await this.#release();
    await mkdir(dirname(this.#path), { recursive: true });
    this.#handle = await open(this.#path, 'a', 0o640);
    return this.#handle;
  }

  async #release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    // A handle that cannot be closed (a network drive gone) is of no more use either way.
    await handle?.close().catch(() => {});
  }
}

async function isSameFile(handle: FileHandle, path: string): Promise<boolean> {
  const [held, found] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
  return found !== undefined && held.ino === found.ino && held.dev === found.dev;
}
