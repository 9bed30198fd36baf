import { randomUUID } from 'node:crypto';
import { auditInsert } from '../access/audit.ts';
import { OperatorAccess } from '../access/access.ts';
import { Sessions } from '../access/sessions.ts';
import { Tokens } from '../access/tokens.ts';
import { DeliveryEngine } from '../delivery/engine.ts';
import { Replay } from '../delivery/replay.ts';
import { Retention } from '../delivery/retention.ts';
import { deliveryStatements } from '../delivery/statements.ts';
import { DeliveryStore } from '../delivery/store.ts';
import { Ingest } from '../events/ingest.ts';
import { eventStatements } from '../events/statements.ts';
import { EventStore } from '../events/store.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import { createGuardedHttpClient } from '../kernel/guarded-http.ts';
import type { Logger } from '../kernel/log.ts';
import { Sealer } from '../kernel/seal.ts';
import { Secret } from '../kernel/secret.ts';
import { ObjectStore } from '../registry/object-store.ts';
import { Registry } from '../registry/registry.ts';
import { Journal } from '../storage/journal.ts';
import { migrate } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import type { Statement } from '../storage/statement.ts';
import type { Store } from '../storage/store.ts';
import { masterKey } from './master-key.ts';
import type { Config } from './settings.ts';

/** Every hot statement; the stores prepare them by name. */
export const statements: readonly Statement[] = [
  ...Object.values(eventStatements),
  ...Object.values(deliveryStatements),
  auditInsert,
];

const EGRESS_CONNECT_MS = 5_000;
const EGRESS_CONNECTIONS_MAX = 256;

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
  readonly publicUrl: () => string;
}) {
  const { config, store, clock, log } = options;
  const key = masterKey(config.masterKey, config.data.directory);
  const journal = new Journal(store, log);
  const events = new EventStore(store);
  const deliveries = new DeliveryStore(store);
  const engine = new DeliveryEngine({
    journal,
    deliveries,
    events,
    clock,
    log,
    owner: randomUUID(),
    leaseMs: durationMs(config.delivery.lease),
    sends: config.roles.includes('deliver'),
  });
  const http = createGuardedHttpClient({
    allow: config.egress.allow,
    connectTimeoutMs: EGRESS_CONNECT_MS,
    connectionsMax: EGRESS_CONNECTIONS_MAX,
  });
  const registry = createRegistry(engine, { http, clock, log, publicUrl: options.publicUrl });
  const ingest = new Ingest(
    journal,
    (event) => {
      const { matched, destinations } = registry.now.destinations(event);
      return engine.route(event, matched, destinations);
    },
    clock,
    () => durationMs(config.events.dedupeWindow),
  );
  const tokens = new Tokens(store, clock, config.token === undefined ? undefined : new Secret(config.token));
  const sessions = new Sessions(new Sealer(key, 'sessions'), clock);
  return {
    store,
    journal,
    events,
    deliveries,
    engine,
    http,
    registry,
    ingest,
    tokens,
    sessions,
    access: new OperatorAccess(tokens, sessions, clock),
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
      deliveries,
      clock,
      log,
      retentionMs: () => durationMs(config.events.retention),
    }),
  };
}

function createRegistry(
  engine: DeliveryEngine,
  context: {
    readonly http: ReturnType<typeof createGuardedHttpClient>;
    readonly clock: Clock;
    readonly log: Logger;
    readonly publicUrl: () => string;
  },
): Registry {
  const { http, clock, log } = context;
  return new Registry(
    {
      source: { clock, http },
      target: {
        http,
        clock,
        log,
        get publicUrl() {
          return context.publicUrl();
        },
        // Not through the log's buffer: "delivered" must mean written, also when the next thing is a kill.
        writeLine: (line) => void process.stdout.write(`${line}\n`),
      },
    },
    (snapshot) => engine.use(snapshot.targets),
  );
}
