import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/secret.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { at, textAt } from '../support/ask.ts';
import { EventSource } from '../support/event-source.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { TOKEN } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const LENT = secret('a-token-that-is-taken-back');
let count = 0;
const send = (there: Visit, kind = 'xss', more: object = {}) =>
  there.webhook(
    JSON.stringify([{ sqreen_payload_type: 'security_event', event_kind: kind, id: `n${++count}`, ...more }]),
  );
const kinds = (events: readonly unknown[]): unknown[] =>
  events.map((event) => at(event, 'labels', 'event_kind'));

describe('the stream of events', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config: 'http: {requestTimeout: 2s}\n' });
  });
  afterAll(endOfVisits);

  it('tells every event to each who listens, at once and as the list does', async () => {
    const [one, two] = [await EventSource.open(there.url), await EventSource.open(there.url)];
    await send(there, 'a');
    await send(there, 'b');
    const told = await one.told(2);
    expect(kinds(told)).toEqual(['a', 'b']);
    expect(kinds(await two.told(2))).toEqual(['a', 'b']);
    const { json } = await there.operator('GET', '/api/v1/events?limit=2');
    expect(told.toReversed()).toEqual(at(json, 'items'));
    expect(one.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-content-type-options': 'nosniff',
    });
    expect(one.headers['cache-control']).toContain('no-store');
    one.close();
    two.close();
  });

  it('tells what became of the deliveries', async () => {
    const source = await EventSource.open(there.url);
    await send(there, 'delivered');
    const [event] = await source.told(1);
    const told = await until('the outcome', () => source.messages.find(({ event }) => event === 'delivery'));
    expect(JSON.parse(told['data'] ?? '')).toEqual({
      id: expect.stringMatching(/^dlv_/),
      event: at(event, 'id'),
      target: 'log',
      status: 'delivered',
    });
    source.close();
  });

  it('tells only what fits the filter', async () => {
    const source = await EventSource.open(there.url, { query: '?type=security_event.wanted' });
    await send(there, 'other');
    await send(there, 'wanted');
    expect(kinds(await source.told(1))).toEqual(['wanted']);
    source.close();
    const wrong = await EventSource.open(there.url, { query: '?severty=high' });
    expect(wrong.status).toBe(400);
  });

  it('goes on behind the last event that a client has', async () => {
    const before = await EventSource.open(there.url);
    await send(there, 'first');
    await before.told(1);
    // What became of its delivery may have been told by now, and bears no id.
    const last = before.messages.findLast(({ id }) => id !== undefined)?.['id'] ?? 'none';
    before.close();
    await send(there, 'missed');
    for (const how of [{ headers: { 'last-event-id': last } }, { query: `?after=${last}` }]) {
      const again = await EventSource.open(there.url, how);
      expect(kinds(await again.told(1))).toEqual(['missed']);
      again.close();
    }
    const foreign = await EventSource.open(there.url, { headers: { 'last-event-id': '42' } });
    await until('the gap to be told', () => foreign.messages.some(({ event }) => event === 'gap'));
    foreign.close();
  });

  it('stays open through silence that is longer than requests may take', async () => {
    const source = await EventSource.open(there.url);
    // The server cuts what is silent for twice the request's time-out: 4 s.
    await until('three heartbeats', () => (source.text.match(/^: /gm) ?? []).length >= 3, 20_000);
    await send(there, 'later');
    expect(kinds(await source.told(1))).toEqual(['later']);
    source.close();
  });

  it('is no way in: it asks for a token, and takes none in the address', async () => {
    expect((await there.ask({ path: '/api/v1/events/stream' })).status).toBe(401);
    expect((await there.ask({ path: `/api/v1/events/stream?token=${TOKEN}` })).status).toBe(401);
  });

  it('has room for ten of one token; HEAD takes none, and one that ends gives its back', async () => {
    for (let n = 0; n < 20; n++) {
      expect((await there.operator('HEAD', '/api/v1/events/stream')).status).toBe(200);
    }
    const all = await Promise.all(Array.from({ length: 10 }, () => EventSource.open(there.url)));
    const refused = await there.operator('GET', '/api/v1/events/stream');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    for (const source of all) source.close();
    await until('the room to be given back', async () => {
      return (await there.operator('GET', '/api/v1/events/stream')).status === 200;
    });
  });

  it('ends within a minute when its token is taken back', async () => {
    const database = new Database(`${there.service.directory}/data/tocsin.db`, [], { readOnly: false });
    const row = ['tok_lent', 'lent', sha256Hex(LENT), 'read', Date.now()];
    database.query('INSERT INTO tokens (id, name, hash, scope, created_at) VALUES (?, ?, ?, ?, ?)', row);
    const source = await EventSource.open(there.url, { headers: { authorization: `Bearer ${LENT}` } });
    await send(there, 'seen');
    await source.told(1);
    database.query('DELETE FROM tokens WHERE id = ?', ['tok_lent']);
    database.close();
    await until('the stream to end', () => source.isOver, 60_000);
  }, 90_000);

  it('does not hold up a stop', async () => {
    const [source, silent] = [await EventSource.open(there.url), await EventSource.open(there.url)];
    silent.stopReading();
    const begun = Date.now();
    expect(await there.service.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(4_000);
    await until('the stream to end', () => source.isOver);
    expect(there.service.stdout()).not.toMatch(/unexpected fault|the streams wait/);
  });
});

await describeWith('postgres', 'the stream of events, over two replicas', () => {
  let database: TestDatabase;
  let one: Visit;
  let two: Visit;
  beforeAll(async () => {
    database = await createDatabase();
    one = await visit({ env: { DATABASE_URL: database.url } });
    two = await visit({ env: { DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await endOfVisits();
    await database.drop();
  });

  it('tells on each what came in on either, each event once', async () => {
    const sources = [await EventSource.open(one.url), await EventSource.open(two.url)];
    const sent = Array.from({ length: 60 }, (_, n) => `k${n}`);
    await Promise.all(sent.map((kind, n) => send(n % 2 === 0 ? one : two, kind)));
    for (const source of sources) {
      const told = kinds(await source.told(sent.length));
      expect(told.sort()).toEqual([...sent].sort());
    }
    await send(one, 'the last');
    for (const source of sources) {
      const told = await source.told(sent.length + 1);
      expect(told).toHaveLength(sent.length + 1);
      source.close();
    }
  });

  it('is taken up at the other one when a replica stops', async () => {
    const before = await EventSource.open(two.url);
    await send(one, 'before');
    await before.told(1);
    const last = textAt(before.messages.at(-1), 'id');
    await two.service.stop();
    await until('the stream to end', () => before.isOver);
    await send(one, 'meanwhile');
    const after = await EventSource.open(one.url, { headers: { 'last-event-id': last } });
    expect(kinds(await after.told(1))).toEqual(['meanwhile']);
    after.close();
  });
});
