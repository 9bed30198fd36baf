import type { Clock } from '../kernel/clock.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import { type LimiterContext, RateLimiter } from './rate-limiter.ts';
import { askedForPeaceMs } from './settlement.ts';
import { type Hold, stateAt, type TargetStanding, untouched } from './target-standing.ts';
import { type Ended, send, type Work } from './work.ts';

export interface LaneContext {
  readonly clock: Clock;
  readonly ended: (lane: Lane, ended: Ended) => Promise<void>;
  /** Undefined: no limit holds. */
  readonly limits: LimiterContext | undefined;
}

/** Waiting in memory for one target; beyond this, deliveries stay in the table until there is room. */
const QUEUE_MAX = 1_000;
/** What an attempt may take beyond its time-out: to notice the abort and be written down. */
const SETTLE_MARGIN_MS = 5_000;
/** A hold that is over sooner is waited for in memory. */
const MOMENT_MS = 2_000;
/** One place in so many is left to what waits in the table: under steady load new deliveries would take them all. */
const TABLE_SHARE = 10;

/** An attempt under way. */
interface Running {
  readonly startedAt: number;
  readonly abort: AbortController;
  readonly deadline: number;
  /** Its outcome is known and being written down. */
  hasEnded: boolean;
}

/**
 * One target's queue and its attempts in flight. Targets share nothing here: one that hangs fills its own
 * lane and no other. While the target is held, nothing begins and no room is left: deliveries stay in the table.
 */
export class Lane {
  readonly #context: LaneContext;
  #target: OpenTarget;
  #standing: TargetStanding;
  readonly #breaker: Breaker;
  #limiter: RateLimiter | undefined;
  #peaceUntil = 0;
  #peaceShared = 0;
  #queue: Work[] = [];
  #head = 0;
  #reserved = 0;
  #hasOlder = false;
  #pumping = false;
  #wakeAt = 0;
  #stopped = false;
  readonly #running = new Map<Work, Running>();

  constructor(target: OpenTarget, context: LaneContext) {
    this.#target = target;
    this.#standing = untouched(target.id);
    this.#context = context;
    this.#breaker = new Breaker(target.operation.breaker);
    this.#limiter = this.#limiterOf(target);
  }

