import { Worker } from 'node:worker_threads';

/** The thread is gone, or was closed: what it was asked may be asked of the next one. */
export class ThreadEnded extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'ThreadEnded';
  }
}

export interface WorkThreadOptions<Notice> {
  /** The built file that serves the work (`serve-work.ts`). */
  readonly file: URL;
  /** What the thread is started with; it can hold secrets and is never logged. */
  readonly workerData: unknown;
  /** For error texts: `the thread of the incident feeds`. */
  readonly name: string;
  /** What is beyond all bounds ends the thread by this, and not the process. */
  readonly heapMbMax: number;
  /** What the thread says of its own accord. */
  readonly noticed?: (notice: Notice) => void;
}

/** What goes to the thread. */
export interface Call<Work> {
  readonly id: number;
  readonly work: Work;
}
/** What comes back. A failure is a bug: what the world does is in the results. */
export type Answer<Result, Notice> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly failure: string }
  | { readonly notice: Notice };

/** Work by kind, and what becomes of each. `close` ends the thread. */
export interface AnyWork {
  readonly kind: string;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

const CLOSE_MS_MAX = 3_000;

/** The main thread's end of a thread that is asked for work, one piece or many at once. */
export class WorkThread<Work extends AnyWork, Results extends Record<Work['kind'], unknown>, Notice = never> {
  readonly #worker: Worker;
  readonly #noticed: ((notice: Notice) => void) | undefined;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: ThreadEnded | undefined;
  /** Resolves when it is gone, whatever ended it. */
  readonly ended: Promise<ThreadEnded>;

  constructor({ file, workerData, name, heapMbMax, noticed }: WorkThreadOptions<Notice>) {
    this.#noticed = noticed;
    this.#worker = new Worker(file, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    });
    this.#worker.on('message', (answer: Answer<never, Notice>) => this.#settle(answer));
    this.ended = new Promise((resolve) => {
      const end = (detail: string): void => resolve(this.#end(detail));
      this.#worker.once('error', (error) => end(`${name} failed: ${error.message}`));
      this.#worker.once('exit', () => end(`${name} ended`));
    });
  }

  /** Rejects with ThreadEnded. Work is begun in order. */
  call<W extends Work>(work: W): Promise<Results[W['kind']]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, work } satisfies Call<Work>);
    });
  }

  /** Abandons what it is about: it holds nothing that must be closed in order. */
  async close(): Promise<void> {
    if (this.#ended === undefined) this.#worker.postMessage({ id: 0, work: { kind: 'close' } });
    // One that is in the middle of something long hears of it only behind that.
    const timer = setTimeout(() => void this.#worker.terminate(), CLOSE_MS_MAX);
    await this.ended;
    clearTimeout(timer);
  }

  #settle(answer: Answer<never, Notice>): void {
    if ('notice' in answer) {
      this.#noticed?.(answer.notice);
      return;
    }
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('failure' in answer) pending?.reject(new Error(answer.failure));
    else pending?.resolve(answer.result);
  }

  #end(detail: string): ThreadEnded {
    this.#ended ??= new ThreadEnded(detail);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    return this.#ended;
  }
}
