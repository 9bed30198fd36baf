import { CompiledQuery } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '../../src/access/audit.ts';
import { Tokens } from '../../src/access/tokens.ts';
import { type DeliveryFilter, DeliveryStore } from '../../src/delivery/store.ts';
import { type EventFilter, EventStore } from '../../src/events/store.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { kyselyOver } from '../../src/storage/kysely-dialect.ts';
import type { Store } from '../../src/storage/store.ts';
import { deliveryIdAt, eventIdAt } from './ids.ts';
import { onEachStore, type Stage } from './on-each-store.ts';

const T = Date.UTC(2026, 0, 31, 12);
const LIMIT = 51;

/** One step of a plan that reads rows. */
interface Access {
  /** The index's name; `id` for a primary key, undefined for a whole table. */
  readonly index: string | undefined;
  /** Whether it begins at a place in the index rather than at its end. */
  readonly seeks: boolean;
}
interface Plan {
  readonly reads: readonly Access[];
  readonly sorts: boolean;
  readonly text: string;
}

/** What the database does for the queries that `ask` makes, in their order. */
async function plansOf(stage: Stage, ask: (store: Store) => Promise<unknown>): Promise<Plan[]> {
  const queries: CompiledQuery[] = [];
  const recording = kyselyOver(stage.dialect, async (query) => {
    queries.push(query);
    const { rows } = await stage.store.read.executeQuery<Record<string, unknown>>(
      CompiledQuery.raw('SELECT 0 AS total WHERE 1 = 0'),
    );
    return { rows, changes: 0 };
  });
  // What a query finds is of no matter here, and a missing row may be a fault to who asked.
  await ask({ ...stage.store, read: recording, write: recording }).catch(() => undefined);
  return Promise.all(queries.map((query) => explain(stage, query)));
}

/** What is cheap while a table is small: it would hide that there is no way for when it is large. */
const WITHOUT_SHORT_CUTS = ['seqscan', 'hashjoin', 'mergejoin'].map((way) =>
  CompiledQuery.raw(`SET LOCAL enable_${way} = off`),
);

async function explain({ dialect, store }: Stage, { sql, parameters }: CompiledQuery): Promise<Plan> {
  const words = dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (COSTS OFF)';
  const results = await store.transact([
    ...(dialect === 'sqlite' ? [] : WITHOUT_SHORT_CUTS),
    CompiledQuery.raw(`${words} ${sql}`, [...parameters]),
  ]);
  const lines = (results.at(-1)?.rows ?? []).map((row) => String(row['detail'] ?? row['QUERY PLAN']));
  const reads = lines.flatMap(dialect === 'sqlite' ? sqliteAccess : postgresAccess);
  return {
    reads,
    sorts: lines.some((line) => /TEMP B-TREE FOR ORDER BY|^\s*(->)?\s*(Incremental )?Sort\b/.test(line)),
    text: lines.join('\n'),
  };
}

const TABLES = '(?:events|event_keys|deliveries|attempts|audit|tokens)';

function sqliteAccess(line: string): Access[] {
  const found = new RegExp(
    `^(SCAN|SEARCH) (?:${TABLES}|d)\\b(?: EXISTS)?(?: USING (?:COVERING )?(?:INDEX (\\w+)|(PRIMARY KEY)))?`,
  ).exec(line);
  if (found === null) return [];
  const [, verb, index, primary] = found;
  return [{ index: primary === undefined ? nameOf(index) : 'id', seeks: verb === 'SEARCH' }];
}

function postgresAccess(line: string, at: number, lines: readonly string[]): Access[] {
  if (/Seq Scan on/.test(line))
    return new RegExp(`Seq Scan on ${TABLES}`).test(line) ? [{ index: undefined, seeks: false }] : [];
  const found = /(?:Index(?: Only)? Scan(?: Backward)? using|Bitmap Index Scan on) (\w+)/.exec(line);
  if (found === null) return [];
  return [{ index: nameOf(found[1]), seeks: /Index Cond/.test(lines[at + 1] ?? '') }];
}

const nameOf = (index: string | undefined): string | undefined =>
  index === undefined
    ? undefined
    : index
        .replace(/^sqlite_autoindex_tokens_2$|^tokens_hash_key$/, 'hash')
        .replace(/^sqlite_autoindex_\w+$|^\w+_pkey$/, 'id');

const indexesOf = ({ reads }: Plan) => reads.map(({ index }) => index);

await onEachStore('plans', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));
  describe('a page of events', () => eventPages(stage));
  describe('a page of deliveries', () => deliveryPages(stage));
  describe('what the engine asks', () => engineQueries(stage));
  describe('retention', () => retentionQueries(stage));
  describe('an operator', () => operatorQueries(stage));
});

/**
 * PostgreSQL plans by what is in its tables: a service that has run for a while, where what is looked for is rare.
 * SQLite keeps no statistics.
 */
