import { ManualClock } from '../../tests/support/manual-clock.ts';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { storeAtRest } from '../../tests/support/test-store.ts';
import type { TocsinEvent } from '../events/event.ts';
import { Ingest } from '../events/ingest.ts';
import { EventStore, eventRow } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { newEventId } from '../kernel/ids.ts';
import { type Logger, silentLogger } from '../kernel/log.ts';
import { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import {
  defaultTargetSettings,
  type OpenTarget,
  openTarget,
  type TargetSettings,
} from '../targets/open-target.ts';
import type { Job, Outcome } from '../targets/target.ts';
import { announceTo } from './announcement.ts';
import { DeliveryEngine } from './engine.ts';
import type { LimiterContext } from './rate-limiter.ts';
import { DeliveryStore } from './store.ts';
import { TargetControl } from './target-control.ts';
import { TargetReports } from './target-reports.ts';
import { TargetStandings } from './target-standings.ts';
import { TargetTallies } from './target-tallies.ts';
import { TargetWatch } from './target-watch.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const clockOver = (store: Store, start?: number): ManualClock =>
  new ManualClock(() => storeAtRest(store), start);

/** A target that does as it is told and keeps what it got. */
export interface TestTarget {
  readonly open: OpenTarget;
  readonly jobs: Job[];
  /** What it does with the next. */
  answer: (job: Job, signal: AbortSignal) => Outcome | Promise<Outcome>;
}

export function testTarget(id: string, settings: Partial<TargetSettings> = {}): TestTarget {
  const made: TestTarget = {
    jobs: [],
    answer: () => ({ kind: 'delivered', status: 200 }),
    open: openTarget(
      id,
      'http',
      { ...defaultTargetSettings, timeout: '10s', ...settings },
      {
        async send(job, signal) {
          made.jobs.push(job);
          return made.answer(job, signal);
        },
        close: async () => {},
      },
    ),
  };
  return made;
}

export const failing = (): Outcome => ({ kind: 'retry', reason: 'http_status', status: 503 });
export const gone = (): Outcome => ({ kind: 'rejected', reason: 'gone', status: 410 });

/** One process that sends, wired as the service wires it. */
export class TestProcess {
  readonly engine: DeliveryEngine;
  readonly standings: TargetStandings;
  readonly tallies: TargetTallies;
  readonly watch: TargetWatch;
  readonly control: TargetControl;
  readonly reports: TargetReports;
  readonly deliveries: DeliveryStore;
  readonly events: EventStore;
  readonly journal: Journal;
  readonly #clock: Clock;
  #targets: ReadonlyMap<string, OpenTarget> = new Map();

  constructor(
    store: Store,
    clock: Clock,
    options: {
      readonly name?: string;
      readonly limits?: LimiterContext;
      readonly admins?: readonly string[];
      readonly journal?: Journal;
      readonly log?: Logger;
    } = {},
  ) {
    const { name = 'one', limits, admins = [], log = silentLogger } = options;
    const { journal = new Journal(store, log) } = options;
    const shared = { store, clock, journal, log };
    this.#clock = clock;
    this.journal = journal;
    this.deliveries = new DeliveryStore(store);
    this.events = new EventStore(store);
    this.standings = new TargetStandings({ ...shared, heard: (standing) => this.engine.heed(standing) });
    this.engine = new DeliveryEngine({
      ...shared,
      deliveries: this.deliveries,
      events: this.events,
      owner: name,
      leaseMs: MINUTE,
      sends: true,
      ...(limits === undefined ? {} : { limits }),
      tried: (target, ended) => this.tallies.note(target, ended),
      gone: (target) => this.watch.gone(target),
    });
    const route = (event: TocsinEvent) => {
      const chosen = admins.map((target) => ({ target, internal: true }));
      const isDisabled = (target: string): boolean => this.engine.isDisabled(target);
      return this.engine.route(event, [], announceTo(event, chosen, this.#targets.keys(), isDisabled));
    };
    const ingest = new Ingest(journal, route, clock, () => DAY);
    const targets = (): Iterable<OpenTarget> => this.#targets.values();
    this.watch = new TargetWatch({ ...shared, ingest, standings: this.standings, targets });
    this.tallies = new TargetTallies({
      ...shared,
      process: name,
      breakerUntil: (target) => this.engine.breakerUntil(target),
      flushed: () => this.watch.judge(),
    });
    this.control = new TargetControl({ ...shared, standings: this.standings });
    this.reports = new TargetReports({
      ...shared,
      engine: this.engine,
      standings: this.standings,
      tallies: this.tallies,
      process: name,
    });
  }

  /** Begins to send to these. */
  async start(targets: readonly TestTarget[]): Promise<void> {
    this.use(targets);
    await this.standings.load();
    this.engine.start();
    this.standings.start();
    this.tallies.start();
  }

  use(targets: readonly TestTarget[]): void {
    this.#targets = new Map(targets.map(({ open }) => [open.id, open]));
    this.engine.use(this.#targets);
  }

  /** A new event to these targets, committed. */
  async take(...targets: readonly string[]): Promise<TocsinEvent> {
    const now = this.#clock.now();
    const event = sampleEvent({ id: newEventId(now), receivedAt: now });
    const destinations = targets.map((target) => ({ target, internal: false }));
    const routing = this.engine.route(event, [], destinations);
    const row = eventRow(event, []);
    await this.journal.submit([{ writes: [{ statement: 'events.insert', row }, ...routing.writes] }]);
    routing.committed();
    return event;
  }

  /** Ends it; `wait` lets the time pass that this takes. */
  async stop(wait: () => Promise<void>): Promise<void> {
    this.standings.stop();
    const stopped = this.engine.stop(0).then(() => this.tallies.stop());
    await wait();
    await stopped;
  }
}
