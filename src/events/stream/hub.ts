import { Readable } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import type { DeliveryId, EventId } from '../../kernel/ids.ts';
import { errorText, type Logger } from '../../kernel/log.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Signals } from '../../storage/store.ts';
import type { TocsinEvent } from '../event.ts';
import type { EventStore, ListedEvent } from '../store.ts';
import { toEventSummary } from '../wire.ts';
import { message, opening } from './message.ts';
import { gapText, type Past, Subscriber, type SubscriberOptions } from './subscriber.ts';
import { Tail } from './tail.ts';
import { fits } from './traits.ts';

export interface HubOptions {
  readonly events: EventStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between the processes on one database; undefined where there is one. */
  readonly signals: Signals | undefined;
  /** At the latest, something is sent so often. */
  readonly heartbeatMs: number;
}

export interface StreamRequest extends SubscriberOptions {
  /** The last event that the client has; what came after it is sent first. */
  readonly after: EventId | 'unknown' | undefined;
}

const STREAMS_MAX = 200;
const STREAMS_PER_ACTOR_MAX = 10;
const FULL_RETRY_SECONDS = 30;
/** Events told of a client's absence; more are a gap, and a list does better. */
const PAST_MAX = 1_000;
const PAST_PAGE = 100;
const LOOK_EVERY_MS = 100;
const TICK_MS = 1_000;
const CHECK_EVERY_MS = 15_000;
const CLIENT_RETRY_MS = 2_000;

/**
 * The open streams of this process. A commit, here or elsewhere, only says that there is more; one look into the store
 * serves all streams, and while there are none there is nothing to do.
 */
export class StreamHub {
  readonly #options: HubOptions;
  readonly #subscribers = new Set<Subscriber>();
  #tail: Promise<Tail> | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #lookedAt = 0;
  #cancelLook: (() => void) | undefined;
  #cancelTick: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #stopped = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** After a commit with new events in this process. */
  committed(): void {
    this.#options.signals?.announce();
    this.#wake();
  }

