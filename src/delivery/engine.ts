import type { TocsinEvent } from '../events/event.ts';
import type { Matched, EventStore } from '../events/store.ts';
import type { OwnEvent, Routing } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import { StoreRefused } from '../storage/store.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';
import { BreakerLog } from './breaker-log.ts';
import type { Delivery } from './delivery.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import { type OutcomeGroup, outcomeGroup } from './outcome-writes.ts';
import { type Destination, type Planned, Planner } from './planner.ts';
import type { LimiterContext } from './rate-limiter.ts';
import { deliveryStatements } from './statements.ts';
import type { DeliveryStore, Lease } from './store.ts';
import type { Hold, TargetStanding } from './target-standing.ts';
import { targetStatements } from './target-statements.ts';
import type { Ended, Work } from './work.ts';

export type { Destination, Planned } from './planner.ts';

export interface EngineOptions {
  readonly journal: Journal;
  readonly deliveries: DeliveryStore;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Names this process in leases; another on every start. */
  readonly owner: string;
  /** How long a delivery taken into memory is this process's alone. */
  readonly leaseMs: number;
  /** Whether this process sends (role `deliver`), or only writes deliveries for others. */
  readonly sends: boolean;
  /** Undefined: targets' rate limits do not hold. */
  readonly limits?: LimiterContext;
  /** Hears of every attempt that ended. */
  readonly tried?: (target: string, ended: Ended) => void;
  /** Hears what every attempt made of its delivery, once that is written down. */
  readonly written?: (target: string, work: Work, status: Delivery['status']) => void;
  /** What belongs into the commit in which a receiver says that it is gone for good; undefined: nothing. */
  readonly gone?: (target: OpenTarget) => OwnEvent | undefined;
}

const POLL_MS = 500;
const CLAIM_MAX = 200;
const RECORD_AGAIN_MS = 1_000;

/**
 * Sends deliveries. New ones come from memory right after their commit; the table is what retries, restarts
 * and other replicas claim from. At least once: between a send and its record a crash repeats it, with the
 * same delivery id.
 */