async function fill(store: Store): Promise<void> {
  const id = (prefix: string): string =>
    `'${prefix}_' || regexp_replace(lpad(to_hex(${T} + n), 12, '0'), '(.{8})', '\\1-') || '-7000-8000-' || lpad(to_hex(n), 12, '0')`;
  const rows = 'FROM generate_series(1, 20000) n';
  await store.transact(
    [
      `INSERT INTO events (id, source, type, severity, subject, fingerprint, received_at, internal, unrouted, record, payload)
        SELECT ${id('evt')}, CASE WHEN n % 2000 = 3 THEN 'rare' ELSE 'common' END, CASE WHEN n % 2000 = 5 THEN 'rare' ELSE 'common' END,
          CASE WHEN n % 1000 = 0 THEN 4 WHEN n % 1000 = 7 THEN 5 ELSE n % 4 END, CASE WHEN n % 2000 = 9 THEN 'rare' ELSE 'common' END,
          md5(n::text), ${T} + n, (n % 2000 = 11)::int, (n % 2000 = 13)::int, repeat('r', 400), repeat('p', 600) ${rows}`,
      `INSERT INTO deliveries (id, event_id, target, status, internal, attempts, created_at, next_attempt_at, lease_until)
        SELECT ${id('dlv')}, ${id('evt')}, CASE WHEN n % 2000 IN (1, 2, 3) THEN 'rare' ELSE 'common' END,
          CASE WHEN n % 1000 IN (0, 2) THEN 'dead' WHEN n % 1000 IN (1, 4) THEN 'pending' ELSE 'delivered' END,
          0, 1, ${T} + n, ${T} + n, 0 ${rows}`,
      `INSERT INTO attempts (delivery_id, number, started_at, duration_ms, outcome)
        SELECT ${id('dlv')}, 1, ${T} + n, 5, 'delivered' ${rows}`,
      `INSERT INTO event_keys (key, event_id, expires_at) SELECT md5(n::text), ${id('evt')}, ${T} + n ${rows}`,
      `INSERT INTO audit (id, at, actor, action, subject) SELECT ${id('aud')}, n, 'a', 'b', 'c' ${rows}`,
      `INSERT INTO tokens (id, name, hash, scope, created_at) SELECT 'tok_' || n, 'n', md5(n::text), 'read', n ${rows}`,
      'ANALYZE',
    ].map((sql) => CompiledQuery.raw(sql)),
  );
}

/** The last page but a few, so that it begins in the middle of the list. */
const AFTER = 15_000;

function eventPages(stage: Stage): void {
  const planOf = async (filter: EventFilter, after = eventIdAt(T + AFTER)): Promise<Plan | undefined> =>
    (await plansOf(stage, (store) => new EventStore(store).list(filter, LIMIT, after)))[0];

  test.each<readonly [EventFilter, string]>([
    [{ source: 'rare' }, 'events_source'],
    [{ type: 'rare' }, 'events_type'],
    [{ subject: 'rare' }, 'events_subject'],
    [{ internal: true }, 'events_internal'],
    [{ unrouted: true }, 'events_unrouted'],
    [{ severityMin: 'high' }, 'events_severe'],
    [{ severityMin: 'critical' }, 'events_severe'],
  ])('with %j finds the few that fit by %s', async (filter, index) => {
    const plan = await planOf(filter);
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    // A handful PostgreSQL may well sort; SQLite does not know that it is one.
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
  });

  test.each<EventFilter>([
    {},
    { source: 'common' },
    { type: 'common', source: 'common' },
    { subject: 'common' },
    { severityMin: 'low' },
    { internal: false },
    { unrouted: false, severityMin: 'medium' },
    { since: T + 500, until: T + 15_500 },
    { source: 'common', since: T + 500 },
  ])('with %j, which most events fit, goes along an index in the order of the list', async (filter) => {
    for (const plan of [await planOf(filter), await planOf(filter, eventIdAt(T + 99_999))]) {
      expect(
        plan?.reads.map(({ index }) => index),
        plan?.text,
      ).not.toContain(undefined);
      expect(plan?.sorts, plan?.text).toBe(false);
    }
  });

  test('of a period begins and ends with it', async () => {
    const plan = await planOf({ since: T + 500, until: T + 600 });
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });
}

