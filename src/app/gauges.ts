import { statfs } from 'node:fs/promises';
import { readBacklog, type TargetBacklog } from '../delivery/backlog.ts';
import { holdReasons, stateAt, targetStates } from '../delivery/target-standing.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Meter } from '../kernel/meter.ts';
import { KeptFact } from '../telemetry/kept-fact.ts';
import { addAwsGauges } from './aws-gauges.ts';
import { addIncidentGauges } from './incident-gauges.ts';
import type { ServiceFacts } from './service-facts.ts';
import type { Services } from './services.ts';
import { version } from './version.ts';

export interface GaugesOptions {
  readonly meter: Meter;
  readonly services: Services;
  readonly facts: ServiceFacts;
  readonly clock: Clock;
  readonly dataDirectory: string;
}

/** However often metrics are read, the store and the disk are asked no more often than that. */
const KEEP_MS = 10_000;
const WAIT_MS = 2_000;

/** What is not counted but looked up when metrics are read. */
export function addGauges(options: GaugesOptions): void {
  aboutTheBuild(options);
  aboutTheConfig(options);
  aboutTargets(options);
  aboutTheBacklog(options);
  aboutUpkeep(options);
  aboutMessages(options);
  addIncidentGauges(options.meter, options.services.incidentFeeds);
  addAwsGauges({ ...options, ...options.services });
  aboutTheDisk(options);
}

const seconds = (ms: number): number => ms / 1_000;
const truth = (is: boolean): number => (is ? 1 : 0);

function aboutTheBuild({ meter, services: { store } }: GaugesOptions): void {
  meter.gauge(
    {
      name: 'tocsin_build_info',
      help: 'Always 1; with the versions of Tocsin and Node, and the kind of store.',
      labels: ['version', 'node', 'store'],
    },
    (tell) => tell(1, version, process.version, store.dialect),
  );
  meter.gauge(
    { name: 'tocsin_processes', help: 'Processes on the same store, this one included.', labels: [] },
    (tell) => tell(store.peers?.living ?? 1),
  );
}

function aboutTheConfig({ meter, facts }: GaugesOptions): void {
  meter.gauge(
    {
      name: 'tocsin_config_version',
      help: 'The version of the stored config that is in force; the same on every replica.',
      labels: [],
    },
    (tell) => tell(facts.configVersion),
  );
  meter.gauge(
    {
      name: 'tocsin_config_last_reload_successful',
      help: 'Whether the config was taken when it was last read; if not, the one before is in force.',
      labels: [],
    },
    (tell) => tell(truth(facts.isConfigGood)),
  );
  timestamp(
    meter,
    'tocsin_config_last_reload_success',
    'When a config was last taken.',
    () => facts.configLoadedAt,
  );
  timestamp(
    meter,
    'tocsin_tls_certificate_not_after',
    'When the certificate that is served ends.',
    () => facts.certificateEndsAt,
  );
}

function aboutTargets({ meter, services: { registry, engine, standings }, clock }: GaugesOptions): void {
  const targets = (): Iterable<string> => registry.now.targets.keys();
  meter.gauge(
    {
      name: 'tocsin_target_state',
      help: '1 for the state that a target is in.',
      labels: ['target', 'state'],
    },
    (tell) => {
      for (const target of targets()) {
        const state = stateAt(standings.get(target), clock.now());
        for (const one of targetStates) tell(truth(one === state), target, one);
      }
    },
  );
  meter.gauge(
    {
      name: 'tocsin_target_held',
      help: 'Whether this process sends nothing to a target now, and why.',
      labels: ['target', 'reason'],
    },
    (tell) => {
      for (const target of targets()) {
        const reason = engine.holdOf(target)?.reason;
        for (const one of holdReasons) tell(truth(one === reason), target, one);
      }
    },
  );
  meter.gauge(
    {
      name: 'tocsin_target_breaker_open',
      help: "Whether this process's breaker of a target is open or half open.",
      labels: ['target'],
    },
    (tell) => {
      for (const target of targets()) tell(truth(engine.breakerUntil(target) > 0), target);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_target_in_flight',
      help: 'Attempts of this process under way, by target.',
      labels: ['target'],
    },
    (tell) => {
      for (const target of targets()) tell(engine.loadOf(target).inFlight, target);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_target_waiting',
      help: 'Deliveries in the memory of this process that wait for their turn, by target.',
      labels: ['target'],
    },
    (tell) => {
      for (const target of targets()) tell(engine.loadOf(target).waiting, target);
    },
  );
}

