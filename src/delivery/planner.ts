import type { TocsinEvent } from '../events/event.ts';
import type { Routing } from '../events/ingest.ts';
import type { Matched } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { type DeliveryId, newDeliveryId } from '../kernel/ids.ts';
import type { Write } from '../storage/statement.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { deliveryStatements } from './statements.ts';
import { deliveryRow, type Lease, markedRow } from './store.ts';

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

export interface PlannerOptions {
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  /** How many new deliveries a lane takes into memory now. */
  readonly roomOf: (lane: Lane, now: number) => number;
}

type New = Parameters<typeof deliveryRow>[0];
const nothing = (): void => {};

/** Makes the rows of new deliveries. */
export class Planner {
  readonly #options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /** The deliveries of a new event, as part of its commit. */
  route(event: TocsinEvent, matched: Matched, destinations: readonly Destination[]): Routing {
    const planned = destinations.map((destination) => this.plan(event, destination));
    this.#addStandIns(event, destinations, planned);
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
   * without, it waits in the table for the first who has room. For a disabled target it is born skipped.
   */
  plan(
    event: TocsinEvent,
    { target, internal }: Destination,
    replayOf?: DeliveryId,
    fallbackOf?: DeliveryId,
  ): Planned {
    const { clock, owner, leaseMs, lanes, roomOf } = this.#options;
    const now = clock.now();
    const id = newDeliveryId(now);
    const delivery = { id, eventId: event.id, target, internal, replayOf, createdAt: now };
    const lane = lanes.get(target);
    if (lane?.isDisabled === true) return skipped(delivery, fallbackOf);
    const isWaiting = lane === undefined || roomOf(lane, now) <= 0;
    const lease = isWaiting ? undefined : { owner, until: now + leaseMs };
    const write = pendingWrite(delivery, lease, fallbackOf);
    if (isWaiting || lease === undefined) return { id, write, committed: nothing, dropped: nothing };
    lane.reserve();
    const work = { deliveryId: id, event, internal, attempts: 0, leaseUntil: lease.until };
    return {
      id,
      write,
      committed: () => lane.unreserve(work),
      dropped: () => lane.unreserve(undefined),
    };
  }

  /** In the stead of targets that are disabled, in the same commit; nobody is told twice. */
  #addStandIns(event: TocsinEvent, destinations: readonly Destination[], planned: Planned[]): void {
    const { lanes } = this.#options;
    if (!destinations.some(({ target }) => lanes.isDisabled(target))) return;
    const told = new Set<string>();
    for (const [index, { target, internal }] of destinations.entries()) {
      if (!lanes.isDisabled(target)) continue;
      const standIn = lanes.standInOf(target);
      if (standIn === undefined || told.has(standIn)) continue;
      if (destinations.some((other) => other.target === standIn)) continue;
      told.add(standIn);
      planned.push(this.plan(event, { target: standIn, internal }, undefined, planned[index]?.id));
    }
  }
}

function skipped(delivery: New, fallbackOf: DeliveryId | undefined): Planned {
  const mark = { status: 'skipped', reason: 'target_disabled', fallbackOf } as const;
  const row = markedRow(delivery, undefined, mark);
  const write = { statement: deliveryStatements.insertMarked.name, row };
  return { id: delivery.id, write, committed: nothing, dropped: nothing };
}

function pendingWrite(delivery: New, lease: Lease | undefined, fallbackOf: DeliveryId | undefined): Write {
  if (fallbackOf === undefined) {
    return { statement: deliveryStatements.insert.name, row: deliveryRow(delivery, lease) };
  }
  const row = markedRow(delivery, lease, { status: 'pending', reason: undefined, fallbackOf });
  return { statement: deliveryStatements.insertMarked.name, row };
}