export class DeliveryEngine {
  readonly #options: EngineOptions;
  readonly #lanes: Lanes;
  readonly #planner: Planner;
  readonly #breakers: BreakerLog;
  /** Taken out of memory, their leases still to be given back. */
  #returning: DeliveryId[] = [];
  #stopped = false;
  #polling: Promise<void> | undefined;
  #cancelPoll: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#breakers = new BreakerLog(options.log);
    this.#lanes = new Lanes({
      clock: options.clock,
      limits: options.limits,
      ended: (lane, ended) => this.#record(lane, ended),
    });
    this.#planner = new Planner({
      lanes: this.#lanes,
      clock: options.clock,
      owner: options.owner,
      leaseMs: options.leaseMs,
      roomOf: (lane, now) => (this.#isSending ? lane.roomForNew(now) : 0),
    });
  }

  /** Sets the targets: new ones get a lane, changed ones new sends, removed ones no more. */
  use(targets: ReadonlyMap<string, OpenTarget>): void {
    this.#lanes.use(targets);
  }

  /** Hears how a target stands, again and again. */
  heed(standing: TargetStanding): void {
    this.#lanes.heed(standing);
  }

  /** The deliveries of a new event, as part of its commit. */
  route(event: TocsinEvent, matched: Matched, destinations: readonly Destination[]): Routing {
    return this.#planner.route(event, matched, destinations);
  }

  /** One new delivery, for a commit of the caller's. */
  plan(event: TocsinEvent, destination: Destination, replayOf?: DeliveryId): Planned {
    return this.#planner.plan(event, destination, replayOf);
  }

  /** Whether there is such a target now. */
  has(target: string): boolean {
    return this.#lanes.has(target);
  }

  /** Whether new deliveries for it are skipped. */
  isDisabled(target: string): boolean {
    return this.#lanes.isDisabled(target);
  }

  /** Why this process sends nothing to a target now; undefined when something may be sent. */
  holdOf(target: string): Hold | undefined {
    return this.#lanes.holdOf(target);
  }

  /** What this process has of a target's deliveries: waiting in memory, and under way. */
  loadOf(target: string): { readonly waiting: number; readonly inFlight: number } {
    const lane = this.#lanes.get(target);
    return { waiting: lane?.waiting ?? 0, inFlight: lane?.inFlight ?? 0 };
  }

  /** Until when this process's breaker is open; 0 while it is closed. Unix ms. */
  breakerUntil(target: string): number {
    return this.#lanes.get(target)?.breakerUntil ?? 0;
  }

  start(): void {
    if (this.#options.sends) this.#schedulePoll(0);
  }

  /** Begins nothing more, waits up to `graceMs` for what is in flight, gives the leases of the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelPoll?.();
    await this.#polling;
    for (const lane of this.#lanes) lane.stop();
    const { clock } = this.#options;
    const deadline = clock.now() + graceMs;
    while (this.#lanes.inFlight > 0 && clock.now() < deadline) await pause(clock, 20);
    for (const lane of this.#lanes) lane.abortAll();
    while (this.#lanes.inFlight > 0 && clock.now() < deadline + 2_000) await pause(clock, 20);
    if (this.#options.sends) await this.#giveLeasesBack();
  }

  get #isSending(): boolean {
    return this.#options.sends && !this.#stopped;
  }

  #roomOf(lane: Lane, now: number): number {
    return this.#isSending ? lane.room(now) : 0;
  }

  #schedulePoll(delayMs: number): void {
    this.#cancelPoll = this.#options.clock.after(delayMs, () => {
      this.#polling = this.#poll().then((more) => {
        this.#polling = undefined;
        if (!this.#stopped) this.#schedulePoll(more ? 0 : POLL_MS);
      });
    });
  }

  /** Takes up what is due. True when a lane took as much as it could ask for, so that more may be waiting. */
  async #poll(): Promise<boolean> {
    const { clock, deliveries, log } = this.#options;
    let more = false;
    try {
      const now = clock.now();
      for (const lane of this.#lanes) this.#look(lane, now);
      await this.#giveBack();
      await this.#takeOver(now);
      const due = await deliveries.dueTargets(now);
      for (const lane of this.#lanes) lane.noteOlder(false);
      for (const target of due) this.#lanes.get(target)?.noteOlder(true);
      for (const target of due) {
        const lane = this.#lanes.get(target);
        const limit = lane === undefined ? 0 : Math.min(this.#roomOf(lane, clock.now()), CLAIM_MAX);
        if (this.#lanes.isNewlyMissing(target)) this.#warnMissing(target);
        if (lane === undefined || limit === 0) continue;
        const taken = await this.#claim(lane, limit);
        more ||= taken === limit && this.#roomOf(lane, clock.now()) > 0;
      }
    } catch (error) {
      // Others may take us for dead now and send what we have leased: what waits is claimed anew, or is theirs.
      for (const lane of this.#lanes) this.#return(lane.takeAll());
      log.warn({ reason: errorText(error) }, 'the store did not answer; due deliveries wait');
    }
    return more;
  }

  #warnMissing(target: string): void {
    this.#options.log.warn(
      { 'tocsin.target.id': target },
      'deliveries wait for a target that is not configured; configure it again, or replay their events to another',
    );
  }

  /** What waits for a target that is held waits in the table. */
  #look(lane: Lane, now: number): void {
    lane.abortOverdue(now);
    lane.wake();
    this.#return(lane.takeBack(now));
  }

  #return(waiting: readonly Work[]): void {
    for (const { deliveryId } of waiting) this.#returning.push(deliveryId);
  }

  async #giveBack(): Promise<void> {
    if (this.#returning.length === 0) return;
    await this.#options.deliveries.giveBack(this.#options.owner, this.#returning);
    this.#returning = [];
  }

  async #takeOver(now: number): Promise<void> {
    const ended = await this.#options.deliveries.releaseEnded(this.#options.owner, now);
    if (ended.length > 0)
      this.#options.log.warn({ processes: ended.length }, 'took over from a process that ended');
  }

  async #claim(lane: Lane, limit: number): Promise<number> {
    const { clock, deliveries, events, owner, leaseMs } = this.#options;
    const now = clock.now();
    const lease: Lease = { owner, until: now + leaseMs };
    const claimed = await deliveries.claim(lane.target.id, limit, now, lease);
    const found = await events.getMany([...new Set(claimed.map((delivery) => delivery.eventId))]);
    for (const delivery of claimed) {
      const event = found.get(delivery.eventId);
      const work = event && toWork(delivery, event, lease);
      if (work === undefined) await this.#cancel(delivery);
      // Its lease ran out while the store was away, and its outcome is still to be written: that settles it.
      else if (!lane.isSending(delivery.id)) lane.push(work);
    }
    return claimed.length;
  }

  /** Its event is gone (retention): there is nothing left to send. */
  async #cancel(delivery: Delivery): Promise<void> {
    const now = this.#options.clock.now();
    const row = [delivery.id, 'dead', delivery.attempts, 'cancelled', now, now];
    await this.#options.journal.submit([{ writes: [{ statement: deliveryStatements.settle.name, row }] }]);
  }

  /**
   * Writes the outcome down, again and again while the store is away: it has happened, and forgetting it
   * would send twice. At stop it gives up, and the lease's end brings the delivery back.
   */
  async #record(lane: Lane, ended: Ended): Promise<void> {
    const { journal, clock, log, tried } = this.#options;
    tried?.(lane.target.id, ended);
    const { outcome } = ended;
    this.#breakers.note(lane.target, lane.breakerUntil, 'reason' in outcome ? outcome.reason : undefined);
    const gone = isGone(outcome) ? this.#options.gone?.(lane.target) : undefined;
    const { group, status } = this.#groupOf(lane, ended);
    const groups = [group, ...(gone === undefined ? [] : [gone.group])];
    for (;;) {
      try {
        const [, passed] = await journal.submit(groups);
        gone?.ended(passed === true);
        this.#options.written?.(lane.target.id, ended.work, status);
        return;
      } catch (error) {
        log.error(
          { 'tocsin.delivery.id': ended.work.deliveryId, reason: errorText(error) },
          'an outcome is not recorded',
        );
        // What the store refuses it will always refuse; the lease's end brings the delivery back.
        if (this.#stopped || error instanceof StoreRefused) return gone?.ended(false);
        await pause(clock, RECORD_AGAIN_MS);
      }
    }
  }

  #groupOf(lane: Lane, ended: Ended): Pick<OutcomeGroup, 'group' | 'status'> {
    const now = this.#options.clock.now();
    const { id } = lane.target;
    const standIn = this.#lanes.standInOf(id);
    const fallback = standIn && { target: standIn, isDisabled: this.isDisabled(standIn) };
    const { group, status, deadFor } = outcomeGroup(ended, lane.target, fallback || undefined, now);
    if (deadFor !== undefined) this.#warnDead(id, ended.work, deadFor);
    const until = lane.unsharedPeace(now);
    if (until === undefined) return { group, status };
    const hold = { statement: targetStatements.hold.name, row: [id, until] };
    return { group: { ...group, writes: [...group.writes, hold] }, status };
  }

  #warnDead(target: string, work: Work, reason: string): void {
    this.#options.log.warn(
      {
        'tocsin.delivery.id': work.deliveryId,
        'tocsin.event.id': work.event.id,
        'tocsin.target.id': target,
        reason,
      },
      'a delivery is a dead letter; replay it once its target is mended',
    );
  }

  async #giveLeasesBack(): Promise<void> {
    try {
      await this.#options.deliveries.release(this.#options.owner);
    } catch (error) {
      this.#options.log.warn(
        { reason: errorText(error) },
        'leases were not given back; they end by themselves',
      );
    }
  }
}

const isGone = (outcome: Outcome): boolean => outcome.kind === 'rejected' && outcome.reason === 'gone';

const toWork = (delivery: Delivery, event: TocsinEvent, lease: Lease): Work => ({
  deliveryId: delivery.id,
  event,
  internal: delivery.internal,
  attempts: delivery.attempts,
  leaseUntil: lease.until,
});

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
