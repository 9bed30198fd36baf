import { CompiledQuery } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AuditFilter, forgetAudit, listAudit } from '../../src/access/audit.ts';
import { TokenStore } from '../../src/access/token-store.ts';
import { deliveryStatements } from '../../src/delivery/statements.ts';
import { type DeliveryFilter, DeliveryStore } from '../../src/delivery/store.ts';
import { TargetReports } from '../../src/delivery/target-reports.ts';
import { TargetStandings } from '../../src/delivery/target-standings.ts';
import { type EventFilter, EventStore } from '../../src/events/store.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/log.ts';
import type { Store } from '../../src/storage/store.ts';
import { deliveryIdAt, eventIdAt } from './ids.ts';
import { onEachStore, type Stage } from './on-each-store.ts';
import { explain, indexesOf, type Plan, plansOf } from './plan-of.ts';

const T = Date.UTC(2026, 0, 31, 12);
const LIMIT = 51;

await onEachStore('plans', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));
  describe('a page of events', () => eventPages(stage));
  describe('a page of deliveries', () => deliveryPages(stage));
  describe('what the engine asks', () => engineQueries(stage));
  describe('the targets', () => targetQueries(stage));
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
  const rare = (at: number): string => `CASE WHEN n % 2000 = ${at} THEN 'rare' ELSE 'common' END`;
  await store.transact(
    [
      `INSERT INTO events (id, source, type, severity, subject, fingerprint, received_at, internal, unrouted, record, payload)
        SELECT ${id('evt')}, CASE WHEN n % 2000 = 3 THEN 'rare' ELSE 'common' END, CASE WHEN n % 2000 = 5 THEN 'rare' ELSE 'common' END,
          CASE WHEN n % 1000 = 0 THEN 4 WHEN n % 1000 = 7 THEN 5 ELSE n % 4 END, CASE WHEN n % 2000 = 9 THEN 'rare' ELSE 'common' END,
          md5(n::text), ${T} + n, (n % 2000 = 11)::int, (n % 2000 = 13)::int, repeat('r', 400), repeat('p', 600) ${rows}`,
      `INSERT INTO deliveries (id, event_id, target, status, internal, attempts, created_at, next_attempt_at, lease_until)
        SELECT ${id('dlv')}, ${id('evt')}, CASE WHEN n % 2000 IN (1, 2, 3) THEN 'rare' ELSE 'common' END,
          CASE WHEN n % 1000 IN (0, 2) THEN 'dead' WHEN n % 1000 IN (1, 4) THEN 'pending' WHEN n % 1000 IN (3, 5) THEN 'skipped' ELSE 'delivered' END,
          0, 1, ${T} + n, ${T} + n, 0 ${rows}`,
      `INSERT INTO attempts (delivery_id, number, started_at, duration_ms, outcome)
        SELECT ${id('dlv')}, 1, ${T} + n, 5, 'delivered' ${rows}`,
      `INSERT INTO event_keys (key, event_id, expires_at) SELECT md5(n::text), ${id('evt')}, ${T} + n ${rows}`,
      `INSERT INTO audit (id, at, actor, action, subject) SELECT ${id('aud')}, n, ${rare(1)}, ${rare(2)}, ${rare(3)} ${rows}`,
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

  test('that a rule took goes along the ids, and no further than it is told to look', async () => {
    const after = eventIdAt(T + AFTER);
    const plans = await plansOf(stage, (store) => new EventStore(store).listTakenBy('r', LIMIT, 500, after));
    expect(plans).toHaveLength(2);
    for (const plan of plans)
      expect(plan, plan.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
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
    [{ status: 'skipped' }, ['deliveries_skipped']],
    [{ status: 'skipped', notReplayed: true }, ['deliveries_skipped']],
    [{ status: 'skipped', target: 'rare', notReplayed: true }, ['deliveries_skipped_target']],
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

function targetQueries(stage: Stage): void {
  test('what waits for a target, and what was skipped for it, is counted along its own index', async () => {
    const reports = (store: Store) =>
      new TargetReports({
        store,
        clock: systemClock,
        engine: { holdOf: () => undefined, breakerUntil: () => 0 },
        standings: new TargetStandings({ store, clock: systemClock, log: silentLogger, heard() {} }),
        tallies: { recent: [] },
        process: 'p',
      });
    const plans = await plansOf(stage, (store) => reports(store).of(['rare']));
    expect(plans[1]?.reads, plans[1]?.text).toEqual([{ index: 'deliveries_pending', seeks: true }]);
  });

  test('the fallback of a dead letter looks at the deliveries of its event', async () => {
    const { sqlite, postgres, columns } = deliveryStatements.insertFallback;
    const query = stage.dialect === 'sqlite' ? sqlite : postgres;
    const values = columns.map((type) => (type === 'text' ? 'x' : 1));
    const parameters = stage.dialect === 'sqlite' ? values : values.map((value) => [value]);
    const plan = await explain(stage, CompiledQuery.raw(query, parameters));
    expect(plan.reads, plan.text).toContainEqual({ index: 'deliveries_event', seeks: true });
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
    const [plan, previous] = await plansOf(stage, (store) => new TokenStore(store).byHash('hash'));
    expect(plan?.reads, plan?.text).toEqual([{ index: 'hash', seeks: true }]);
    expect(previous?.reads, previous?.text).toEqual([{ index: 'tokens_previous', seeks: true }]);
  });

  test('pages through the audit log along its ids', async () => {
    const [plan] = await plansOf(stage, (store) => listAudit(store, {}, LIMIT, 'aud_1'));
    expect(plan, plan?.text).toMatchObject({ reads: [{ index: 'id', seeks: true }], sorts: false });
  });

  test.each<readonly [AuditFilter, string]>([
    [{ actor: 'rare' }, 'audit_actor'],
    [{ action: 'rare' }, 'audit_action'],
    [{ subject: 'rare', since: T }, 'audit_subject'],
  ])('finds what it looks for in the audit log with %j by %s', async (filter, index) => {
    const [plan] = await plansOf(stage, (store) => listAudit(store, filter, LIMIT, 'aud_1'));
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
  });

  test('has old entries of the audit log deleted from their beginning', async () => {
    const [plan] = await plansOf(stage, (store) => forgetAudit(store, T + 99, 500));
    expect(plan && new Set(indexesOf(plan)), plan?.text).toEqual(new Set(['id']));
    expect(plan?.sorts, plan?.text).toBe(false);
  });
}
