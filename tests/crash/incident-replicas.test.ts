import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { at } from '../support/ask.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { dispose, KEY, type Service, sign } from '../support/service.ts';
import { TcpRelay } from '../support/tcp-relay.ts';
import { until } from '../support/until.ts';
import { agrees, documentOf, FEED, IncidentLives, refreshed } from './incident-lives.ts';
import { faultsOf, noFaults, tallyIncidents } from './incident-tally.ts';
import { IncidentTraffic } from './incident-traffic.ts';
import { drawSeed } from './seeded.ts';

const TEST_MS = 90_000;
const TAKEOVER_MS = 5_000;
/** Requests of half a dozen refreshes: of two that ask, both are among them. */
const SOME_REQUESTS = 48;
const FIXTURES = 2_100;
const PUSHED = 'pushed';
const PUSHED_FEED = `  - {id: ${PUSHED}, kind: push, scheme: sqreen, key: "\${SIGNATURE_KEY}"}\n`;

/** A service, and by which way it asks the upstream: that tells whose a request is. */
interface Replica {
  readonly service: Service;
  readonly host: string;
}

/** Two services over one database, in front of one upstream on which something happens. */
class Pair {
  readonly lives: IncidentLives;
  readonly traffic: IncidentTraffic;
  /** Between both services and their database. */
  readonly wire: TcpRelay;
  readonly database: TestDatabase;
  readonly replicas: readonly [Replica, Replica];
  readonly #ways: readonly TcpRelay[];

  private constructor(
    lives: IncidentLives,
    database: TestDatabase,
    wire: TcpRelay,
    ways: readonly [TcpRelay, TcpRelay],
    services: readonly [Service, Service],
  ) {
    this.lives = lives;
    this.database = database;
    this.wire = wire;
    this.#ways = ways;
    this.traffic = new IncidentTraffic(lives.upstream, drawSeed());
    this.replicas = [
      { service: services[0], host: hostOf(ways[0]) },
      { service: services[1], host: hostOf(ways[1]) },
    ];
  }

  static async open(): Promise<Pair> {
    const database = await createDatabase();
    const url = new URL(database.url);
    const wire = await TcpRelay.start({ host: url.hostname, port: Number(url.port || 5432) });
    url.host = hostOf(wire);
    const lives = await IncidentLives.open({ database: url.href, feeds: PUSHED_FEED });
    const toUpstream = { host: '127.0.0.1', port: lives.upstream.port };
    const ways = [await TcpRelay.start(toUpstream), await TcpRelay.start(toUpstream)] as const;
    const services = await Promise.all([
      lives.start(`http://${hostOf(ways[0])}`),
      lives.start(`http://${hostOf(ways[1])}`),
    ]);
    const pair = new Pair(lives, database, wire, ways, services);
    for (const { service } of pair.replicas)
      await until('a document', async () => (await documentOf(service)).status === 200);
    await until('the backlog to be told', async () => (await pair.tally()).backlogs.length === 1);
    pair.traffic.start();
    return pair;
  }