function aboutTheBacklog({ meter, services: { store, registry }, clock }: GaugesOptions): void {
  const fact = new KeptFact({ clock, ask: () => readBacklog(store.read), keepMs: KEEP_MS, waitMs: WAIT_MS });
  meter.beforeReading(() => fact.refresh());
  meter.gauge(
    { name: 'tocsin_store_up', help: 'Whether the store answered when it was last asked.', labels: [] },
    (tell) => tell(truth(fact.value !== undefined)),
  );
  /** Of the targets that are configured, and of those that are not any more and left something behind. */
  const all = (): readonly TargetBacklog[] => {
    const found = fact.value;
    if (found === undefined) return [];
    const known = new Set(found.map(({ target }) => target));
    const others = [...registry.now.targets.keys()].filter((target) => !known.has(target));
    return [...found, ...others.map((target) => ({ target, pending: 0, oldestAt: undefined, dead: 0 }))];
  };
  meter.gauge(
    {
      name: 'tocsin_deliveries_pending',
      help: 'Deliveries of all processes on their way, by target; 10000 stands for that many or more.',
      labels: ['target'],
    },
    (tell) => {
      for (const { target, pending } of all()) tell(pending, target);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_deliveries_oldest_pending_age_seconds',
      help: 'The age of the oldest delivery on its way, by target; 0 when there is none.',
      labels: ['target'],
    },
    (tell) => {
      const now = clock.now();
      for (const { target, oldestAt = now } of all()) tell(seconds(Math.max(0, now - oldestAt)), target);
    },
  );
  meter.gauge(
    {
      name: 'tocsin_dead_letters',
      help: 'Deliveries given up and not replayed, by target; 10000 stands for that many or more.',
      labels: ['target'],
    },
    (tell) => {
      for (const { target, dead } of all()) tell(dead, target);
    },
  );
}

function aboutUpkeep({ meter, services: { streams, indexer }, facts }: GaugesOptions): void {
  meter.gauge(
    { name: 'tocsin_stream_clients', help: 'Clients of this process that watch events live.', labels: [] },
    (tell) => tell(streams.clients),
  );
  timestamp(
    meter,
    'tocsin_search_index_complete',
    'When the search index last held every event; only of the process that sees to it.',
    () => indexer.completeAt,
  );
  timestamp(
    meter,
    'tocsin_retention_last_success',
    'When what is past its time was last deleted (before the first time: the start); only with the role collect.',
    () => facts.sweptAt,
  );
}

function aboutMessages({ meter, services: { messageStore }, clock }: GaugesOptions): void {
  const ask = () => messageStore.usage();
  const fact = new KeptFact({ clock, ask, keepMs: KEEP_MS, waitMs: WAIT_MS });
  meter.beforeReading(() => fact.refresh());
  const gauge = (name: string, help: string, part: 'messages' | 'bytes'): void =>
    meter.gauge({ name, help, labels: [] }, (tell) => {
      if (fact.value !== undefined) tell(fact.value[part]);
    });
  gauge(
    'tocsin_messages_kept',
    'Messages kept, those past their end that are not deleted yet included.',
    'messages',
  );
  gauge('tocsin_messages_kept_bytes', 'Bytes of their contents.', 'bytes');
}

/** The age of something is Prometheus's to say: `time() - …`. */
function timestamp(meter: Meter, name: string, help: string, read: () => number | undefined): void {
  meter.gauge({ name: `${name}_timestamp_seconds`, help, labels: [] }, (tell) => {
    const at = read();
    if (at !== undefined) tell(seconds(at));
  });
}

function aboutTheDisk({ meter, clock, dataDirectory }: GaugesOptions): void {
  const ask = () => statfs(dataDirectory);
  const fact = new KeptFact({ clock, ask, keepMs: KEEP_MS, waitMs: WAIT_MS });
  meter.beforeReading(() => fact.refresh());
  const bytes = (name: string, help: string, blocks: 'blocks' | 'bavail'): void =>
    meter.gauge({ name, help, labels: [] }, (tell) => {
      const { value } = fact;
      if (value !== undefined) tell(value.bsize * value[blocks]);
    });
  bytes('tocsin_data_directory_size_bytes', 'The size of the file system with the data directory.', 'blocks');
  bytes('tocsin_data_directory_free_bytes', 'What is free there for the service.', 'bavail');
}
