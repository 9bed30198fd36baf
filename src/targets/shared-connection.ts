import { orTimeout } from './or-timeout.ts';
import type { Outcome } from './target.ts';

/** A connection, or the outcome of every delivery that needed it. */
export type Opened<C> =
  { readonly ok: true; readonly connection: C } | { readonly ok: false; readonly outcome: Outcome };

/** One connection for all deliveries of a target: made when the first needs it, and anew after it was lost. */
export class SharedConnection<C> {
  readonly #open: (lost: () => void, signal: AbortSignal) => Promise<Opened<C>>;
  readonly #close: (connection: C) => Promise<void>;
  readonly #ending = new AbortController();
  #current: Promise<Opened<C>> | undefined;

  /**
   * `open` gets what it calls once the connection is of no more use, and a signal that ends the opening; `close`
   * must not wait for long.
   */
  constructor(
    open: (lost: () => void, signal: AbortSignal) => Promise<Opened<C>>,
    close: (connection: C) => Promise<void>,
  ) {
    this.#open = open;
    this.#close = close;
  }

  /** Resolves with a time-out as soon as the signal aborts; the connecting goes on for the others. */
  async get(signal: AbortSignal): Promise<Opened<C>> {
    return orTimeout(this.#now(), { ok: false, outcome: { kind: 'retry', reason: 'timeout' } }, signal);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    const opened = await this.#current;
    this.#current = undefined;
    if (opened?.ok) await this.#close(opened.connection);
  }

  #now(): Promise<Opened<C>> {
    if (this.#current) return this.#current;
    const forget = (): void => {
      if (this.#current === opening) this.#current = undefined;
    };
    const opening = this.#open(forget, this.#ending.signal).then(
      (opened) => {
        if (!opened.ok) forget();
        return opened;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    this.#current = opening;
    return opening;
  }
}