  get target(): OpenTarget {
    return this.#target;
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** In memory, for their turn. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  get breakerUntil(): number {
    return this.#breaker.openUntil;
  }

  /** Whether new deliveries are skipped. */
  get isDisabled(): boolean {
    return this.#standing.state === 'disabled';
  }

  breaker(now: number): BreakerState {
    return this.#breaker.state(now);
  }

  /** How many more deliveries it takes into memory. */
  room(now: number): number {
    if (this.#stopped || this.#heldUntil(now) > now) return 0;
    const taken = this.waiting + this.#reserved;
    // Half open: one is tried.
    if (this.#breaker.openUntil > 0) return Math.max(0, 1 - taken - this.#running.size);
    return Math.max(0, this.#size - taken);
  }

  /** The same for new deliveries: while older ones are due in the table, those have a share of the places. */
  roomForNew(now: number): number {
    const room = this.room(now);
    return this.#hasOlder ? room - Math.ceil(this.#size / TABLE_SHARE) : room;
  }

  /** Hears at each look whether deliveries are due in the table. */
  noteOlder(hasOlder: boolean): void {
    this.#hasOlder = hasOlder;
  }

  /** Why nothing is sent now; undefined when something may be. */
  hold(now: number): Hold | undefined {
    const state = stateAt(this.#standing, now);
    if (state === 'disabled') return { reason: 'target_disabled', until: undefined };
    if (state === 'paused') return { reason: 'target_paused', until: this.#standing.endsAt || undefined };
    if (this.#peaceUntil > now) return { reason: 'receiver_asked', until: this.#peaceUntil };
    if (this.#breaker.openUntil > now) return { reason: 'breaker_open', until: this.#breaker.openUntil };
    const spentUntil = this.#limiter?.spentUntil(now) ?? 0;
    return spentUntil > now ? { reason: 'rate_limited', until: spentUntil } : undefined;
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

  /** New sends go to the new target, which failed at nothing yet; those in flight end at the old one. */
  replace(target: OpenTarget): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#breaker.follow(target.operation.breaker);
    this.#limiter = this.#limiterOf(target);
  }

  /** Hears how the target stands. An operator's change takes back what was held against it. */
  heed(standing: TargetStanding): void {
    if (standing.version !== this.#standing.version) {
      this.#breaker.close();
      this.#peaceUntil = 0;
      this.#peaceShared = 0;
    }
    this.#peaceUntil = Math.max(this.#peaceUntil, standing.holdUntil);
    this.#peaceShared = Math.max(this.#peaceShared, standing.holdUntil);
    this.#standing = standing;
  }

  /**
   * Takes what waits out of a lane that is held for more than a moment, so that its leases can be given back:
   * it waits in the table, where others find it, and not until a lease ends.
   */
  takeBack(now: number): readonly Work[] {
    return this.waiting === 0 || this.#heldUntil(now) <= now + MOMENT_MS ? [] : this.takeAll();
  }

  /** Takes out all that waits. */
  takeAll(): readonly Work[] {
    const waiting = this.#queue.slice(this.#head);
    this.#clear();
    return waiting;
  }

  /** Goes on after a moment's hold. */
  wake(): void {
    if (this.waiting > 0) this.#pump();
  }

  /** A receiver's wish to be left in peace that the other replicas do not know of yet; Unix ms. */
  unsharedPeace(now: number): number | undefined {
    const until = this.#peaceUntil;
    if (until <= now + MOMENT_MS || until <= this.#peaceShared) return undefined;
    this.#peaceShared = until;
    return until;
  }

  /**
   * Aborts what has outlasted its time, and goes on without what ignores even that (a dead network drive): neither
   * holds a place for ever.
   */
  abortOverdue(now: number): void {
    for (const [work, running] of this.#running) {
      if (now <= running.deadline) continue;
      if (running.abort.signal.aborted) void this.#end(work, running, { kind: 'retry', reason: 'timeout' });
      else running.abort.abort();
    }
  }

  /** Begins nothing more and forgets what waits; attempts in flight go on. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  abortAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  /** Unix ms until which nothing begins; not in the future when something may. Asked for every delivery. */
  #heldUntil(now: number): number {
    const { state, endsAt } = this.#standing;
    if (state !== 'enabled' && stateAt(this.#standing, now) !== 'enabled') {
      return state === 'paused' && endsAt > 0 ? endsAt : Number.POSITIVE_INFINITY;
    }
    const held = Math.max(this.#peaceUntil, this.#breaker.openUntil);
    if (this.#limiter === undefined) return held;
    const spentUntil = this.#limiter.spentUntil(now);
    return spentUntil - now > MOMENT_MS ? Math.max(held, spentUntil) : held;
  }

  #pump(): void {
    const now = this.#context.clock.now();
    while (!this.#stopped && this.waiting > 0 && this.#running.size < this.#places(now)) {
      if (this.#limiter !== undefined && !this.#limiter.take(now)) return this.#awaitPermits(this.#limiter);
      const work = this.#next(now);
      if (work === undefined) return this.#limiter?.putBack(now);
      void this.#attempt(work, now);
    }
  }

  /** The places in memory: no more than a window of the limit lets out. */
  get #size(): number {
    return Math.min(QUEUE_MAX, this.#limiter?.rate.limit ?? QUEUE_MAX);
  }

  #places(now: number): number {
    if (this.#heldUntil(now) > now) return 0;
    return this.#breaker.openUntil > 0 ? 1 : this.#target.concurrency;
  }

  #awaitPermits(limiter: RateLimiter): void {
    const { clock } = this.#context;
    const spentUntil = limiter.spentUntil(clock.now());
    if (spentUntil === 0) {
      void limiter.refill(this.waiting).then(() => this.#pump());
    } else if (spentUntil !== this.#wakeAt) {
      this.#wakeAt = spentUntil;
      clock.after(spentUntil - clock.now(), () => this.#pump());
    }
  }

  /** The next whose lease lasts long enough; the others are left to whoever claims them next. */
  #next(now: number): Work | undefined {
    const leaseNeeded = now + this.#target.timeoutMs + SETTLE_MARGIN_MS;
    while (this.#head < this.#queue.length) {
      const work = this.#queue[this.#head++];
      if (this.#head > 256 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      if (work !== undefined && work.leaseUntil >= leaseNeeded) return work;
    }
    this.#clear();
    return undefined;
  }

  #clear(): void {
    this.#queue = [];
    this.#head = 0;
  }

  async #attempt(work: Work, startedAt: number): Promise<void> {
    const target = this.#target;
    const abort = new AbortController();
    const deadline = startedAt + target.timeoutMs + SETTLE_MARGIN_MS / 2;
    const running: Running = { startedAt, abort, deadline, hasEnded: false };
    this.#running.set(work, running);
    await this.#end(work, running, await send(target, work, abort.signal));
  }

  async #end(work: Work, running: Running, outcome: Outcome): Promise<void> {
    if (running.hasEnded) return;
    running.hasEnded = true;
    const { startedAt } = running;
    const now = this.#context.clock.now();
    const durationMs = Math.max(0, Math.round(now - startedAt));
    this.#learn(outcome, startedAt, now);
    // The place stays taken until the outcome is written: a store that is away stops the sending too.
    await this.#context.ended(this, { work, startedAt, durationMs, outcome });
    this.#running.delete(work);
    this.#pump();
  }

  /** At once, not when it is written: the next attempt must not begin before. */
  #learn(outcome: Outcome, startedAt: number, now: number): void {
    this.#breaker.record(outcome, startedAt, now);
    this.#peaceUntil = Math.max(this.#peaceUntil, now + (askedForPeaceMs(outcome) ?? 0));
  }

  #limiterOf({ id, operation: { rateLimit } }: OpenTarget): RateLimiter | undefined {
    const { limits } = this.#context;
    if (rateLimit === undefined || limits === undefined) return undefined;
    const { limit, periodMs } = this.#limiter?.rate ?? { limit: 0, periodMs: 0 };
    // The same limit goes on with what it counted.
    if (limit === rateLimit.limit && periodMs === rateLimit.periodMs) return this.#limiter;
    return new RateLimiter(id, rateLimit, limits);
  }
}