  /** After what an attempt of this process made of a delivery was written down. */
  settled(deliveryId: DeliveryId, event: TocsinEvent, target: string, status: string): void {
    if (this.#subscribers.size === 0) return;
    const now = this.#options.clock.now();
    const data = { id: deliveryId, event: event.id, target, status };
    const text = message({ event: 'delivery', data });
    for (const one of this.#subscribers)
      if (fits({ ...event, unrouted: false }, one.filter)) one.send({ id: undefined, text }, now);
  }

  /** Clients that listen. */
  get clients(): number {
    return this.#subscribers.size;
  }

  /** Throws a Problem when there are too many already. */
  async open(request: StreamRequest): Promise<Readable> {
    // It ends at once, and its client comes back to another process.
    if (this.#stopped) return Readable.from([opening(CLIENT_RETRY_MS)]);
    this.#mustHaveRoom(request.actorId);
    const { clock } = this.#options;
    const subscriber = new Subscriber(request, clock.now());
    // At once: what is asked for meanwhile counts against the same room.
    this.#subscribers.add(subscriber);
    subscriber.body.once('close', () => this.#drop(subscriber));
    try {
      const tail = await this.#follow();
      await this.#begin(subscriber, request, tail.front);
      return subscriber.body;
    } catch (error) {
      subscriber.body.destroy();
      this.#drop(subscriber);
      throw error;
    }
  }

  /** Ends all streams: their clients come back, to another process perhaps. */
  stop(): void {
    this.#stopped = true;
    for (const subscriber of this.#subscribers) subscriber.end();
    this.#rest();
  }

  #mustHaveRoom(actorId: string): void {
    const own = [...this.#subscribers].filter((subscriber) => subscriber.actorId === actorId).length;
    const detail =
      own >= STREAMS_PER_ACTOR_MAX
        ? `A token has ${STREAMS_PER_ACTOR_MAX} streams at most: end one.`
        : this.#subscribers.size >= STREAMS_MAX
          ? 'There are as many streams as this process takes. Try again later.'
          : undefined;
    if (detail === undefined) return;
    throw new Problem('too_many_requests', detail, { retryAfterSeconds: FULL_RETRY_SECONDS });
  }

  #drop(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#rest();
  }

  #follow(): Promise<Tail> {
    const { events, clock, signals } = this.#options;
    if (this.#tail === undefined) {
      const opened = Tail.open(events, clock);
      this.#tail = opened;
      // A store that is away now is asked again by the next who comes.
      opened.catch(() => (this.#tail = this.#tail === opened ? undefined : this.#tail));
      this.#unlisten ??= signals?.listen(() => this.#wake());
      this.#tick();
    }
    return this.#tail;
  }

  /** Nobody listens any more. */
  #rest(): void {
    this.#cancelTick?.();
    this.#cancelLook?.();
    this.#unlisten?.();
    this.#tail = this.#cancelTick = this.#cancelLook = this.#unlisten = undefined;
  }

  async #begin(subscriber: Subscriber, { after, filter }: StreamRequest, front: EventId): Promise<void> {
    const { events } = this.#options;
    const first = opening(CLIENT_RETRY_MS);
    if (after === undefined) return subscriber.begin(first, nothing);
    if (after === 'unknown') return subscriber.begin(first + gapText('unknown_id'), nothing);
    const missed = await events.countAfter(filter, PAST_MAX + 1, after);
    if (missed > PAST_MAX) return subscriber.begin(first + gapText('too_many'), nothing);
    subscriber.begin(first, pastOf(events, filter, after, front));
  }

  #wake(): void {
    if (this.#tail === undefined || this.#stopped) return;
    if (this.#looking !== undefined) this.#lookAgain = true;
    else if (this.#cancelLook === undefined) {
      const { clock } = this.#options;
      const wait = Math.max(0, this.#lookedAt + LOOK_EVERY_MS - clock.now());
      this.#cancelLook = clock.after(wait, () => this.#look());
    }
  }

  #look(): void {
    this.#cancelLook = undefined;
    this.#lookedAt = this.#options.clock.now();
    this.#lookAgain = false;
    this.#looking = this.#tell().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.#wake();
    });
  }

  async #tell(): Promise<void> {
    const { clock, log } = this.#options;
    try {
      const tail = await this.#tail;
      const arrivals = await tail?.look();
      if (arrivals === undefined) return;
      for (const event of arrivals.late) this.#send(event, false);
      for (const event of arrivals.fresh) this.#send(event, true);
      if (arrivals.isCut) for (const one of this.#subscribers) one.gap('too_many', clock.now());
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'the streams wait for the store');
    }
  }

  #send(event: ListedEvent, isInOrder: boolean): void {
    const now = this.#options.clock.now();
    let text: string | undefined;
    for (const subscriber of this.#subscribers) {
      if (!fits(event, subscriber.filter)) continue;
      text ??= textOf(event, isInOrder);
      subscriber.send({ id: event.id, text }, now);
    }
  }

  /** Looks for what nobody announced or came late, keeps connections alive, and asks who still may listen. */
  #tick(): void {
    this.#cancelTick = this.#options.clock.after(TICK_MS, () => {
      const now = this.#options.clock.now();
      for (const subscriber of this.#subscribers) this.#attend(subscriber, now);
      if (this.#tail === undefined) return;
      this.#wake();
      this.#tick();
    });
  }

  #attend(subscriber: Subscriber, now: number): void {
    if (now - subscriber.sentAt >= this.#options.heartbeatMs) subscriber.heartbeat(now);
    if (now - subscriber.checkedAt < CHECK_EVERY_MS) return;
    subscriber.checkedAt = now;
    void subscriber.stillMay().then(
      (may) => (may ? undefined : subscriber.end()),
      // The store does not say; it is asked again before the minute is over.
      () => undefined,
    );
  }
}

const nothing: Past = async () => undefined;

/** The events behind `after`, up to the one from which the stream goes on by itself. */
function pastOf(events: EventStore, filter: StreamRequest['filter'], after: EventId, front: EventId): Past {
  let cursor: EventId | undefined = after;
  return async () => {
    if (cursor === undefined) return undefined;
    const page = await events.listAfter(filter, PAST_PAGE, cursor);
    const past = page.filter(({ id }) => id <= front);
    cursor = past.length === PAST_PAGE ? past.at(-1)?.id : undefined;
    return past.map((event) => ({ id: event.id, text: textOf(event, true) }));
  };
}

/** An event that was overtaken bears no id: a client that comes back must not name it as its last. */
const textOf = (event: ListedEvent, isInOrder: boolean): string =>
  message({ ...(isInOrder ? { id: event.id } : {}), data: toEventSummary(event) });
