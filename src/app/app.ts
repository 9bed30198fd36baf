import { accessRoutes } from '../access/http.ts';
import { RateLimit } from '../access/rate-limit.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { countryRoutes } from '../countries/http.ts';
import { deliveryRoutes } from '../delivery/http.ts';
import { targetRoutes } from '../delivery/targets-http.ts';
import { eventRoutes } from '../events/http.ts';
import { matterRoutes } from '../events/matters/http.ts';
import { noteRoutes } from '../events/notes/http.ts';
import { streamRoutes } from '../events/stream/http.ts';
import { openApiRoute } from '../http/openapi.ts';
import { type Certificate, createServer, type HttpServer } from '../http/server.ts';
import { accountRoutes } from '../aws/api/accounts-http.ts';
import { findingRoutes } from '../aws/api/findings-routes.ts';
import { scanRoutes } from '../aws/api/scans-http.ts';
import { allChecks } from '../aws/checks/index.ts';
import { contractRoute } from '../incidents/api/contract-http.ts';
import { incidentRoutes } from '../incidents/api/http.ts';
import { pushRoute } from '../incidents/api/push-http.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import type { Logger } from '../kernel/log.ts';
import type { Access, Route } from '../kernel/route.ts';
import { Secret } from '../kernel/secret.ts';
import { messageRoutes } from '../messages/http.ts';
import { pageRoutes } from '../page/http.ts';
import { sourceRoutes } from '../sources/http.ts';
import { openEphemeral } from '../storage/ephemeral/open.ts';
import { openRedis } from '../storage/redis/open.ts';
import { metricsRoute } from '../telemetry/http.ts';
import { aboutRoute } from './about.ts';
import { configInForce, waitingForStart } from './config-in-force.ts';
import { configRoutes } from './config-routes.ts';
import { createCountries } from './country-services.ts';
import { CurrentConfig } from './current-config.ts';
import { healthRoutes } from './health.ts';
import { objectRoutes } from './object-routes.ts';
import { addGauges } from './gauges.ts';
import { sweepOwnMemory } from './message-services.ts';
import { ServiceFacts } from './service-facts.ts';
import { createServices, openServiceStore, type Seams, type Services } from './services.ts';
import { type Config, publicUrlOf } from './settings.ts';
import { type OpenTelemetry, openTelemetry } from './telemetry.ts';
import { type CertificateFiles, readCertificate, watchCertificate } from './tls.ts';
import { tryItSource, type TryIt } from './try-it.ts';
import { version } from './version.ts';

/** The config cannot be started with. */
export class ConfigFaulty extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super('the config has faults');
    this.name = 'ConfigFaulty';
    this.faults = faults;
  }
}

export interface AppOptions {
  readonly loaded: LoadedConfig<Config>;
  /** Reads the config again; throws ConfigFaulty. */
  readonly loadAgain: () => LoadedConfig<Config>;
  readonly log: Logger;
  readonly seams?: Seams;
}

export interface RunningApp {
  /** Where it listens, without a trailing slash; undefined without the role `api`. */
  readonly url: string | undefined;
  /** The token made at this start, if it was the first. */
  readonly firstToken: string | undefined;
  /** A source to try the service with, made at the first start when nothing else was configured. */
  readonly tryIt: TryIt | undefined;
  /** Reads the config again; returns the faults, in which case nothing changed. */
  reload(): Promise<readonly Fault[]>;
  /** In order: no new requests, attempts in flight ended, leases given back, the store closed. */
  stop(): Promise<void>;
}

const NO_ADMIN = 'no token of an admin lives: stop the service and run `tocsin token create <name> --local`';
const STOP_GRACE_MS = 10_000;
/** `GET /incidents` is to be answered within two seconds, whatever happens. */
const INCIDENTS_WAIT_MS = 1_500;

