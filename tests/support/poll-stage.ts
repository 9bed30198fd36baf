import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import type { PolledFeed } from '../../src/incidents/feeds/feed.ts';
import type { Collected, CollectedList, Collector } from '../../src/incidents/collect/collected.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { createPollCollector } from '../../src/incidents/collect/poll.ts';
import type { IncidentUpstream } from './incident-upstream.ts';

/** The stand-in as a configured feed. */
export function feedOf(upstream: IncidentUpstream, more: Partial<PolledFeed> = {}): PolledFeed {
  return {
    id: 'elevate',
    kind: 'poll',
    types: elevateTypes,
    identitiesOf: 'elevate',
    backlog: 'summary',
    staleAfterMs: 60_000,
    url: upstream.url,
    credentials: { kind: 'basic', user: upstream.user, password: upstream.password },
    identitiesPath: '/identities/',
    incidentsPath: '/incidents/{type}/',
    everyMs: 8_000,
    connectTimeoutMs: 3_000,
    readTimeoutMs: 6_000,
    attemptsMax: 1,
    parallelMax: 4,
    bytesMax: 1_000_000,
    egressAllow: ['127.0.0.1'],
    ...more,
  };
}

/** Shows the time that a test says; every pause is over at once and noted. */
export class PauselessClock implements Clock {
  readonly pauses: number[] = [];
  time = Date.UTC(2026, 0, 1);

  now(): number {
    return this.time;
  }

  after(delayMs: number, run: () => void): () => void {
    this.pauses.push(delayMs);
    return systemClock.after(0, run);
  }
}

/** One collector over refreshes, and what it told of each list in the last one. */
export class Polling {
  readonly collector: Collector;
  readonly handed: CollectedList[] = [];

  constructor(feed: PolledFeed, clock: Clock = systemClock, random: () => number = () => 0.5) {
    this.collector = createPollCollector(feed, { clock, random });
  }

  async refresh(
    signal = new AbortController().signal,
  ): Promise<Collected & { of(list: string): CollectedList }> {
    this.handed.length = 0;
    const collected = await this.collector.collect(signal, (list) => this.handed.push(list));
    return {
      ...collected,
      of: (name) => {
        const list = collected.lists.find(({ type = 'identities' }) => type === name);
        if (list === undefined) throw new Error(`nothing was told of ${name}`);
        return list;
      },
    };
  }
}
