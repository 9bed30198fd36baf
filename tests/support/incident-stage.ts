import { IncidentUpstream, type UpstreamOptions } from './incident-upstream.ts';
import { at, listAt } from './ask.ts';
import { newDirectory, TOKEN } from './service.ts';
import { until } from './until.ts';
import { type Visit, visit } from './visitor.ts';
import { secret } from './witness.ts';

export const AUTHORIZATION = `Bearer ${TOKEN}`;
const PASSWORD = secret('a password of the incident feed');

/** A service that asks a stand-in of the incident API, quickly: for tests of what it makes of it. */
export interface IncidentStage {
  readonly upstream: IncidentUpstream;
  readonly there: Visit;
  /** The contracted document as it stands. */
  document(headers?: Readonly<Record<string, string>>): ReturnType<Visit['ask']>;
  /** Waits until the feed was asked for all its lists from now on, and what that brought is answered and stored. */
  refreshed(): Promise<void>;
  /** How one list stands. */
  list(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Events of the feed, the newest first. */
  events(query?: string): Promise<readonly unknown[]>;
  /** The same service again, on the same store, after `end` has ended it. */
  again(end: (there: Visit) => Promise<unknown>): Promise<IncidentStage>;
}

export interface StageOptions {
  readonly upstream?: UpstreamOptions;
  /** Lines of the feed, in YAML, each indented by four. */
  readonly feed?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
}

const upstreams = new Set<IncidentUpstream>();

/** Ends the stand-ins: for `afterAll`, behind the services' own end. */
export async function endOfUpstreams(): Promise<void> {
  for (const upstream of upstreams) await upstream.close();
  upstreams.clear();
}

export async function stageIncidents(options: StageOptions = {}): Promise<IncidentStage> {
  const upstream = await IncidentUpstream.start({ password: PASSWORD, ...options.upstream });
  upstreams.add(upstream);
  return stageOver(upstream, options, newDirectory());
}

async function stageOver(
  upstream: IncidentUpstream,
  options: StageOptions,
  directory: string,
): Promise<IncidentStage> {
  const config = `
feeds:
  - id: elevate
    kind: poll
    url: ${upstream.url}
    user: ${upstream.user}
    password: "\${FEED_PASSWORD}"
    every: 200ms
    connectTimeout: 500ms
    readTimeout: 500ms
    staleAfter: 2s
${options.feed ?? ''}
${options.config ?? ''}`;
  const there = await visit({ config, directory, env: { FEED_PASSWORD: PASSWORD, ...options.env } });
  const status = async () => (await there.operator('GET', '/api/v1/incidents/status')).json;
  const refreshedAt = async (): Promise<number> =>
    Date.parse(String(at(await status(), 'feeds', 0, 'refreshedAt') ?? '1970-01-01T00:00:00Z'));
  return {
    upstream,
    there,
    document: (headers = {}) =>
      there.ask({ path: '/incidents', headers: { authorization: AUTHORIZATION, ...headers } }),
    async refreshed() {
      const from = Date.now();
      // A refresh that began after now, and one after it: then all of the first is stored.
      const first = await until('a refresh', async () => (await refreshedAt()) > from && refreshedAt());
      await until('the one after it', async () => (await refreshedAt()) > first);
    },
    async list(name) {
      const lists = listAt(await status(), 'feeds').flatMap((feed) => [
        at(feed, 'identities'),
        ...listAt(feed, 'types'),
      ]);
      return lists.find((list) => at(list, 'name') === name) as Readonly<Record<string, unknown>>;
    },
    async events(query = 'source=elevate') {
      return listAt((await there.operator('GET', `/api/v1/events?limit=200&${query}`)).json, 'items');
    },
    async again(end) {
      await end(there);
      return stageOver(upstream, options, directory);
    },
  };
}
