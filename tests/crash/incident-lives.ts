import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { at, listAt } from '../support/ask.ts';
import { expectedDocument } from '../support/incident-document.ts';
import { IncidentUpstream, type UpstreamOptions } from '../support/incident-upstream.ts';
import { newDirectory, type Service, spawnService, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { type CrashPoint, crashEnv } from './crash-point.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const DEATH_MS = 30_000;

export const FEED = 'elevate';

export interface LivesOptions {
  /** PostgreSQL's; SQLite in a directory that the lives share when absent. */
  readonly database?: string;
  readonly upstream?: UpstreamOptions;
  /** Further feeds, in YAML. */
  readonly feeds?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Document {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
}

/** An upstream and a store that outlive the services started on them one after the other, or side by side. */
export class IncidentLives {
  readonly upstream: IncidentUpstream;
  readonly #options: LivesOptions;
  readonly #directory = newDirectory();
  readonly #running = new Set<Service>();
  count = 0;

  private constructor(upstream: IncidentUpstream, options: LivesOptions) {
    this.upstream = upstream;
    this.#options = options;
  }

  static async open(options: LivesOptions = {}): Promise<IncidentLives> {
    return new IncidentLives(await IncidentUpstream.start(options.upstream), options);
  }

  /** `url`: by which way it asks the upstream. */
  async start(url = this.upstream.url): Promise<Service> {
    const service = await startService(this.#next({}, url));
    this.#running.add(service);
    return service;
  }

  /** Starts a service that kills itself at `point`; resolves when it has. */
  async startAndDie(point: CrashPoint): Promise<void> {
    const { child, exited, stderr } = spawnService({ ...this.#next(crashEnv(point)), main: CHILD });
    const killer = setTimeout(() => child.kill('SIGTERM'), DEATH_MS);
    const ended = await exited;
    clearTimeout(killer);
    if (ended !== 'SIGKILL') throw new Error(`it never came to ${point.site}, but to ${ended}:\n${stderr()}`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((service) => service.kill()));
    await this.upstream.close();
  }

  #next(env: Readonly<Record<string, string>>, url = this.upstream.url) {
    this.count += 1;
    const { database, env: further } = this.#options;
    return {
      // Side by side they share the database only.
      directory: database === undefined ? this.#directory : newDirectory(),
      config: this.#config(url),
      env: {
        TOCSIN_LOG_LEVEL: 'warn',
        FEED_PASSWORD: this.upstream.password,
        ...(database === undefined ? {} : { DATABASE_URL: database }),
        ...further,
        ...env,
      },
    };
  }

  #config(url: string): string {
    return `
feeds:
  - id: ${FEED}
    kind: poll
    url: ${url}
    user: ${this.upstream.user}
    password: "\${FEED_PASSWORD}"
    every: 100ms
    connectTimeout: 500ms
    readTimeout: 500ms
    staleAfter: 30s
${this.#options.feeds ?? ''}`;
  }
}

export async function documentOf(service: Service): Promise<Document> {
  const answer = await service.api('/incidents');
  return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
}

/** Waits until what the service answers is what the upstream lists now. */
export const agrees = (service: Service, upstream: IncidentUpstream): Promise<unknown> =>
  until('the document to be what the upstream lists', async () => {
    const { status, text } = await documentOf(service);
    return status === 200 && isDeepStrictEqual(JSON.parse(text), expectedDocument(upstream));
  });

/** Waits for a refresh that began after now, and one more: then all of the first is stored. */
export async function refreshed(service: Service): Promise<void> {
  const from = Date.now();
  const first = await until('a refresh', async () => after(await refreshedAt(service), from));
  await until('the one after it', async () => after(await refreshedAt(service), first));
}

const after = (at: number, from: number): number | false => at > from && at;

async function refreshedAt(service: Service): Promise<number> {
  const status: unknown = await (await service.api('/api/v1/incidents/status')).json();
  const feed = listAt(status, 'feeds').find((one) => at(one, 'id') === FEED);
  return Date.parse(String(at(feed, 'refreshedAt') ?? '1970-01-01T00:00:00Z'));
}
