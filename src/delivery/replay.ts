import { type AuditEntry, auditWrite } from '../access/audit.ts';
import type { TocsinEvent } from '../events/event.ts';
import type { EventStore } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DeliveryId, EventId } from '../kernel/ids.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import type { Journal } from '../storage/journal.ts';
import type { Write } from '../storage/statement.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryEngine, Planned } from './engine.ts';
import { deliveryStatements } from './statements.ts';
import type { DeliveryFilter, DeliveryStore } from './store.ts';

/** Rows of one transaction of a bulk replay: short enough to let new events in between. */
const PAGE = 200;

/** What a bulk replay did. */
export interface BulkReplay {
  readonly matched: number;
  readonly replayed: number;
}

export interface ReplayOptions {
  readonly journal: Journal;
  readonly events: EventStore;
  readonly deliveries: DeliveryStore;
  readonly engine: DeliveryEngine;
  readonly clock: Clock;
  /** The targets that today's rules choose: for an event that went nowhere. */
  readonly decide: (event: TocsinEvent) => readonly string[];
}

/** Deliveries that are written together, behind a guard or without one. */
interface Step {
  readonly guard?: Write;
  readonly planned: readonly Planned[];
  /** What else belongs in the same commit. */
  readonly also?: readonly Write[];
}

/** Sends again: a replay is a new delivery of the same event, with an id of its own and `replayOf`. */
export class Replay {
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** Repeats one delivery, whatever became of it. */
  async delivery(id: DeliveryId, actor: Actor): Promise<DeliveryId> {
    const delivery = await this.#options.deliveries.get(id);
    if (delivery === undefined) throw new Problem('not_found', 'There is no delivery with this id.');
    this.#requireTargets([delivery.target]);
    const event = await this.#options.events.get(delivery.eventId);
    if (event === undefined)
      throw new Problem('conflict', 'Its event is past retention: nothing is left to send.');
    const planned = this.#plan(event, delivery);
    const audit = this.#audit(actor, 'delivery.replay', id, { replayedAs: planned.id });
    const mark = { statement: deliveryStatements.replaceReplayed.name, row: [id, planned.id] };
    await this.#submit([{ planned: [planned], also: [mark, auditWrite(audit)] }]);
    return planned.id;
  }

  /** Sends an event again: to `targets`, else to those it went to, else to those that today's rules choose. */
  async event(id: EventId, targets: readonly string[] | undefined, actor: Actor): Promise<DeliveryId[]> {
    const event = await this.#options.events.get(id);
    if (event === undefined) throw new Problem('not_found', 'There is no event with this id.');
    const destinations = await this.#destinations(event, targets);
    this.#requireTargets(destinations.map(({ target }) => target));
    const planned = destinations.map(({ target, internal, replayOf }) =>
      this.#options.engine.plan(event, { target, internal }, replayOf),
    );
    const ids = planned.map((one) => one.id);
    const audit = this.#audit(actor, 'event.replay', id, { deliveries: ids });
    await this.#submit([{ planned, also: [auditWrite(audit)] }]);
    return ids;
  }

  /** How many deliveries `many` would repeat. */
  count(filter: DeliveryFilter): Promise<number> {
    return this.#options.deliveries.count({ ...filter, notReplayed: true });
  }

  /**
   * Repeats, oldest last, every delivery that matches and was not repeated yet, `limit` at most. Cut short
   * by a crash and asked for again it goes on with the rest: what was repeated is marked in the same commit.
   */
  async many(filter: DeliveryFilter, limit: number, actor: Actor): Promise<BulkReplay> {
    const matched = await this.count(filter);
    let replayed = 0;
    let after: DeliveryId | undefined;
    while (replayed < limit) {
      const page = await this.#options.deliveries.list(
        { ...filter, notReplayed: true },
        Math.min(PAGE, limit - replayed),
        after,
      );
      after = page.at(-1)?.id;
      if (after === undefined) break;
      replayed += await this.#page(page, filter, actor);
    }
    return { matched, replayed };
  }

  async #page(page: readonly Delivery[], filter: DeliveryFilter, actor: Actor): Promise<number> {
    const { engine, events } = this.#options;
    const known = page.filter(({ target }) => engine.has(target) && !engine.isDisabled(target));
    const found = await events.getMany([...new Set(known.map((delivery) => delivery.eventId))]);
    const pairs = known.flatMap((delivery) => {
      const event = found.get(delivery.eventId);
      return event === undefined ? [] : [{ delivery, planned: this.#plan(event, delivery) }];
    });
    if (pairs.length === 0) return 0;
    const audit = this.#audit(actor, 'delivery.replay_many', 'deliveries', { filter, count: pairs.length });
    return this.#submit([
      ...pairs.map(({ delivery, planned }) => ({
        guard: { statement: deliveryStatements.markReplayed.name, row: [delivery.id, planned.id] },
        planned: [planned],
      })),
      { planned: [], also: [auditWrite(audit)] },
    ]);
  }

  #plan(event: TocsinEvent, delivery: Delivery): Planned {
    return this.#options.engine.plan(
      event,
      { target: delivery.target, internal: delivery.internal },
      delivery.id,
    );
  }

  /** Commits, then lets go of the deliveries whose step passed its guard; returns how many did. */
  async #submit(steps: readonly Step[]): Promise<number> {
    let passed: readonly boolean[] = [];
    try {
      passed = await this.#options.journal.submit(
        steps.map(({ guard, planned, also = [] }) => ({
          ...(guard === undefined ? {} : { guard }),
          writes: [...planned.map(({ write }) => write), ...also],
        })),
      );
    } finally {
      for (const [index, { planned }] of steps.entries()) {
        for (const one of planned) {
          if (passed[index] === true) one.committed();
          else one.dropped();
        }
      }
    }
    return steps.filter((_, index) => passed[index]).flatMap(({ planned }) => planned).length;
  }

  async #destinations(event: TocsinEvent, targets: readonly string[] | undefined) {
    const past = await this.#options.deliveries.list({ event: event.id }, 1_000);
    const newest = new Map(past.toReversed().map((delivery) => [delivery.target, delivery]));
    const wanted = targets ?? (newest.size > 0 ? [...newest.keys()] : this.#options.decide(event));
    if (wanted.length === 0) throw new Problem('conflict', 'No rule takes this event: name its targets.');
    return wanted.map((target) => ({
      target,
      internal: newest.get(target)?.internal ?? false,
      replayOf: newest.get(target)?.id,
    }));
  }

  #requireTargets(targets: readonly string[]): void {
    const missing = targets.filter((target) => !this.#options.engine.has(target));
    if (missing.length > 0) throw new Problem('conflict', `There is no target ${missing.join(', ')} now.`);
    const disabled = targets.filter((target) => this.#options.engine.isDisabled(target));
    if (disabled.length > 0)
      throw new Problem(
        'conflict',
        `Disabled: ${disabled.join(', ')}. Enable it first, or name other targets.`,
      );
  }

  #audit(actor: Actor, action: string, subject: string, after: unknown): AuditEntry {
    return { at: this.#options.clock.now(), actor: actor.id, action, subject, after };
  }
}
