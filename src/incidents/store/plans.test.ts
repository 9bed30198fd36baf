import { CompiledQuery } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { onEachStore } from '../../../tests/contracts/on-each-store.ts';
import { indexesOf, plansOf } from '../../../tests/contracts/plan-of.ts';
import type { Store } from '../../storage/store.ts';
import { incidentIdBound } from '../book/incident-id.ts';
import type { IncidentFilter, IncidentReader } from './port.ts';
import { IncidentStore } from './store.ts';
import { T } from './test-incidents.ts';

const LIMIT = 50;
const AFTER = incidentIdBound(T + 15_000);
const scale = { weights: { low: 1, medium: 3, high: 10, critical: 30 }, halfLifeMs: 1_000 };

await onEachStore('plans of what is asked of incidents', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));
  const plans = (query: (reader: IncidentReader) => Promise<unknown>) =>
    plansOf(stage, (store) => query(new IncidentStore(store)));

  test.each<readonly [IncidentFilter, string]>([
    [{}, 'id'],
    [{ since: T + 1_000, until: T + 9_000 }, 'id'],
    [{ type: 'rare' }, 'incidents_type'],
    [{ employee: 'rare' }, 'incidents_employee'],
    [{ attributed: false }, 'incidents_unresolved'],
    [{ invalid: true }, 'incidents_invalid'],
  ])('a page with %j is read off %s', async (filter, index) => {
    const [plan] = await plans((reader) => reader.find(filter, LIMIT, AFTER));
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
  });

  test('an address is looked up on either side, each in its order', async () => {
    const found = await plans((reader) => reader.find({ address: 'rare' }, LIMIT, AFTER));
    expect(found.map(indexesOf), found[0]?.text).toEqual([['incidents_address'], ['incidents_source']]);
    expect(found.every(({ reads }) => reads.every(({ seeks }) => seeks))).toBe(true);
  });

  test('what no index answers ends where only the ids were counted', async () => {
    const [end] = await plans((reader) => reader.find({ text: 'x' }, LIMIT, AFTER));
    expect(end?.reads, end?.text).toMatchObject([{ seeks: true }]);
    expect(end?.sorts, end?.text).toBe(false);
  });

  test.each<readonly [string, (reader: IncidentReader) => Promise<unknown>, string]>([
    ['what is listed', (reader) => reader.listed('elevate', AFTER, LIMIT), 'incidents_listed'],
    ['what is listed for long', (reader) => reader.listedBefore('elevate', T, LIMIT), 'incidents_listed_at'],
    ['ids', (reader) => reader.getMany([AFTER]), 'id'],
    ['sums', (reader) => reader.riskiest(scale, T, 10, { feed: 'elevate' }), 'incidents_employee'],
    ['somebody', (reader) => reader.employee('rare', scale, T), 'incidents_employee'],
  ])('%s: by an index', async (_name, query, index) => {
    const [plan] = await plans(query);
    // PostgreSQL may well add up the whole table.
    if (stage.dialect === 'postgres' && index === 'incidents_employee' && _name === 'sums') return;
    expect(plan && indexesOf(plan), plan?.text).toContain(index);
    expect(plan && indexesOf(plan), plan?.text).not.toContain(undefined);
  });

  test('sums are made off the index alone', async () => {
    const [plan] = await plans((reader) => reader.riskiest(scale, T, 10, { feed: 'elevate', since: T }));
    if (stage.dialect === 'sqlite') expect(plan?.text).toContain('USING COVERING INDEX incidents_employee');
  });

  test('what is past its time is found by when it left the list', async () => {
    const [plan] = await plans((reader) => reader.sweep(T + 10_000, LIMIT));
    expect(plan && indexesOf(plan).sort(), plan?.text).toEqual(['id', 'incidents_gone']);
    expect(
      plan?.reads.every(({ seeks }) => seeks),
      plan?.text,
    ).toBe(true);
  });

  if (stage.dialect === 'sqlite') return;
  test('what has changed is found by who wrote it', async () => {
    const position = JSON.stringify({ seen: '5:5:', next: '9:9:' });
    const found = await plans(async (reader) => reader.changedSince?.(position));
    expect(found[0]?.text).toMatch(/using incident_identities_revision|Scan on incident_identities_revision/);
    expect(found[1] && indexesOf(found[1]), found[1]?.text).toEqual(['incidents_revision']);
  });
});

/** A service that has run for a while, where what is looked for is rare. */
async function fill(store: Store): Promise<void> {
  const rare = (at: number): string => `CASE WHEN n % 2000 = ${at} THEN 'rare' ELSE 'common' || n % 50 END`;
  await store.transact(
    [
      `INSERT INTO incidents (id, feed, type, priority, timestamp, employee, address, source_address, identities_of,
          first_seen_at, last_seen_at, listed, listed_at, fault, revision, record)
        SELECT 'inc_' || lpad(to_hex((${T}::bigint + n) * 1000), 15, '0') || lpad(to_hex(n), 25, '0'),
          'elevate', ${rare(1)}, n % 4, (${T} + n) / 1000.0, CASE WHEN n % 500 <> 7 THEN ${rare(2)} END, ${rare(3)}, ${rare(4)},
          'elevate', ${T} + n, ${T} + n, CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END, ${T} + n,
          CASE WHEN n % 500 = 9 THEN 'too_long' END, n, repeat('r', 200)
        FROM generate_series(1, 20000) n`,
      `INSERT INTO incident_identities (feed, address, employee, first_seen_at, revision)
        SELECT 'elevate', md5(n::text), n % 900, n, n FROM generate_series(1, 5000) n`,
      'ANALYZE',
    ].map((sql) => CompiledQuery.raw(sql)),
  );
}