  async close(): Promise<void> {
    this.traffic.stop();
    await this.lives.close();
    for (const relay of [this.wire, ...this.#ways]) await relay.close();
    await this.database.drop();
  }

  /** Who asks from now on: the hosts of the next requests. */
  async asking(): Promise<ReadonlySet<string>> {
    const { requests } = this.lives.upstream;
    const before = requests.length;
    await until('requests', () => requests.length >= before + SOME_REQUESTS);
    return new Set(requests.slice(before).map(({ headers }) => headers['host'] ?? ''));
  }

  /** The one that asks, and the other one; fails when both do. */
  async roles(): Promise<{ readonly leader: Replica; readonly follower: Replica }> {
    const asking = await this.asking();
    expect(asking.size).toBe(1);
    const [one, two] = this.replicas;
    return asking.has(one.host) ? { leader: one, follower: two } : { leader: two, follower: one };
  }

  /** Ends the sessions that lead. */
  async endLeadership(): Promise<void> {
    await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 727466 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
  }

  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  tally(feed = FEED, service = this.replicas[0].service) {
    return tallyIncidents(service, feed);
  }

  /** All that came is stored, and told but for the backlog, once; and these services answer it alike. */
  async isWhole(services: readonly Service[]): Promise<void> {
    const [service] = services;
    if (service === undefined) throw new TypeError('nobody to be asked');
    this.traffic.stop();
    for (const one of services) await agrees(one, this.lives.upstream);
    await until('all to be stored', async () => {
      const { incidents } = await this.tally(FEED, service);
      return incidents.length >= FIXTURES + this.traffic.added;
    });
    await refreshed(service);
    const found = await this.tally(FEED, service);
    expect(faultsOf(found, this.traffic.listed)).toEqual(noFaults);
    expect(found.incidents).toHaveLength(FIXTURES + this.traffic.added);
    expect(found.events.size).toBe(this.traffic.added);
    expect(found.backlogs.map((event) => at(event, 'labels', 'incidents'))).toEqual([String(FIXTURES)]);
    const tags = await Promise.all(services.map(async (one) => (await documentOf(one)).etag));
    expect(new Set(tags).size).toBe(1);
  }
}

const hostOf = ({ port }: TcpRelay): string => `127.0.0.1:${port}`;

await describeWith('postgres', 'two replicas with one incident feed', () => {
  let pair: Pair;
  afterEach(() => pair.close());
  afterAll(dispose);

  test(
    'ask it one at a time and answer alike; of one killed with -9 the other takes over at once, and repeats and misses nothing',
    async () => {
      pair = await Pair.open();
      const { leader, follower } = await pair.roles();
      await pair.isWhole([leader.service, follower.service]);
      pair.traffic.start();
      await refreshed(follower.service);

      // Nothing is to be had of the feed just then: what it knows is what the other one had.
      pair.lives.upstream.fail('*', { kind: 'drop', at: 'before' });
      const killedAt = performance.now();
      await leader.service.kill();
      const { requests } = pair.lives.upstream;
      const before = requests.length;
      const isTaken = (): boolean =>
        requests.slice(before).some(({ headers }) => headers['host'] === follower.host);
      await until('the other one to ask', isTaken);
      process.stdout.write(`taken over after ${Math.round(performance.now() - killedAt)} ms\n`);
      expect(performance.now() - killedAt).toBeLessThan(TAKEOVER_MS);
      // Whole refreshes that bring nothing.
      await pair.asking();
      expect((await documentOf(follower.service)).status).toBe(200);
      pair.lives.upstream.heal();
      await pair.isWhole([follower.service]);
    },
    TEST_MS,
  );

  test(
    'whose leading session the database ends, again and again: one of them leads on, and nothing is told twice or missed',
    async () => {
      pair = await Pair.open();
      for (let end = 0; end < 4; end++) {
        await pair.endLeadership();
        const endedAt = performance.now();
        await until('one to ask alone', async () => (await pair.asking()).size === 1);
        process.stdout.write(`one asks alone after ${Math.round(performance.now() - endedAt)} ms at most\n`);
        expect(performance.now() - endedAt).toBeLessThan(TAKEOVER_MS);
      }
      await pair.isWhole(pair.replicas.map(({ service }) => service));
    },
    TEST_MS,
  );

  test(
    'whose database is away: both go on answering, and once it is back all that came meanwhile is stored and told once',
    async () => {
      pair = await Pair.open();
      const services = pair.replicas.map(({ service }) => service);
      const before = pair.traffic.added;
      pair.wire.set('reset');
      pair.wire.cut();
      await until('some time to pass', async () => {
        for (const service of services) expect((await documentOf(service)).status).toBe(200);
        return pair.traffic.added > before + 150;
      });
      const { leader } = await pair.roles();
      pair.traffic.stop();
      await agrees(leader.service, pair.lives.upstream);
      pair.wire.set('pass');
      await pair.isWhole(services);
    },
    TEST_MS,
  );

  test(
    'to which the same incidents are sent at once: each is stored and told once',
    async () => {
      pair = await Pair.open();
      pair.traffic.stop();
      const bodies = Array.from({ length: 20 }, (_, index) => pushed(index));
      const sent = bodies.flatMap((body) => pair.replicas.map(({ service }) => push(service, body)));
      for (const answer of await Promise.all(sent)) expect(answer.status).toBe(200);
      const found = await pair.tally(PUSHED);
      expect(found.incidents).toHaveLength(60);
      expect([...found.events.values()].map((told) => told.length)).toEqual(Array(60).fill(1));
      expect(faultsOf(found, new Set())).toEqual(noFaults);
      await until('both to answer alike', async () => {
        const [one, two] = await Promise.all(pair.replicas.map(({ service }) => documentOf(service)));
        return one?.etag === two?.etag && one?.text.includes('"pushed":19');
      });
    },
    TEST_MS,
  );
});

/** Three incidents. */
const pushed = (index: number): string =>
  JSON.stringify(
    [0, 1, 2].map((nth) => ({
      type: 'misuse',
      priority: 'high',
      employee_id: 4_711,
      pushed: index,
      timestamp: 1_600_000_000 + 3 * index + nth,
    })),
  );

const push = (service: Service, body: string): Promise<Response> =>
  fetch(`${service.url}/api/v1/incidents/feeds/${PUSHED}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-sqreen-integrity': sign(body, KEY) },
  });
