import type { Clock } from '../kernel/clock.ts';
import type { TocsinEvent } from '../events/event.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';

/** A leased delivery waiting in memory for its attempt. */
export interface Work {
  readonly deliveryId: DeliveryId;
  readonly event: TocsinEvent;
  readonly internal: boolean;
  /** Attempts made before. */
  readonly attempts: number;
  /** Unix ms; an attempt that might outlast it is not begun. */
  readonly leaseUntil: number;
}

/** How one attempt ended, for the engine to write down. */
export interface Ended {
  readonly work: Work;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** Waiting in memory for one target; beyond this, deliveries stay in the table until there is room. */
const QUEUE_MAX = 1_000;
/** What an attempt may take beyond its time-out: to notice the abort and be written down. */
const SETTLE_MARGIN_MS = 5_000;

/**
 * One target's queue and its attempts in flight. Targets share nothing here: one that hangs fills its own
 * lane and no other.
 */
export class Lane {
  readonly #clock: Clock;
  readonly #ended: (lane: Lane, ended: Ended) => Promise<void>;
  #target: OpenTarget;
  #queue: Work[] = [];
  #head = 0;
  #reserved = 0;
  #pumping = false;
  #stopped = false;
  readonly #running = new Map<Work, { readonly abort: AbortController; readonly deadline: number }>();

  constructor(target: OpenTarget, clock: Clock, ended: (lane: Lane, ended: Ended) => Promise<void>) {
    this.#target = target;
    this.#clock = clock;
    this.#ended = ended;
  }

  get target(): OpenTarget {
    return this.#target;
  }

  /** How many more deliveries it takes into memory. */
  get room(): number {
    return this.#stopped ? 0 : Math.max(0, QUEUE_MAX - this.#waiting - this.#reserved);
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** Whether an attempt is under way, or its outcome not yet written down. */
  isSending(id: DeliveryId): boolean {
    for (const { deliveryId } of this.#running.keys()) if (deliveryId === id) return true;
    return false;
  }

  /** Keeps a place for a delivery whose commit is under way. */
  reserve(): void {
    this.#reserved += 1;
  }

  /** Gives a reserved place back, filled or not. */
  unreserve(work: Work | undefined): void {
    this.#reserved -= 1;
    if (work !== undefined) this.push(work);
  }

  push(work: Work): void {
    this.#queue.push(work);
    if (this.#pumping) return;
    this.#pumping = true;
    // After this turn: the senders' answers go out before the first byte to a target.
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** New sends go to the new target; those in flight end at the old one. */
  replace(target: OpenTarget): void {
    this.#target = target;
  }

  /** Aborts what has outlasted its time: a target that ignores its own time-out does not hold a place for ever. */
  abortOverdue(now: number): void {
    for (const { abort, deadline } of this.#running.values()) if (now > deadline) abort.abort();
  }

  /** Begins nothing more and forgets what waits; attempts in flight go on. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    this.#head = 0;
  }

  abortAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  get #waiting(): number {
    return this.#queue.length - this.#head;
  }

  #pump(): void {
    while (!this.#stopped && this.#running.size < this.#target.concurrency) {
      const work = this.#next();
      if (work === undefined) return;
      void this.#attempt(work);
    }
  }

  /** The next whose lease lasts long enough; the others are left to whoever claims them next. */
  #next(): Work | undefined {
    const leaseNeeded = this.#clock.now() + this.#target.timeoutMs + SETTLE_MARGIN_MS;
    while (this.#head < this.#queue.length) {
      const work = this.#queue[this.#head++];
      if (this.#head > 256 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      if (work !== undefined && work.leaseUntil >= leaseNeeded) return work;
    }
    this.#queue = [];
    this.#head = 0;
    return undefined;
  }

  async #attempt(work: Work): Promise<void> {
    const target = this.#target;
    const startedAt = this.#clock.now();
    const abort = new AbortController();
    this.#running.set(work, { abort, deadline: startedAt + target.timeoutMs + SETTLE_MARGIN_MS / 2 });
    const outcome = await send(target, work, abort.signal);
    const durationMs = Math.max(0, Math.round(this.#clock.now() - startedAt));
    // The place stays taken until the outcome is written: a store that is away stops the sending too.
    await this.#ended(this, { work, startedAt, durationMs, outcome });
    this.#running.delete(work);
    this.#pump();
  }
}

async function send(target: OpenTarget, work: Work, signal: AbortSignal): Promise<Outcome> {
  const job = {
    deliveryId: work.deliveryId,
    attempt: work.attempts + 1,
    event: work.event,
    internal: work.internal,
  };
  try {
    return await target.send(job, signal);
  } catch (error) {
    // Kinds answer with a value for everything that the network does; a throw is a bug of the kind.
    return {
      kind: 'retry',
      reason: 'fault',
      answer: error instanceof Error ? error.name : 'a target threw',
    };
  }
}
