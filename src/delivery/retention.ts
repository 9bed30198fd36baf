import type { MatterStore } from '../events/matters/store.ts';
import type { EventStore } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EventId } from '../kernel/ids.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { DeliveryStore } from './store.ts';

export interface RetentionOptions {
  readonly events: EventStore;
  readonly matters: MatterStore;
  /** What goes with events, beside their deliveries. */
  readonly belongings: readonly { deleteOf(events: readonly EventId[]): Promise<void> }[];
  readonly deliveries: DeliveryStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retentionMs: () => number;
  /** Whatever else has an end: deletes up to `limit` of it and returns how many. */
  readonly sweeps?: readonly ((limit: number) => Promise<number>)[];
  /** Hears of every sweep that went through. */
  readonly swept?: (deleted: { readonly events: number; readonly keys: number }) => void;
}

const SWEEP_MS = 60_000;
/** Rows of one delete: short enough that a commit never waits long behind it. */
const BATCH = 500;
const BATCHES_MAX = 1_000;

/** Deletes what is past its time, in small batches, now and then. */
export class Retention {
  readonly #options: RetentionOptions;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(SWEEP_MS, () => {
      void this.#sweepAndLog().then(() => this.start());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Deletes events past retention with all that goes with them, and dedupe keys past their window. */
  async sweep(): Promise<{ events: number; keys: number }> {
    const now = this.#options.clock.now();
    const before = now - this.#options.retentionMs();
    const events = await this.#deleteEvents(before);
    await this.#inBatches((limit) => this.#options.matters.forget(before, limit));
    const keys = await this.#inBatches((limit) => this.#options.events.forgetKeys(now, limit));
    for (const sweep of this.#options.sweeps ?? []) await this.#inBatches(sweep);
    return { events, keys };
  }

  /** An event on its way to somebody stays until it arrived or was given up, however old. */
  async #deleteEvents(before: number): Promise<number> {
    const { events, deliveries, belongings } = this.#options;
    let total = 0;
    let after: EventId | undefined;
    for (let batch = 0; batch < BATCHES_MAX && !this.#stopped; batch++) {
      const expired = await events.expired(before, BATCH, after);
      after = expired.at(-1);
      if (after === undefined) break;
      const pending = await deliveries.pendingAmong(expired);
      const gone = expired.filter((id) => !pending.has(id));
      await deliveries.deleteOf(gone);
      for (const belonging of belongings) await belonging.deleteOf(gone);
      await events.delete(gone);
      total += gone.length;
    }
    return total;
  }

  async #inBatches(forget: (limit: number) => Promise<number>): Promise<number> {
    let total = 0;
    for (let batch = 0; batch < BATCHES_MAX && !this.#stopped; batch++) {
      const forgotten = await forget(BATCH);
      total += forgotten;
      if (forgotten < BATCH) break;
    }
    return total;
  }

  async #sweepAndLog(): Promise<void> {
    try {
      const { events, keys } = await this.sweep();
      this.#options.swept?.({ events, keys });
      if (events > 0) this.#options.log.info({ events, keys }, 'deleted what is past retention');
    } catch (error) {
      this.#options.log.warn({ reason: errorText(error) }, 'retention waits for the store');
    }
  }
}
