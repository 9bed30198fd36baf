import { setMaxListeners } from 'node:events';
import type { Clock } from '../../kernel/clock.ts';
import { createGuardedHttpClient } from '../../kernel/guarded-http.ts';
import type { HttpClient } from '../../kernel/http-client.ts';
import { pause } from '../../kernel/pause.ts';
import type { PolledFeed } from '../feeds/feed.ts';
import { FeedAsker, type ListPlace } from './attempt.ts';
import { FeedBreaker } from './breaker.ts';
import type { Collected, CollectedList, Collector } from './collected.ts';
import { ListAsker, notAsked } from './list-asker.ts';
import { ListMemory } from './list-memory.ts';
import { Parallel } from './parallel.ts';

/**
 * The identities are asked for alone, for so long at most: a feed under load forgets addresses, and what is new is
 * attributed by what it says now. A feed that is slow with them must not hold up its lists.
 */
const HEAD_START_MS = 1_000;

export interface PollOptions {
  /** Absent: one of its own, which dials what the feed may. */
  readonly http?: HttpClient;
  readonly clock: Clock;
  readonly random: () => number;
}

type OnList = (list: CollectedList) => void;

/** Asks a feed over HTTP. */
export function createPollCollector(feed: PolledFeed, options: PollOptions): Collector {
  return new PollCollector(feed, options);
}

class PollCollector implements Collector {
  readonly #clock: Clock;
  readonly #places: readonly ListPlace[];
  readonly #memory = new ListMemory();
  readonly #parallel: Parallel;
  readonly #breaker: FeedBreaker;
  readonly #asker: ListAsker;
  readonly #closeHttp: () => Promise<void>;
  readonly #closed = new AbortController();
  #probes = 0;
  #running: Promise<Collected> | undefined;

  constructor(feed: PolledFeed, options: PollOptions) {
    const { clock, random } = options;
    const { http, close } = options.http ? { http: options.http, close: async () => {} } : ownHttp(feed);
    this.#clock = clock;
    this.#closeHttp = close;
    this.#places = placesOf(feed);
    this.#parallel = new Parallel(feed.parallelMax, feed.readTimeoutMs);
    this.#breaker = new FeedBreaker(feed.everyMs, random);
    this.#asker = new ListAsker({
      asker: new FeedAsker(feed, http, clock),
      memory: this.#memory,
      parallel: this.#parallel,
      attemptsMax: feed.attemptsMax,
      clock,
      random,
    });
  }

  async collect(signal: AbortSignal, onList: OnList): Promise<Collected> {
    if (this.#running !== undefined) throw new Error('the feed is being asked already');
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const stop = () => abort.abort();
    const stops = [signal, this.#closed.signal];
    for (const one of stops) one.addEventListener('abort', stop);
    if (stops.some(({ aborted }) => aborted)) stop();
    try {
      this.#running = this.#refresh(abort, onList);
      return await this.#running;
    } finally {
      this.#running = undefined;
      for (const one of stops) one.removeEventListener('abort', stop);
    }
  }

  forget(type: string | undefined): void {
    this.#memory.forget(type);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#running?.catch(() => {
      // A bug, told to who called `collect`.
    });
    await this.#closeHttp();
  }

  async #refresh(abort: AbortController, onList: OnList): Promise<Collected> {
    const began = this.#clock.now();
    const lists: CollectedList[] = [];
    const hand = (list: CollectedList): void => {
      lists.push(list);
      if (!abort.signal.aborted) onList(list);
    };
    const isProbed = await this.#askAsBreakerSays(began, abort, hand);
    if (!abort.signal.aborted) this.#learn(lists);
    const now = this.#clock.now();
    const standing = this.#breaker.standing(now);
    const breaker = isProbed && standing !== 'closed' ? 'half_open' : standing;
    return { lists, parallel: this.#parallel.limit, breaker, durationMs: now - began };
  }

  /** Whether one list was asked for to see how the feed is. */
  async #askAsBreakerSays(now: number, abort: AbortController, hand: OnList): Promise<boolean> {
    const standing = this.#breaker.standing(now);
    if (standing === 'closed') {
      await this.#askAll(this.#places, abort, hand);
      return false;
    }
    const probe = standing === 'half_open' ? this.#nextProbe() : undefined;
    let isUp = false;
    if (probe !== undefined) {
      await this.#askAll([probe], abort, (list) => {
        isUp = list.failure === undefined;
        hand(list);
      });
    }
    const others = this.#places.filter((place) => place !== probe);
    if (isUp) await this.#askAll(others, abort, hand);
    else for (const place of others) hand(notAsked(place, 'breaker_open', 'all failed before'));
    return probe !== undefined;
  }

  /** Each in its turn, so that a list which never works does not keep the others from being asked. */
  #nextProbe(): ListPlace | undefined {
    const able = this.#places.filter(({ type }) => this.#asker.mayAsk(type));
    return able[this.#probes++ % Math.max(1, able.length)];
  }

  async #askAll(places: readonly ListPlace[], abort: AbortController, hand: OnList): Promise<void> {
    const ask = async (place: ListPlace): Promise<void> => {
      try {
        hand(await this.#asker.ask(place, abort.signal));
      } catch (bug) {
        // The others end before it is told: nothing may be under way behind who calls again.
        abort.abort();
        throw bug;
      }
    };
    const identities = places.find(({ type }) => type === undefined);
    const first = identities === undefined ? [] : [ask(identities)];
    if (places.length > 1) await this.#headStart(first);
    const others = places.filter((place) => place !== identities).map(ask);
    const settled = await Promise.allSettled([...first, ...others]);
    const bug = settled.find(({ status }) => status === 'rejected');
    if (bug?.status === 'rejected') throw bug.reason;
  }

  async #headStart(first: readonly Promise<void>[]): Promise<void> {
    const over = new AbortController();
    void Promise.allSettled(first).then(() => over.abort());
    await pause(this.#clock, HEAD_START_MS, over.signal);
  }

  #learn(lists: readonly CollectedList[]): void {
    const asked = lists.filter(({ attempts }) => attempts > 0);
    if (asked.length === 0) return;
    if (asked.some(({ failure }) => failure === undefined)) this.#breaker.succeed();
    else this.#breaker.fail(this.#clock.now());
    this.#parallel.settle();
  }
}

function ownHttp(feed: PolledFeed): { readonly http: HttpClient; close(): Promise<void> } {
  const http = createGuardedHttpClient({
    allow: feed.egressAllow,
    connectTimeoutMs: feed.connectTimeoutMs,
    connectionsMax: feed.parallelMax,
  });
  return { http, close: () => http.close() };
}

/** The identities are asked for first. */
function placesOf(feed: PolledFeed): readonly ListPlace[] {
  const identities =
    feed.identitiesPath === undefined ? [] : [{ type: undefined, url: feed.url + feed.identitiesPath }];
  const lists = feed.types.map(({ type }) => ({
    type,
    url: feed.url + feed.incidentsPath.replaceAll('{type}', encodeURIComponent(type)),
  }));
  return [...identities, ...lists];
}
