import { auditInsert } from '../access/audit.ts';
import { tokenStatements } from '../access/token-statements.ts';
import { scanStatements } from '../aws/findings/scan-statements.ts';
import { findingStatements } from '../aws/findings/statements.ts';
import { announceTo } from '../delivery/announcement.ts';
import { Replay } from '../delivery/replay.ts';
import { Retention } from '../delivery/retention.ts';
import { deliveryStatements } from '../delivery/statements.ts';
import { DeliveryStore } from '../delivery/store.ts';
import { forgetMinutes } from '../delivery/target-reports.ts';
import { targetStatements } from '../delivery/target-statements.ts';
import { Ingest } from '../events/ingest.ts';
import { eventStatements } from '../events/statements.ts';
import { EventStore } from '../events/store.ts';
import { incidentStatements } from '../incidents/store/statements.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import { Sealer } from '../kernel/seal.ts';
import { Secret } from '../kernel/secret.ts';
import { messageStatements } from '../messages/store/statements.ts';
import { ObjectStore } from '../registry/object-store.ts';
import type { Registry } from '../registry/registry.ts';
import { forgetRuleCounts, RuleTallies } from '../registry/rule-tallies.ts';
import { registryStatements } from '../registry/statements.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import { Journal } from '../storage/journal.ts';
import { migrate } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import type { RedisConnection } from '../storage/redis/connection.ts';
import type { Statement } from '../storage/statement.ts';
import type { Store } from '../storage/store.ts';
import { createAccess } from './access-services.ts';
import type { Countries } from './country-services.ts';
import { awsStatements, createAws } from './aws-services.ts';
import { createIncidents } from './incident-services.ts';
import { createDelivery } from './delivery-services.ts';
import { createEventServices } from './event-services.ts';
import { masterKeys } from './master-key.ts';
import { createMessages } from './message-services.ts';
import { createRegistry } from './registry-services.ts';
import type { ServiceFacts } from './service-facts.ts';
import type { Config } from './settings.ts';
import type { OpenTelemetry } from './telemetry.ts';

/** Every hot statement; the stores prepare them by name. */
export const statements: readonly Statement[] = [
  ...Object.values(eventStatements),
  ...Object.values(deliveryStatements),
  ...Object.values(targetStatements),
  ...Object.values(registryStatements),
  auditInsert,
  ...Object.values(tokenStatements),
  ...Object.values(messageStatements),
  ...Object.values(incidentStatements),
  ...Object.values(awsStatements),
  ...Object.values(findingStatements),
  ...Object.values(scanStatements),
];

/** How long it can be looked up what became of attempts at a target, minute by minute. */
const TARGET_MINUTES_KEPT_MS = 86_400_000;
/** How long a message can be read that a target links to for a text too long for its channel. */
const LONG_TEXTS_KEPT_MS = 86_400_000;

/** Seams at which a test stands between the parts; the service itself leaves them out. */
export interface Seams {
  readonly clock?: Clock;
  readonly wrapStore?: (store: Store) => Store;
}

/** The store, opened and brought up to date. */
export async function openServiceStore(config: Config, log: Logger, seams: Seams = {}): Promise<Store> {
  const databaseUrl = config.database.url === undefined ? undefined : new Secret(config.database.url);
  const opened = await openStore({ databaseUrl, dataDirectory: config.data.directory }, statements, log);
  const store = seams.wrapStore?.(opened) ?? opened;
  try {
    const ran = await migrate(store, migrations);
    if (ran.length > 0) log.info({ migrations: ran }, 'the schema was brought up to date');
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

export type Services = ReturnType<typeof createServices>;

/** Builds the domains over an open store. Nothing runs yet. */
export function createServices(options: {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ephemeral: Ephemeral;
  readonly redis: RedisConnection | undefined;
  readonly publicUrl: () => string;
  readonly telemetry: OpenTelemetry;
  readonly facts: ServiceFacts;
  readonly countries: Countries;
}) {
  const { config, store, clock, log, ephemeral, redis, telemetry, facts, countries } = options;
  const key = masterKeys(config, config.data.directory);
  const journal = new Journal(store, log, telemetry.meter);
  const events = new EventStore(store);
  const eventServices = createEventServices({ config, store, journal, events, clock, log });
  const deliveries = new DeliveryStore(store);
  const delivery = createDelivery({
    ...options,
    journal,
    events,
    deliveries,
    streams: eventServices.streams,
    ingest: () => ingest,
    targets: () => registry.now.targets.values(),
  });
  const { engine } = delivery;
  const traceparent = telemetry.traceparent;
  const outside = createRegistry({
    ...options,
    engine,
    traceparent,
    shareText: (key, text) => messages.messages.shareOnce(key, text, LONG_TEXTS_KEPT_MS),
  });
  const registry: Registry = outside.registry;
  const ruleTallies = new RuleTallies({ store, journal, clock, log });
  const ingest: Ingest = new Ingest(
    journal,
    (event) => {
      const { targets, destinations: choose } = registry.now;
      const { matched, destinations } = choose(event);
      return engine.route(
        event,
        matched,
        announceTo(event, destinations, targets.keys(), (target) => engine.isDisabled(target)),
      );
    },
    clock,
    () => durationMs(config.events.dedupeWindow),
    () => eventServices.streams.committed(),
    (matched) => ruleTallies.note(matched),
    telemetry,
    countries.locate,
  );
  const access = createAccess({ config, masterKey: key, store, journal, clock, log });
  const messages = createMessages({
    ...options,
    masterKey: key,
    journal,
    ingest,
    meter: telemetry.meter,
  });
  const incidents = createIncidents({
    ...options,
    journal,
    ingest,
    http: outside.http,
    meter: telemetry.meter,
  });
  const aws = createAws({ ...options, journal, ingest });
  return {
    store,
    journal,
    events,
    ...eventServices,
    deliveries,
    ...delivery,
    ephemeral,
    redis,
    ...outside,
    ruleTallies,
    ingest,
    countries,
    ...access,
    ...messages,
    ...incidents,
    ...aws,
    objects: new ObjectStore(store, new Sealer(key, 'objects'), clock),
    replay: new Replay({
      journal,
      events,
      deliveries,
      engine,
      clock,
      decide: (event) => registry.now.destinations(event).destinations.map(({ target }) => target),
    }),
    retention: new Retention({
      events,
      matters: eventServices.matters,
      belongings: [eventServices.notes, eventServices.search],
      deliveries,
      clock,
      log,
      retentionMs: () => durationMs(config.events.retention),
      sweeps: [
        (limit) => ephemeral.sweep(limit),
        ...access.accessSweeps,
        (limit) => messages.messageStore.sweep(limit),
        ...incidents.incidentSweeps,
        ...aws.awsSweeps,
        () => forgetMinutes(store, clock.now() - TARGET_MINUTES_KEPT_MS),
        () => forgetRuleCounts(store, clock.now()),
      ],
      swept: facts.swept(telemetry.meter, clock),
    }),
  };
}
