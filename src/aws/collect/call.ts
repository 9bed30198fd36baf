import { read, type Reading, unread } from '../inventory/reading.ts';
import type { Clients } from './clients.ts';
import { abortedFailure, type Attempted, failureOf } from './failure.ts';

/** What every call is made with. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** Makes calls: what comes of one is a value or its failure, and never a rejection. */
export class Caller {
  readonly clients: Clients;
  readonly #signal: AbortSignal;

  constructor(clients: Clients, signal: AbortSignal) {
    this.clients = clients;
    this.#signal = signal;
  }

  async call<Client, T>(
    attempted: Attempted,
    opened: Promise<Client>,
    ask: (client: Client, options: CallOptions) => Promise<T>,
  ): Promise<Reading<T>> {
    const signal = this.#signal;
    if (signal.aborted) return unread(abortedFailure(attempted));
    try {
      const asked = opened.then((client) => ask(client, { abortSignal: signal }));
      return read(await untilAborted(asked, signal));
    } catch (error) {
      return unread(signal.aborted ? abortedFailure(attempted) : failureOf(error, attempted));
    }
  }
}

/** Not all that a call waits for heeds a signal: a machine's metadata service is asked without one. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('aborted'));
    signal.addEventListener('abort', end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
