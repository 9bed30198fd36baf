import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IncidentUpstream } from '../../../tests/support/incident-upstream.ts';
import { load } from '../../app/load.ts';
import { testDirectory } from '../test-directory.ts';
import { checkFeeds } from './check-feeds.ts';
import type { Finding } from './finding.ts';

let upstream: IncidentUpstream;
let cwd: string;
beforeEach(async () => {
  upstream = await IncidentUpstream.start();
  cwd = testDirectory();
});
afterEach(() => upstream.close());

async function look(
  env: Readonly<Record<string, string>>,
  feeds: readonly unknown[] = [],
  isOffline = false,
): Promise<readonly Finding[]> {
  writeFileSync(join(cwd, 'tocsin.yaml'), JSON.stringify({ feeds }));
  const loaded = load({ env, cwd, flags: {} });
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.map(({ message }) => message).join());
  return checkFeeds(loaded.config, isOffline);
}

const envOf = (over: Readonly<Record<string, string>> = {}) => ({
  TOCSIN_INCIDENTS_URL: upstream.url,
  ELEVATE_API_USER: upstream.user,
  ELEVATE_API_PASSWORD: upstream.password,
  ...over,
});
const host = (): string => `127.0.0.1:${upstream.port}`;

test('a feed that answers is asked for its identities alone, once', async () => {
  expect(await look(envOf())).toMatchObject([
    {
      check: 'feed elevate',
      verdict: 'ok',
      what: expect.stringContaining(`${host()} answers with 5000 identities`),
    },
  ]);
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/identities/']);
});

test('a feed without identities of its own is asked for its first list', async () => {
  const { url, user } = upstream;
  const feed = { id: 'soc', kind: 'poll', url, user, password: '${FEED_PASSWORD}', identitiesPath: false };
  expect(await look({ FEED_PASSWORD: upstream.password }, [feed])).toMatchObject([
    { verdict: 'ok', what: expect.stringContaining('its list denial') },
  ]);
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/incidents/denial/']);
});

test('credentials that are not accepted are told apart from a feed that is down, and never shown', async () => {
  const [refused] = await look(envOf({ ELEVATE_API_PASSWORD: 'a wrong password' }));
  expect(refused).toMatchObject({
    verdict: 'fail',
    what: `${host()} does not accept the credentials (status 401)`,
  });
  expect(JSON.stringify(refused)).not.toContain('wrong');
  upstream.fail('identities', { kind: 'answer', status: 503 });
  expect(await look(envOf())).toMatchObject([
    { verdict: 'fail', what: `${host()} gives no list (status 503)` },
  ]);
  upstream.fail('identities', { kind: 'answer', body: '[]' });
  expect(await look(envOf())).toMatchObject([
    { verdict: 'fail', what: `${host()} answers, but the identities are not a JSON object` },
  ]);
});

test('credentials over plain http are warned of, unless they stay on the machine', async () => {
  const url = 'http://feed.example';
  expect(await look(envOf({ TOCSIN_INCIDENTS_URL: url }), [], true)).toMatchObject([
    { check: 'feed elevate', verdict: 'warn', what: 'its credentials go to feed.example unencrypted' },
  ]);
  expect(await look({ TOCSIN_INCIDENTS_URL: url }, [], true)).toEqual([]);
  expect(await look(envOf({ TOCSIN_INCIDENTS_URL: 'https://feed.example' }), [], true)).toEqual([]);
  expect(await look(envOf(), [], true)).toEqual([]);
  expect(upstream.requests).toEqual([]);
});

test('files that cannot be read are told, with what the system says', async () => {
  const path = join(cwd, 'incidents.ndjson');
  const feed = { id: 'soc', kind: 'file', path };
  expect(await look({}, [feed])).toMatchObject([
    { check: 'feed soc', verdict: 'fail', what: `${path} cannot be read (ENOENT)` },
  ]);
  writeFileSync(path, '');
  expect(await look({}, [feed])).toMatchObject([{ verdict: 'ok', what: `1 file at ${path} can be read` }]);
  const missing = { ...feed, identities: join(cwd, 'none.json') };
  expect(await look({}, [missing])).toMatchObject([
    { verdict: 'fail', what: 'its identities cannot be read (ENOENT)' },
  ]);
});