/** Starts everything in order. Rejects with ConfigFaulty, StoreUnavailable or SchemaMismatch; nothing runs then. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { log, seams } = options;
  const { config } = options.loaded;
  const clock = clockOf(options);
  // Before anything is opened or changed: what it reads can refuse the start.
  const countries = createCountries({ config, log });
  const telemetry = await openTelemetry(config, clock, log);
  const facts = new ServiceFacts();
  const store = await openServiceStore(config, log, seams);
  const redis = await openRedis(
    config.redis.url === undefined ? undefined : new Secret(config.redis.url),
    log,
  );
  let url: string | undefined;
  const services = await servicesOver({
    config,
    store,
    clock,
    log,
    redis,
    ephemeral: openEphemeral({ redis, store, clock }),
    publicUrl: () => publicUrlOf(config) ?? url ?? 'http://127.0.0.1',
    telemetry,
    facts,
    countries,
  });
  const app = new App(options, services, telemetry, facts);
  try {
    await app.configure();
    // SQLite has one process: whatever lease there is, its holder is gone.
    if (store.dialect === 'sqlite') await services.deliveries.release('everyone');
    url = await app.listen();
    await app.listenForProbes();
    await app.listenForMetrics();
    // Only now: a start that fails, or has nothing to link to, must not use up the token that is shown once.
    const firstToken = url === undefined ? undefined : await services.tokens.makeFirst();
    if (url !== undefined && !(await services.tokens.hasAdmin())) log.warn({}, NO_ADMIN);
    const tryIt = url === undefined ? undefined : await tryItSource(config, services.objects);
    if (tryIt !== undefined) await app.configure();
    app.run();
    return { url, firstToken, tryIt, reload: () => app.reload(), stop: () => app.stop() };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** A store whose services cannot be made is closed: its threads would keep the process. */
async function servicesOver(options: Parameters<typeof createServices>[0]): Promise<Services> {
  try {
    return createServices(options);
  } catch (error) {
    await options.store.close();
    throw error;
  }
}

const clockOf = ({ seams }: AppOptions): Clock => seams?.clock ?? systemClock;

function certificateFiles({ tlsCert, tlsKey, tlsClientCa }: Config['http']): CertificateFiles | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: tlsCert, key: tlsKey, ...(tlsClientCa === undefined ? {} : { clientCa: tlsClientCa }) };
}

