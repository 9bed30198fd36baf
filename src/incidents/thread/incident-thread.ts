import { Worker } from 'node:worker_threads';
import type { Answer, Call, Results, ThreadOptions, Work } from './protocol.ts';

/** The thread is gone, or was closed: what it was asked may be asked of the next one. */
export class ThreadEnded extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'ThreadEnded';
  }
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

const CLOSE_MS_MAX = 3_000;
/** A feed that is beyond all bounds ends the thread by this, and not the process. */
const HEAP_MB_MAX = 2_048;

/** The main thread's end of the thread that asks feeds, reads what they answer, and makes the document. */
export class IncidentThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: ThreadEnded | undefined;
  /** Resolves when it is gone, whatever ended it. */
  readonly ended: Promise<ThreadEnded>;

  constructor(options: ThreadOptions) {
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.ended = new Promise((resolve) => {
      const end = (detail: string): void => resolve(this.#end(detail));
      this.#worker.once('error', (error) => end(`the thread of the incident feeds failed: ${error.message}`));
      this.#worker.once('exit', () => end('the thread of the incident feeds ended'));
    });
  }

  /** Rejects with ThreadEnded. Work is begun in order; a `refresh` lets what comes after it go ahead while it waits. */
  call<W extends Work>(work: W): Promise<Results[W['kind']]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, work } satisfies Call);
    });
  }

  /** Abandons what it is about: nothing of that is lost, it is only not known yet. */
  async close(): Promise<void> {
    if (this.#ended === undefined) void this.call({ kind: 'close' }).catch(() => undefined);
    // One that reads a long list hears of it only behind that; it holds nothing that must be closed in order.
    const timer = setTimeout(() => void this.#worker.terminate(), CLOSE_MS_MAX);
    await this.ended;
    clearTimeout(timer);
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('failure' in answer) pending?.reject(new Error(answer.failure));
    else pending?.resolve(answer.result as never);
  }

  #end(detail: string): ThreadEnded {
    this.#ended ??= new ThreadEnded(detail);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    return this.#ended;
  }
}
