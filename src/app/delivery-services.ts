import { randomUUID } from 'node:crypto';
import { deliveryMetrics, traceAttempt } from '../delivery/delivery-metrics.ts';
import { DeliveryEngine } from '../delivery/engine.ts';
import type { DeliveryStore } from '../delivery/store.ts';
import { TargetControl } from '../delivery/target-control.ts';
import { TargetReports } from '../delivery/target-reports.ts';
import { TargetStandings } from '../delivery/target-standings.ts';
import { TargetTallies } from '../delivery/target-tallies.ts';
import { TargetWatch } from '../delivery/target-watch.ts';
import type { Ingest } from '../events/ingest.ts';
import type { EventStore } from '../events/store.ts';
import type { StreamHub } from '../events/stream/hub.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import type { Tracer } from '../kernel/tracer.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Config } from './settings.ts';

export interface DeliveryParts {
  readonly config: Config;
  readonly store: Store;
  readonly journal: Journal;
  readonly events: EventStore;
  readonly deliveries: DeliveryStore;
  readonly streams: StreamHub;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: { readonly meter: Meter; readonly tracer: Tracer };
  /** Asked once the service runs: it is built around the engine. */
  readonly ingest: () => Ingest;
  readonly targets: () => Iterable<OpenTarget>;
}

/** What sends, and what watches over the targets that it sends to. */
export function createDelivery(parts: DeliveryParts) {
  const { config, store, journal, events, deliveries, ephemeral, clock, log } = parts;
  const { meter, tracer } = parts.telemetry;
  const metrics = deliveryMetrics(meter);
  const owner = randomUUID();
  const standings = new TargetStandings({ store, clock, log, heard: (standing) => engine.heed(standing) });
  const watch = new TargetWatch({
    journal,
    ingest: { prepareOwn: (draft, guard, also) => parts.ingest().prepareOwn(draft, guard, also) },
    standings,
    clock,
    log,
    targets: parts.targets,
  });
  const engine: DeliveryEngine = new DeliveryEngine({
    journal,
    deliveries,
    events,
    clock,
    log,
    owner,
    leaseMs: durationMs(config.delivery.lease),
    sends: config.roles.includes('deliver'),
    limits: { ephemeral, clock, log, processes: () => store.peers?.living ?? 1 },
    tried(target, ended) {
      tallies.note(target, ended);
      metrics.tried(target, ended);
      traceAttempt(tracer, target, ended);
    },
    written(target, { deliveryId, event }, status) {
      metrics.written(target, status);
      parts.streams.settled(deliveryId, event, target, status);
    },
    gone: (target) => watch.gone(target),
  });
  const tallies = new TargetTallies({
    journal,
    clock,
    log,
    process: owner,
    breakerUntil: (target) => engine.breakerUntil(target),
    flushed: () => watch.judge(),
  });
  return {
    engine,
    standings,
    tallies,
    watch,
    control: new TargetControl({ journal, standings, clock }),
    reports: new TargetReports({ store, clock, engine, standings, tallies, process: owner }),
  };
}
