import type { TocsinEvent } from '../events/event.ts';
import type { Matched, EventStore } from '../events/store.ts';
import type { Routing } from '../events/ingest.ts';
import { nextDelayMs } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { type DeliveryId, newDeliveryId } from '../kernel/ids.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import { StoreRefused } from '../storage/store.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';
import type { Delivery } from './delivery.ts';
import { type Ended, Lane, type Work } from './lane.ts';
import { deliveryStatements } from './statements.ts';
import { attemptRow, deliveryRow, type DeliveryStore, type Lease } from './store.ts';

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
}

/** Where an event goes: a target once, whoever chose it. */
export interface Destination {
  readonly target: string;
  readonly internal: boolean;
}

/** A delivery that is about to be written, and what to do once it is. */
export interface Planned {
  readonly id: DeliveryId;
  readonly write: Write;
  readonly committed: () => void;
  readonly dropped: () => void;
}

const POLL_MS = 500;
const CLAIM_MAX = 200;
const ANSWER_CHARS_MAX = 1_000;
/** A receiver that asks for more gets a dead letter, which can be replayed, rather than a try too soon. */
const RETRY_AFTER_MS_MAX = 7 * 86_400_000;
const RECORD_AGAIN_MS = 1_000;

/**
 * Sends deliveries. New ones come from memory right after their commit; the table is what retries, restarts
 * and other replicas claim from. At least once: between a send and its record a crash repeats it, with the
 * same delivery id.
 */
export class DeliveryEngine {
  readonly #options: EngineOptions;
  readonly #lanes = new Map<string, Lane>();
  #stopped = false;
  #polling: Promise<void> | undefined;
  #cancelPoll: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Sets the targets: new ones get a lane, changed ones new sends, removed ones no more. */
  use(targets: ReadonlyMap<string, OpenTarget>): void {
    for (const [id, lane] of this.#lanes) {
      if (targets.has(id)) continue;
      lane.stop();
      this.#lanes.delete(id);
    }
    for (const [id, target] of targets) {
      const lane = this.#lanes.get(id);
      if (lane) lane.replace(target);
      else this.#lanes.set(id, new Lane(target, this.#options.clock, (at, ended) => this.#record(at, ended)));
    }
  }

  /** The deliveries of a new event, as part of its commit. */
  route(event: TocsinEvent, matched: Matched, destinations: readonly Destination[]): Routing {
    const planned = destinations.map((destination) => this.plan(event, destination));
    return {
      matched,
      writes: planned.map(({ write }) => write),
      committed: () => {
        for (const { committed } of planned) committed();
      },
      dropped: () => {
        for (const { dropped } of planned) dropped();
      },
    };
  }

  /**
   * One new delivery. With room in memory it is born under our lease and sent as soon as it is committed;
   * without, it waits in the table for the first who has room.
   */
  plan(event: TocsinEvent, destination: Destination, replayOf?: DeliveryId): Planned {
    const { clock, owner, leaseMs } = this.#options;
    const now = clock.now();
    const delivery = {
      id: newDeliveryId(now),
      eventId: event.id,
      target: destination.target,
      internal: destination.internal,
      replayOf,
      createdAt: now,
    };
    const lane = this.#laneWithRoom(destination.target);
    const lease = lane && { owner, until: now + leaseMs };
    const write = { statement: deliveryStatements.insert.name, row: deliveryRow(delivery, lease) };
    if (lane === undefined || lease === undefined)
      return { id: delivery.id, write, committed() {}, dropped() {} };
    lane.reserve();
    const work = {
      deliveryId: delivery.id,
      event,
      internal: delivery.internal,
      attempts: 0,
      leaseUntil: lease.until,
    };
    return {
      id: delivery.id,
      write,
      committed: () => lane.unreserve(work),
      dropped: () => lane.unreserve(undefined),
    };
  }

  /** Whether there is such a target now. */
  has(target: string): boolean {
    return this.#lanes.has(target);
  }

