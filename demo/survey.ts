import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { deliveryWire } from '../src/delivery/wire.ts';
import { eventSummaryWire } from '../src/events/wire.ts';
import { pageOf } from '../src/kernel/paging.ts';
import type { Get } from './api.ts';
import { type AwsFound, lookAtAws } from './aws-survey.ts';
import { type FeedFound, lookAtFeed } from './feed-survey.ts';

/** What the service says of itself. */
export interface Found {
  /** Of what senders sent. */
  readonly events: number;
  readonly duplicates: number;
  readonly unrouted: number;
  readonly pending: number;
  readonly dead: number;
  /** Events of incidents that the feed listed anew. */
  readonly told: number;
  /** Undefined until the feed was read as a whole. */
  readonly feed: FeedFound | undefined;
  /** Undefined until the account was scanned. */
  readonly aws: AwsFound | undefined;
}

type EventSummary = Static<typeof eventSummaryWire>;
type Counts = Record<'events' | 'duplicates' | 'unrouted' | 'told', number>;

/** No sender here repeats anything older, so that an event's counts are final by then. */
const SETTLED_MS = 30_000;

/** Asks the API, as an operator would. Old events are counted once and not asked for again. */
export class Survey {
  readonly #get: Get;
  #since = Date.now();
  readonly #settled: Counts = { events: 0, duplicates: 0, unrouted: 0, told: 0 };

  constructor(get: Get) {
    this.#get = get;
  }

  async look(): Promise<Found> {
    const counts = { ...this.#settled };
    const horizon = Date.now() - SETTLED_MS;
    for (const event of await this.#all(
      'events',
      eventSummaryWire,
      `since=${new Date(this.#since).toISOString()}`,
    )) {
      count(counts, event);
      if (Date.parse(event.receivedAt) < horizon) count(this.#settled, event);
    }
    this.#since = Math.max(this.#since, horizon);
    const pending = await this.#all('deliveries', deliveryWire, 'status=pending');
    const dead = await this.#all('deliveries', deliveryWire, 'status=dead');
    return {
      ...counts,
      pending: pending.length,
      dead: dead.length,
      feed: await lookAtFeed(this.#get),
      aws: await lookAtAws(this.#get),
    };
  }

  async #all<Item extends TSchema>(list: string, item: Item, query: string): Promise<Static<Item>[]> {
    const schema = pageOf(item);
    const items: Static<Item>[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await this.#get(`/api/v1/${list}?limit=200&${query}${cursor && `&cursor=${cursor}`}`);
      if (!Check(schema, page)) throw new TypeError(`${list} are not as the API describes them`);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }
}

function count(into: Counts, event: EventSummary): void {
  if (isNewIncident(event)) into.told += 1;
  // The others are the service's own: of the feed, of targets.
  if (event.source !== 'sqreen') return;
  into.events += 1;
  into.duplicates += event.duplicates;
  if (event.unrouted) into.unrouted += 1;
}

/** What was listed before anybody asked is told with one event for all. */
const isNewIncident = ({ source, type }: EventSummary): boolean =>
  source === 'elevate' && type !== 'incident.backlog';