class App {
  readonly #options: AppOptions;
  readonly #services: Services;
  readonly #telemetry: OpenTelemetry;
  readonly #facts: ServiceFacts;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #current: CurrentConfig;
  #server: HttpServer | undefined;
  #probes: HttpServer | undefined;
  #metrics: HttpServer | undefined;
  #unwatchTls: (() => void) | undefined;
  #endMessageSweeps: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions, services: Services, telemetry: OpenTelemetry, facts: ServiceFacts) {
    this.#options = options;
    this.#services = services;
    this.#telemetry = telemetry;
    this.#facts = facts;
    this.#clock = clockOf(options);
    this.#startedAt = this.#clock.now();
    const { loaded, log } = options;
    this.#current = new CurrentConfig({
      loaded,
      services,
      clock: this.#clock,
      log,
      read: (version) => facts.configRead(version, this.#clock.now()),
    });
    const dataDirectory = options.loaded.config.data.directory;
    addGauges({ meter: telemetry.meter, services, facts, clock: this.#clock, dataDirectory });
  }

  get #config(): Config {
    return this.#options.loaded.config;
  }

  async configure(): Promise<void> {
    const faults = await this.#current.load();
    if (faults.length > 0) throw new ConfigFaulty(faults);
    await this.#services.standings.load();
  }

  async listen(): Promise<string | undefined> {
    if (!this.#config.roles.includes('api')) return undefined;
    const { http } = this.#config;
    const files = certificateFiles(http);
    const tls = files && readCertificate(files);
    if (tls !== undefined) this.#facts.certificateTaken(tls.cert);
    const server = createServer({
      routes: this.#routes(),
      access: this.#services.access,
      requests: this.#requestLimit(),
      log: this.#options.log,
      trustedProxies: http.trustedProxies,
      meter: this.#telemetry.meter,
      tls,
      requestTimeoutMs: durationMs(http.requestTimeout),
    });
    this.#server = server;
    if (files !== undefined) {
      const use = (pair: Certificate): void => {
        server.setCertificate(pair);
        this.#facts.certificateTaken(pair.cert);
      };
      this.#unwatchTls = watchCertificate(files, use, this.#options.log);
    }
    return server.listen(http.host, http.port);
  }

  /** Where probes ask: a process without the API is watched too, and one with it needs no certificate for that. */
  async listenForProbes(): Promise<void> {
    const { host, healthPort } = this.#config.http;
    if (healthPort === undefined) return;
    this.#probes = this.#plainServer(this.#healthRoutes());
    const url = await this.#probes.listen(host, healthPort);
    this.#options.log.info({ 'url.full': url }, 'probes are answered');
  }

  /** Where Prometheus asks: without a token, so bound to an address of its own. */
  async listenForMetrics(): Promise<void> {
    const { host, port } = this.#config.metrics;
    if (port === undefined) return;
    this.#metrics = this.#plainServer([this.#metricsRoute({ kind: 'public' })]);
    const url = await this.#metrics.listen(host, port);
    this.#options.log.info({ 'url.full': url }, 'metrics are served');
  }

  /** For machines that watch: plain HTTP, nobody is counted. */
  #plainServer(routes: readonly Route[]): HttpServer {
    const { log } = this.#options;
    const { trustedProxies, requestTimeout } = this.#config.http;
    return createServer({
      routes,
      access: this.#services.access,
      requests: undefined,
      // A line for each question would bury the others.
      log: { ...log, info: () => {} },
      trustedProxies,
      tls: undefined,
      requestTimeoutMs: durationMs(requestTimeout),
    });
  }

  run(): void {
    this.#services.engine.start();
    this.#services.standings.start();
    this.#services.ruleTallies.start();
    if (this.#config.roles.includes('deliver')) this.#services.tallies.start();
    if (this.#config.roles.includes('collect')) {
      this.#facts.sweptAt = this.#clock.now();
      this.#services.retention.start();
      this.#services.indexer.start();
    }
    if (this.#config.roles.includes('collect') || this.#config.roles.includes('api'))
      this.#services.incidentFeeds.start(this.#config.roles.includes('collect'));
    this.#services.scans.start(this.#config.roles.includes('collect'));
    this.#endMessageSweeps = sweepOwnMemory(this.#services.messageStore, this.#clock, this.#options.log);
    this.#current.follow();
  }

  async reload(): Promise<readonly Fault[]> {
    try {
      const faults = await this.#current.load(() => this.#options.loadAgain());
      if (faults.length === 0) this.#sayWhatWaits();
      return faults;
    } catch (error) {
      if (!(error instanceof ConfigFaulty)) throw error;
      this.#facts.configRead(undefined, this.#clock.now());
      return error.faults;
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #sayWhatWaits(): void {
    const paths = waitingForStart(this.#options.loaded, this.#current.loaded);
    if (paths.length > 0) this.#options.log.warn({ paths }, 'these settings take effect at the next start');
  }

  #requestLimit(): RateLimit | undefined {
    const { requestsPerMinute } = this.#config.http;
    return requestsPerMinute === 0 ? undefined : new RateLimit(requestsPerMinute, this.#clock);
  }

  #healthRoutes(): Route[] {
    return healthRoutes(this.#services.store, () => this.#stopping !== undefined);
  }

  #metricsRoute(access: Access): Route {
    return metricsRoute({ read: () => this.#telemetry.metrics.text(), access });
  }

  #routes(): Route[] {
    const services = this.#services;
    const config = this.#config;
    const clock = this.#clock;
    const routes = [
      ...this.#healthRoutes(),
      this.#metricsRoute({ kind: 'operator', scope: 'read' }),
      ...pageRoutes(version),
      ...sourceRoutes({
        ...this.#telemetry,
        source: (id) => services.registry.now.sources.get(id),
        ingest: services.ingest,
        clock,
        log: this.#options.log,
        bodyBytesMax: config.http.webhookBytesMax,
        unverifiedPerMinute: config.http.unverifiedPerMinute,
      }),
      ...messageRoutes(services.messageDoor),
      ...eventRoutes(services.finder),
      ...streamRoutes(services.streams, services.access),
      ...noteRoutes(services.noteWriter),
      ...matterRoutes(services),
      ...deliveryRoutes({ ...services, holdOf: (target) => services.engine.holdOf(target) }),
      ...targetRoutes({ ...services, targets: () => services.registry.now.configuredTargets, clock }),
      ...objectRoutes({
        services,
        clock,
        loaded: () => this.#current.loaded,
        follow: () => this.#current.catchUp(),
      }),
      ...countryRoutes(services.countries),
      ...this.#incidentRoutes(),
      ...this.#awsRoutes(),
      aboutRoute({ ...services, config, startedAt: this.#startedAt }),
      ...accessRoutes({ ...services, clock }),
      ...configRoutes({
        explain: () => configInForce(this.#options.loaded, this.#current.loaded),
        reload: () => this.reload(),
        journal: services.journal,
        clock,
      }),
    ];
    return [...routes, openApiRoute(routes, version)];
  }

  #incidentRoutes(): Route[] {
    const config = this.#config;
    const { incidentFeeds: feeds, incidentStore, pushedFeeds, riskScale } = this.#services;
    const shared = { clock: this.#clock, log: this.#options.log, publication: () => feeds.publication() };
    return [
      contractRoute({
        ...shared,
        loaded: () => feeds.loaded(INCIDENTS_WAIT_MS),
        isPublic: config.incidents.public,
      }),
      ...incidentRoutes({
        ...shared,
        reader: incidentStore,
        reports: () => feeds.reports,
        scale: riskScale,
      }),
      pushRoute({
        ...shared,
        feed: (id) => pushedFeeds.get(id),
        push: (id, body) => feeds.push(id, body),
        unverifiedPerMinute: config.http.unverifiedPerMinute,
        bodyBytesMax: config.http.webhookBytesMax,
      }),
    ];
  }

  #awsRoutes(): Route[] {
    const { awsFront, awsAccounts, scans, scanStore, sessionScanOf, access, findings, journal } =
      this.#services;
    return [
      ...awsFront.routes,
      ...scanRoutes({
        scans,
        store: scanStore,
        sessionOf: sessionScanOf,
        stillMay: (headers) => access.stillMay('read', headers),
        clock: this.#clock,
      }),
      ...accountRoutes({ accounts: awsAccounts, store: scanStore }),
      ...findingRoutes({
        reader: findings,
        scans: scanStore,
        journal,
        checks: allChecks,
        publicUrl: () => publicUrlOf(this.#config) ?? '',
        clock: this.#clock,
        log: this.#options.log,
      }),
    ];
  }

  async #stop(): Promise<void> {
    const { engine, standings, tallies, ephemeral, redis, journal, registry, http, retention, store } =
      this.#services;
    this.#current.stop();
    this.#unwatchTls?.();
    this.#endMessageSweeps?.();
    retention.stop();
    // They would never end by themselves.
    this.#services.streams.stop();
    this.#services.claimGate.stop();
    await this.#server?.close();
    await this.#services.incidentFeeds.stop();
    await this.#services.scans.stop();
    this.#services.awsFront.stop();
    await this.#services.answerThread.stop();
    await this.#services.indexer.stop();
    // Waited for with the journal.
    void this.#services.tokenUses.flush();
    standings.stop();
    await engine.stop(STOP_GRACE_MS);
    await tallies.stop();
    await this.#services.ruleTallies.stop();
    await journal.drain();
    // Until here a probe is told that the process is stopping.
    await this.#probes?.close();
    await this.#metrics?.close();
    await this.#telemetry.close();
    await registry.close();
    await http.close();
    await this.#services.messageStore.close();
    await ephemeral.close();
    redis?.close();
    await store.close();
  }
}