function deliveryPages(stage: Stage): void {
  const planOf = async (filter: DeliveryFilter): Promise<Plan | undefined> =>
    (
      await plansOf(stage, (store) => new DeliveryStore(store).list(filter, LIMIT, deliveryIdAt(T + AFTER)))
    ).at(-1);

  test.each<readonly [DeliveryFilter, readonly string[]]>([
    [{ target: 'rare' }, ['deliveries_target']],
    [{ status: 'dead' }, ['deliveries_dead']],
    [{ status: 'dead', notReplayed: true }, ['deliveries_dead']],
    [{ status: 'dead', target: 'rare' }, ['deliveries_dead_target']],
    [{ status: 'dead', target: 'rare', notReplayed: true }, ['deliveries_dead_target']],
    [{ event: eventIdAt(T + 7, 7) }, ['deliveries_event']],
    // Sorted, because they are few: there are many of them only while a target is away.
    [{ status: 'pending' }, ['deliveries_pending', 'deliveries_target']],
    [{ status: 'pending', target: 'rare' }, ['deliveries_pending', 'deliveries_target']],
  ])('with %j finds the few that fit by their index', async (filter, indexes) => {
    const plan = await planOf(filter);
    expect(indexes, plan?.text).toContain(plan?.reads[0]?.index);
    expect(plan?.reads, plan?.text).toHaveLength(1);
    const isSorted = filter.event !== undefined || filter.status === 'pending';
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(isSorted);
  });

  test.each<DeliveryFilter>([
    {},
    { status: 'delivered' },
    { target: 'common' },
    { since: T + 500, until: T + 15_500 },
  ])('with %j, which most deliveries fit, goes along an index in the order of the list', async (filter) => {
    const plan = await planOf(filter);
    expect(
      plan?.reads.map(({ index }) => index),
      plan?.text,
    ).not.toContain(undefined);
    expect(plan?.sorts, plan?.text).toBe(false);
  });

  test('a count of dead letters reads nothing else', async () => {
    const filter = { status: 'dead', target: 'rare', notReplayed: true } as const;
    const [plan] = await plansOf(stage, (store) => new DeliveryStore(store).count(filter));
    expect(plan?.reads[0]?.index, plan?.text).toMatch(/^deliveries_dead/);
  });
}

function engineQueries(stage: Stage): void {
  test('what is due is found by leaps along the pending index', async () => {
    const [plan] = await plansOf(stage, (store) => new DeliveryStore(store).dueTargets(T + 99_999));
    expect(new Set(plan && indexesOf(plan)), plan?.text).toEqual(new Set(['deliveries_pending']));
    // The first leap takes the least target there is, from the end of the index: one row.
    expect(plan?.reads.filter(({ seeks }) => !seeks).length, plan?.text).toBeLessThanOrEqual(1);
  });

  test('a claim takes the longest waiting off the pending index, and no more than those', async () => {
    const lease = { owner: 'me', until: T };
    const [plan] = await plansOf(stage, (store) =>
      new DeliveryStore(store).claim('common', 200, T + 99_999, lease),
    );
    expect(plan && indexesOf(plan).sort(), plan?.text).toEqual(['deliveries_pending', 'id']);
    expect(
      plan?.reads.every(({ seeks }) => seeks),
      plan?.text,
    ).toBe(true);
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
  });

  test.each(['owner', 'everyone'] as const)(
    'giving back the leases of %s reads what is pending',
    async (whose) => {
      const [plan] = await plansOf(stage, (store) => new DeliveryStore(store).release(whose));
      expect(plan && indexesOf(plan), plan?.text).toEqual(['deliveries_pending']);
    },
  );

  test('events and attempts are found by their keys, however many are asked for', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => eventIdAt(T, n));
    const [events] = await plansOf(stage, (store) => new EventStore(store).getMany(ids));
    expect(events?.reads, events?.text).toEqual([{ index: 'id', seeks: true }]);
    const own = Array.from({ length: 200 }, (_, n) => deliveryIdAt(T, n));
    const [attempts] = await plansOf(stage, (store) => new DeliveryStore(store).attempts(own));
    expect(attempts?.reads, attempts?.text).toEqual([{ index: 'id', seeks: true }]);
  });
}

function retentionQueries(stage: Stage): void {
  test('finds what is expired along the ids, from where it left off', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new EventStore(store).expired(T + 400, 500, eventIdAt(T + 100)),
    );
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });

  test('finds what is still on its way, and what goes with the events, by the events', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => eventIdAt(T, n));
    const [pending] = await plansOf(stage, (store) => new DeliveryStore(store).pendingAmong(ids));
    expect(pending?.reads[0]?.index, pending?.text).toMatch(/^deliveries_(event|pending)$/);
    const gone = await plansOf(stage, async (store) => {
      await new DeliveryStore(store).deleteOf(ids);
      await new EventStore(store).delete(ids);
    });
    expect(gone.map((plan) => indexesOf(plan).sort())).toEqual([
      ['deliveries_event', 'id'],
      ['deliveries_event'],
      ['id'],
    ]);
    expect(gone.flatMap(({ reads }) => reads).every(({ seeks }) => seeks)).toBe(true);
  });

  test('forgets keys by the end of their window', async () => {
    const [plan] = await plansOf(stage, (store) => new EventStore(store).forgetKeys(T + 19_000, 500));
    expect(plan && indexesOf(plan).sort(), plan?.text).toEqual(['event_keys_expiry', 'id']);
  });
}

function operatorQueries(stage: Stage): void {
  test('is found by the hash of the token', async () => {
    const [plan] = await plansOf(stage, (store) =>
      new Tokens(store, systemClock, undefined).authenticate('token'),
    );
    expect(plan?.reads, plan?.text).toEqual([{ index: 'hash', seeks: true }]);
  });

  test('pages through the audit log along its ids', async () => {
    const [plan] = await plansOf(stage, (store) => listAudit(store, LIMIT, 'aud_1'));
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });
}
