import { accessRoutes } from '../access/http.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { deliveryRoutes } from '../delivery/http.ts';
import { eventRoutes } from '../events/http.ts';
import { openApiRoute } from '../http/openapi.ts';
import { createServer, type HttpServer } from '../http/server.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Route } from '../kernel/route.ts';
import { pageRoutes } from '../page/http.ts';
import { rulesRoutes } from '../rules/http.ts';
import { sourceRoutes } from '../sources/http.ts';
import { configInForce, waitingForStart } from './config-in-force.ts';
import { configRoutes } from './config-routes.ts';
import { healthRoutes } from './health.ts';
import { objectsOf } from './objects-of.ts';
import { createServices, openServiceStore, type Seams, type Services } from './services.ts';
import { type Config, publicUrlOf } from './settings.ts';
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

const FOLLOW_MS = 2_000;
const STOP_GRACE_MS = 10_000;

/** Starts everything in order. Rejects with ConfigFaulty, StoreUnavailable or SchemaMismatch; nothing runs then. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { log, seams } = options;
  const { config } = options.loaded;
  const clock = clockOf(options);
  const store = await openServiceStore(config, log, seams);
  let url: string | undefined;
  const services = await servicesOver({
    config,
    store,
    clock,
    log,
    publicUrl: () => publicUrlOf(config) ?? url ?? 'http://127.0.0.1',
  });
  const app = new App(options, services);
  try {
    await app.configure();
    // SQLite has one process: whatever lease there is, its holder is gone.
    if (store.dialect === 'sqlite') await services.deliveries.release('everyone');
    url = await app.listen();
    // Only now: a start that fails, or has nothing to link to, must not use up the token that is shown once.
    const firstToken = url === undefined ? undefined : await services.tokens.makeFirst();
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

function certificateFiles({ tlsCert, tlsKey }: Config['http']): CertificateFiles | undefined {
  return tlsCert === undefined || tlsKey === undefined ? undefined : { cert: tlsCert, key: tlsKey };
}

class App {
  readonly #options: AppOptions;
  readonly #services: Services;
  readonly #clock: Clock;
  #loaded: LoadedConfig<Config>;
  #version = -1;
  #server: HttpServer | undefined;
  #unwatchTls: (() => void) | undefined;
  #cancelFollow: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions, services: Services) {
    this.#options = options;
    this.#services = services;
    this.#clock = clockOf(options);
    this.#loaded = options.loaded;
  }

  get #config(): Config {
    return this.#options.loaded.config;
  }

  async configure(): Promise<void> {
    const faults = await this.#load(this.#loaded);
    if (faults.length > 0) throw new ConfigFaulty(faults);
  }

  async listen(): Promise<string | undefined> {
    if (!this.#config.roles.includes('api')) return undefined;
    const { http } = this.#config;
    const files = certificateFiles(http);
    const server = createServer({
      routes: this.#routes(),
      access: this.#services.access,
      log: this.#options.log,
      trustedProxies: http.trustedProxies,
      tls: files && readCertificate(files),
      requestTimeoutMs: durationMs(http.requestTimeout),
    });
    this.#server = server;
    if (files !== undefined) {
      this.#unwatchTls = watchCertificate(files, (pair) => server.setCertificate(pair), this.#options.log);
    }
    return server.listen(http.host, http.port);
  }

  run(): void {
    this.#services.engine.start();
    if (this.#config.roles.includes('collect')) this.#services.retention.start();
    this.#follow();
  }

  async reload(): Promise<readonly Fault[]> {
    try {
      const faults = await this.#load(this.#options.loadAgain());
      if (faults.length === 0) this.#sayWhatWaits();
      return faults;
    } catch (error) {
      if (error instanceof ConfigFaulty) return error.faults;
      throw error;
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #load(loaded: LoadedConfig<Config>): Promise<Fault[]> {
    const { objects, registry } = this.#services;
    const version = await objects.version();
    const faults = registry.load(objectsOf(loaded.config, await objects.list()));
    if (faults.length === 0) {
      this.#loaded = loaded;
      this.#version = version;
    }
    return faults;
  }

  #sayWhatWaits(): void {
    const paths = waitingForStart(this.#options.loaded, this.#loaded);
    if (paths.length > 0) this.#options.log.warn({ paths }, 'these settings take effect at the next start');
  }

  /** Another replica's change of stored objects is found by its version. */
  #follow(): void {
    this.#cancelFollow = this.#clock.after(FOLLOW_MS, () => {
      void this.#catchUp().then(() => {
        if (this.#stopping === undefined) this.#follow();
      });
    });
  }

  async #catchUp(): Promise<void> {
    const { log } = this.#options;
    try {
      if ((await this.#services.objects.version()) === this.#version) return;
      const faults = await this.#load(this.#loaded);
      for (const { path, message } of faults)
        log.error({ path }, `the stored config was not taken: ${message}`);
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'the store did not say whether the config changed');
    }
  }

  #routes(): Route[] {
    const services = this.#services;
    const config = this.#config;
    const clock = this.#clock;
    const routes = [
      ...healthRoutes(services.store, () => this.#stopping !== undefined),
      ...pageRoutes(version),
      ...sourceRoutes({
        source: (id) => services.registry.now.sources.get(id),
        ingest: services.ingest,
        clock,
        log: this.#options.log,
        bodyBytesMax: config.http.webhookBytesMax,
        unverifiedPerMinute: config.http.unverifiedPerMinute,
      }),
      ...eventRoutes(services.events),
      ...deliveryRoutes(services),
      ...rulesRoutes(() => services.registry.now.rules),
      ...accessRoutes(services.store, services.sessions),
      ...configRoutes({
        explain: () => configInForce(this.#options.loaded, this.#loaded),
        reload: () => this.reload(),
        journal: services.journal,
        clock,
      }),
    ];
    return [...routes, openApiRoute(routes, version)];
  }

  async #stop(): Promise<void> {
    const { engine, journal, registry, http, retention, store } = this.#services;
    this.#cancelFollow?.();
    this.#unwatchTls?.();
    retention.stop();
    await this.#server?.close();
    await engine.stop(STOP_GRACE_MS);
    await journal.drain();
    await registry.close();
    await http.close();
    await store.close();
  }
}
