import type { Clock } from '../../kernel/clock.ts';
import { type EventId, idLowerBound, idMs } from '../../kernel/ids.ts';
import { OVERLAP_MS } from '../search/index-store.ts';
import type { EventStore, ListedEvent } from '../store.ts';

/** What came since the last look. */
export interface Arrivals {
  /** In the order of their ids. */
  readonly fresh: readonly ListedEvent[];
  /** Overtaken by events that came before; they sort in between those. */
  readonly late: readonly ListedEvent[];
  /** There were more than anybody could follow: they are left out. */
  readonly isCut: boolean;
}

const BATCH = 500;
const BATCHES_MAX = 4;
/** Of the latest events so many are remembered, to tell late ones from those already told. */
const REMEMBERED_MAX = 10_000;
const LATE_EVERY_MS = 1_000;

/**
 * The end of the list of events, followed by id. Ids are made before the commit, and commits overtake each other: so
 * the last ten seconds are looked through now and then for what was not there before.
 */
export class Tail {
  readonly #events: EventStore;
  readonly #clock: Clock;
  #front: EventId;
  #known = new Set<EventId>();
  #lookedAt: number;

  private constructor(events: EventStore, clock: Clock, front: EventId) {
    this.#events = events;
    this.#clock = clock;
    this.#front = front;
    this.#lookedAt = clock.now();
  }

  /** From the newest event on. */
  static async open(events: EventStore, clock: Clock): Promise<Tail> {
    const front = (await events.newest()) ?? idLowerBound('evt', 0);
    const tail = new Tail(events, clock, front);
    tail.#known = new Set(await tail.#recent());
    return tail;
  }

  /** The newest event that was told of. */
  get front(): EventId {
    return this.#front;
  }

  async look(): Promise<Arrivals> {
    const late = await this.#late();
    const fresh: ListedEvent[] = [];
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const more = await this.#events.listAfter({}, BATCH, this.#front);
      fresh.push(...more);
      this.#front = more.at(-1)?.id ?? this.#front;
      if (more.length < BATCH) {
        for (const { id } of fresh) this.#known.add(id);
        return { fresh, late, isCut: false };
      }
    }
    this.#front = (await this.#events.newest()) ?? this.#front;
    this.#known = new Set(await this.#recent());
    return { fresh, late, isCut: true };
  }

  async #late(): Promise<readonly ListedEvent[]> {
    const now = this.#clock.now();
    if (now - this.#lookedAt < LATE_EVERY_MS) return [];
    this.#lookedAt = now;
    const recent = await this.#recent();
    const late = recent.filter((id) => !this.#known.has(id));
    this.#known = new Set(recent);
    const found = await this.#events.listAmong(late, {}, late.length);
    return found.toReversed();
  }

  /** Ids up to the front. A clock that is ahead does not hide what comes with the right time. */
  #recent(): Promise<EventId[]> {
    const from = Math.min(idMs(this.#front), this.#clock.now()) - OVERLAP_MS;
    return this.#events.idsBetween(idLowerBound('evt', from), this.#front, REMEMBERED_MAX);
  }
}