  start(): void {
    if (this.#options.sends) this.#schedulePoll(0);
  }

  /** Begins nothing more, waits up to `graceMs` for what is in flight, gives the leases of the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelPoll?.();
    await this.#polling;
    for (const lane of this.#lanes.values()) lane.stop();
    const { clock } = this.#options;
    const deadline = clock.now() + graceMs;
    while (this.inFlight > 0 && clock.now() < deadline) await pause(clock, 20);
    for (const lane of this.#lanes.values()) lane.abortAll();
    while (this.inFlight > 0 && clock.now() < deadline + 2_000) await pause(clock, 20);
    if (this.#options.sends) await this.#giveLeasesBack();
  }

  /** Attempts under way. */
  get inFlight(): number {
    let total = 0;
    for (const lane of this.#lanes.values()) total += lane.inFlight;
    return total;
  }

  #laneWithRoom(target: string): Lane | undefined {
    if (!this.#options.sends || this.#stopped) return undefined;
    const lane = this.#lanes.get(target);
    return lane !== undefined && lane.room > 0 ? lane : undefined;
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
      for (const lane of this.#lanes.values()) lane.abortOverdue(now);
      await this.#takeOver(now);
      for (const target of await deliveries.dueTargets(now)) {
        const lane = this.#laneWithRoom(target);
        if (lane === undefined) continue;
        const limit = Math.min(lane.room, CLAIM_MAX);
        const taken = await this.#claim(lane, limit);
        more ||= taken === limit && lane.room > 0;
      }
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'the store did not answer; due deliveries wait');
    }
    return more;
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
    const { journal, clock, log } = this.#options;
    const writes = this.#writes(lane, ended);
    for (;;) {
      try {
        await journal.submit([{ writes }]);
        return;
      } catch (error) {
        log.error(
          { 'tocsin.delivery.id': ended.work.deliveryId, reason: errorText(error) },
          'an outcome is not recorded',
        );
        // What the store refuses it will always refuse; the lease's end brings the delivery back.
        if (this.#stopped || error instanceof StoreRefused) return;
        await pause(clock, RECORD_AGAIN_MS);
      }
    }
  }

  #writes(lane: Lane, { work, startedAt, durationMs, outcome }: Ended): Write[] {
    const number = work.attempts + 1;
    const now = this.#options.clock.now();
    const settled = settlement(outcome, lane.target, number, now);
    if (settled.status === 'dead') this.#warnDead(lane, work, settled.reason);
    return [
      {
        statement: deliveryStatements.settle.name,
        row: [
          work.deliveryId,
          settled.status,
          number,
          settled.reason ?? null,
          settled.nextAttemptAt,
          settled.status === 'pending' ? null : now,
        ],
      },
      {
        statement: deliveryStatements.insertAttempt.name,
        row: attemptRow({
          deliveryId: work.deliveryId,
          number,
          startedAt,
          durationMs,
          outcome: outcome.kind,
          reason: outcome.kind === 'delivered' ? undefined : outcome.reason,
          status: outcome.status,
          answer: outcome.answer?.slice(0, ANSWER_CHARS_MAX),
        }),
      },
    ];
  }

  #warnDead(lane: Lane, work: Work, reason: string | undefined): void {
    this.#options.log.warn(
      {
        'tocsin.delivery.id': work.deliveryId,
        'tocsin.event.id': work.event.id,
        'tocsin.target.id': lane.target.id,
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

interface Settlement {
  readonly status: Delivery['status'];
  readonly reason: Delivery['reason'];
  readonly nextAttemptAt: number;
}

/** What an outcome makes of the delivery. `attempts` includes this one. */
export function settlement(
  outcome: Outcome,
  target: Pick<OpenTarget, 'retry'>,
  attempts: number,
  now: number,
  random?: () => number,
): Settlement {
  if (outcome.kind === 'delivered') return { status: 'delivered', reason: undefined, nextAttemptAt: now };
  if (outcome.kind === 'rejected') return { status: 'dead', reason: outcome.reason, nextAttemptAt: now };
  if ((outcome.retryAfterMs ?? 0) > RETRY_AFTER_MS_MAX) {
    return { status: 'dead', reason: 'retry_after_too_long', nextAttemptAt: now };
  }
  const delay = nextDelayMs(target.retry, attempts, outcome.retryAfterMs, random);
  return delay === undefined
    ? { status: 'dead', reason: 'attempts_exhausted', nextAttemptAt: now }
    : { status: 'pending', reason: outcome.reason, nextAttemptAt: now + delay };
}

const toWork = (delivery: Delivery, event: TocsinEvent, lease: Lease): Work => ({
  deliveryId: delivery.id,
  event,
  internal: delivery.internal,
  attempts: delivery.attempts,
  leaseUntil: lease.until,
});

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));
