import { Worker } from 'node:worker_threads';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import type { Answer, Opened, ThreadFailure, ThreadOptions, Work, WorkResults } from './protocol.ts';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The main thread's end of a thread that holds one SQLite connection. Calls are answered in order. The thread
 * is ended by message only: `terminate()` on a thread that holds SQLite aborts the process.
 */
export class Connection {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended = false;
  #closing: Promise<void> | undefined;
  readonly #exited: Promise<void>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (error) => this.#end(`the store's thread failed: ${error.message}`));
    worker.on('exit', () => this.#end('the store is closed'));
  }

  /** Rejects with StoreUnavailable when the file cannot be opened. */
  static async open(options: ThreadOptions): Promise<Connection> {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: options });
    const opened = await new Promise<Opened>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (!opened.opened) throw new StoreUnavailable(`cannot open ${options.path}: ${opened.detail}`);
    return new Connection(worker);
  }

  call<W extends Work>(work: W): Promise<WorkResults[W['kind']]> {
    if (this.#ended || this.#closing !== undefined) {
      return Promise.reject(new StoreUnavailable('the store is closed'));
    }
    return this.#send(work);
  }

  /** Answers what was asked before, then lets go of the file: all of it only when the thread is at its end. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#closing ??= this.#send({ kind: 'close' }).then(() => this.#exited);
    await this.#closing;
  }

  #send<W extends Work>(work: W): Promise<WorkResults[W['kind']]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#worker.postMessage({ id, work });
    });
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    if ('failure' in answer) pending.reject(toError(answer.failure));
    else pending.resolve(answer.result);
  }

  #end(detail: string): void {
    this.#ended = true;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new StoreUnavailable(detail));
  }
}

const toError = (failure: ThreadFailure): Error =>
  failure.kind === 'unavailable' ? new StoreUnavailable(failure.detail) : new StoreRefused(failure.detail);
