import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testMmdb } from '../../src/countries/test-mmdb.ts';
import { at, listAt } from '../support/ask.ts';
import { EventSource } from '../support/event-source.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { newDirectory } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const CONFIG = `
countries: {source: [FR, GB]}
geo: {database: own.mmdb}
targets:
  - {id: elsewhere, kind: log, file: elsewhere.log}
  - {id: home, kind: log, file: home.log}
rules:
  - {id: elsewhere, when: {geo.allowed: false}, targets: [elsewhere]}
  - {id: home, when: {geo.source: [FR, GB]}, targets: [home]}
default: [log]
`;
const DATABASE = testMmdb({
  ipVersion: 6,
  recordSize: 24,
  networks: [
    ['8.8.8.0/24', { country: { iso_code: 'US' } }],
    ['2a01::/16', { country: { iso_code: 'FR' } }],
  ],
});

/** Name of an event, its `ips`, its countries. */
const SENT: readonly (readonly [name: string, ips: readonly object[], geo: object | null])[] = [
  ['by its address', [{ address: '8.8.8.8' }], { source: 'US', destination: null, allowed: false }],
  [
    'by what is said',
    [{ address: '8.8.8.8', geo: { code: 'FRA' } }],
    { source: 'FR', destination: null, allowed: true },
  ],
  [
    'of a country outside, as is said',
    [{ address: '2a01::1', geo: { code: 'ROU' } }],
    { source: 'RO', destination: null, allowed: false },
  ],
  [
    'one of many',
    [{ address: '2a01::1' }, { address: '8.8.8.9' }],
    { source: 'US', destination: null, allowed: false },
  ],
  ['inside', [{ address: '2a01::1' }], { source: 'FR', destination: null, allowed: true }],
  ['private', [{ address: '10.0.0.1' }], { source: 'private', destination: null, allowed: true }],
  ['unknown', [{ address: '9.9.9.9' }], { source: 'unknown', destination: null, allowed: true }],
  ['no address', [{ address: 'example.com', geo: {} }], null],
  ['nobody', [], null],
];
const OUTSIDE = ['by its address', 'of a country outside, as is said', 'one of many'];
const INSIDE = ['by what is said', 'inside'];

function countriesOfEvents(databaseUrl: () => string | undefined): void {
  let there: Visit;
  let stream: EventSource;
  beforeAll(async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'own.mmdb'), DATABASE);
    there = await visit({ directory, config: CONFIG, env: { DATABASE_URL: databaseUrl() } });
    stream = await EventSource.open(there.url, { query: '?geo.allowed=false' });
    const body = SENT.map(([name, ips]) => ({
      sqreen_payload_type: 'security_event',
      humanized_description: name,
      id: name,
      ips,
    }));
    expect((await there.webhook(JSON.stringify(body))).status).toBe(200);
  });

  const listed = async (query: string): Promise<unknown[]> => {
    const { status, json } = await there.operator('GET', `/api/v1/events?${query}`);
    expect(status).toBe(200);
    return [...listAt(json, 'items')].toReversed();
  };
  const titles = (events: readonly unknown[]): unknown[] => events.map((event) => at(event, 'title'));

  it('are told by the sender or the address, and judged by the lists', async () => {
    const events = await listed('');
    const geo = new Map(events.map((event) => [at(event, 'title'), at(event, 'geo')]));
    expect(Object.fromEntries(geo)).toEqual(Object.fromEntries(SENT.map(([name, , geo]) => [name, geo])));
    const { json } = await there.operator('GET', `/api/v1/events/${String(at(events[0], 'id'))}`);
    expect(at(json, 'geo')).toEqual(SENT[0]?.[2]);
  });

  it('decide where it goes: what is outside to its target, what is private or unknown not', async () => {
    const told = async (file: string, names: readonly string[]) => {
      const lines = await until(`the lines of ${file}`, () => {
        const path = join(there.service.directory, file);
        const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
        const found = text.split('\n').filter((line) => line !== '');
        return found.length >= names.length ? found : undefined;
      });
      const messages = lines.map((line) => String(at(JSON.parse(line), 'message')));
      expect(messages.map((message) => message.replace(/^\[\w+\] /, '')).sort()).toEqual([...names].sort());
    };
    await told('elsewhere.log', OUTSIDE);
    await told('home.log', INSIDE);
    expect(titles(await listed('geo.allowed=false'))).toEqual(OUTSIDE);
  });

  it.each([
    ['geo.allowed=true', ['by what is said', 'inside', 'private', 'unknown']],
    ['geo.source=US', ['by its address', 'one of many']],
    ['geo.source=unknown', ['unknown']],
    ['geo.destination=FR', []],
    ['geo.allowed=false&geo.source=RO', ['of a country outside, as is said']],
    ['geo.allowed=false&search=many', ['one of many']],
  ])('are found by ?%s', async (query, expected) => {
    expect(titles(await listed(query)).toSorted()).toEqual([...expected].sort());
  });

  it.each([
    'geo.source=us',
    'geo.source=USA',
    'geo.destination=',
    "geo.source=' OR 1=1 --",
    'geo.allowed=maybe',
  ])('are not asked for by ?%s', async (query) => {
    const { status } = await there.operator('GET', `/api/v1/events?${encodeURI(query)}`);
    expect(status).toBe(400);
  });

  it('are a filter of the stream and of what is acknowledged', async () => {
    expect(titles(await stream.told(OUTSIDE.length))).toEqual(OUTSIDE);
    stream.close();
    const body = { 'geo.allowed': false, dryRun: true };
    const { json } = await there.operator('POST', '/api/v1/acknowledge', body);
    expect(json).toMatchObject({ matched: OUTSIDE.length, acknowledged: 0 });
  });

  it('are there for rules that are tried on what came', async () => {
    const rules = [{ id: 'r', when: { 'geo.source': 'US' }, targets: ['elsewhere'] }];
    const { json } = await there.operator('POST', '/api/v1/rules/dry-run', { rules, last: 100 });
    expect(at(json, 'rules')).toContainEqual({ rule: 'r', events: 2 });
  });
}

describe('the countries of events, over SQLite', () => {
  countriesOfEvents(() => undefined);
  afterAll(endOfVisits);
});

await describeWith('postgres', 'the countries of events, over PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  countriesOfEvents(() => database.url);
  afterAll(async () => {
    await endOfVisits();
    await database.drop();
  });
});
