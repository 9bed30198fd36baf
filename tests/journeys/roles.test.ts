import type { ServerResponse } from 'node:http';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { type RoleProcess, startRole } from '../support/role.ts';
import { dispose, newDirectory, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** More than one process takes into its memory. */
const EVENTS = 1_400;
const CONCURRENCY = 4;
const DRAIN_MS = 45_000;

await describeWith('postgres', 'each role in processes of its own, over one database', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let sink: HttpSink;
  let api: Service;
  let senders: [RoleProcess, RoleProcess];
  let collect: RoleProcess;

  /** The path at the receiver tells who sent. */
  const surroundings = (name: string) => ({
    directory: newDirectory(),
    config: JSON.stringify({
      egress: { allow: [new URL(sink.url).host] },
      default: ['sink'],
      targets: [{ id: 'sink', kind: 'http', url: `${sink.url}/${name}`, concurrency: CONCURRENCY }],
    }),
    env: { DATABASE_URL: database.url },
  });
  const startApi = (): Promise<Service> => {
    const { env, ...rest } = surroundings('api');
    return startService({ ...rest, env: { ...env, TOCSIN_ROLES: 'api' } });
  };

  beforeEach(async () => {
    database = await createDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    sink = await startHttpSink();
    api = await startApi();
    senders = [
      await startRole('deliver', surroundings('one')),
      await startRole('deliver', surroundings('two')),
    ];
    collect = await startRole('collect', surroundings('collect'));
  });
  afterEach(async () => {
    await Promise.all([...senders, collect, api].map((process) => process.kill()));
    await sink.close();
    await client.end();
    await database.drop();
  });
  afterAll(dispose);

  async function post(name: string, count = EVENTS): Promise<void> {
    const ids = Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}` }));
    for (let from = 0; from < count; from += 200) {
      const answer = await api.webhook(JSON.stringify(ids.slice(from, from + 200)));
      expect(answer.status).toBe(200);
    }
  }
  async function count(sql: string): Promise<number> {
    const { rows } = await client.query<{ n: string }>(sql);
    return Number(rows[0]?.n);
  }
  const pending = () => count("SELECT count(*) AS n FROM deliveries WHERE status = 'pending'");
  const delivered = () => count("SELECT count(*) AS n FROM deliveries WHERE status = 'delivered'");
  const drained = () => until('everything to be delivered', async () => (await pending()) === 0, DRAIN_MS);
  /** Nothing is answered until this says so, so that neither sender is done before the other began. */
  function hold(): () => void {
    const held: ServerResponse[] = [];
    sink.answer((_, response) => void held.push(response));
    return () => {
      sink.answer((_, response) => response.end('ok'));
      for (const response of held) response.end('ok');
    };
  }
  const bothSend = () =>
    until('both to be sending', () => sentBy('one').length > 0 && sentBy('two').length > 0);
  const sentBy = (name: string): string[] =>
    sink.received.flatMap(({ path, headers }) =>
      path === `/${name}` ? [String(headers['webhook-id'])] : [],
    );

  test('what one takes in, two others share to send, once each; who collects sends nothing', async () => {
    const release = hold();
    await post('shared');
    await bothSend();
    release();
    await drained();
    expect(await delivered()).toBe(EVENTS);
    const [one, two] = [sentBy('one'), sentBy('two')];
    expect(new Set([...one, ...two]).size).toBe(EVENTS);
    expect(sink.received).toHaveLength(EVENTS);
    expect([...sentBy('api'), ...sentBy('collect')]).toEqual([]);
  });

  test('one sender killed with -9 in the middle, the other sends all that is left', async () => {
    const release = hold();
    await post('before');
    await bothSend();
    await senders[0].kill();
    const stopped = sentBy('one').length;
    release();
    await post('after', 50);
    await drained();
    expect(await delivered()).toBe(EVENTS + 50);
    expect(sentBy('one')).toHaveLength(stopped);
    const ids = new Set(sink.received.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(EVENTS + 50);
    // Again only what was in flight when it was killed.
    expect(sink.received.length - ids.size).toBeLessThanOrEqual(CONCURRENCY);
  });

  test('no sender at all: events are taken in and wait; the next sender sends them', async () => {
    await Promise.all(senders.map((sender) => sender.stop()));
    await post('waiting', 50);
    expect(await pending()).toBe(50);
    expect((await api.api('/readyz')).status).toBe(200);
    senders[0] = await startRole('deliver', surroundings('late'));
    await drained();
    expect(new Set(sentBy('late')).size).toBe(50);
  });

  test('the API gone, the senders go on; the API back, events are taken in again', async () => {
    const release = hold();
    await post('left behind', 50);
    expect(await api.stop()).toBe(0);
    release();
    await drained();
    expect(await delivered()).toBe(50);
    api = await startApi();
    await post('again', 10);
    await drained();
    expect(await delivered()).toBe(60);
  });

  test('each ends in order when it is told to', async () => {
    await post('last', 20);
    const ended = await Promise.all([...senders, collect, api].map((process) => process.stop()));
    expect(ended).toEqual([0, 0, 0, 0]);
  });
});
