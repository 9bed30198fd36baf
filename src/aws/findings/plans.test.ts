import { CompiledQuery } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { onEachStore } from '../../../tests/contracts/on-each-store.ts';
import { indexesOf, plansOf } from '../../../tests/contracts/plan-of.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Journal } from '../../storage/journal.ts';
import type { Store } from '../../storage/store.ts';
import { cursorOf } from './narrow.ts';
import type { FindingFilter, FindingReader, ScanStore } from './port.ts';
import { SqlScanStore } from './scan-store.ts';
import type { ScanId } from './scan.ts';
import { FindingStore } from './store.ts';
import { ACCOUNT, arnOf, idOf, T } from './test-findings.ts';

const LIMIT = 50;
const AFTER = cursorOf({ severity: 3, openedAt: T, id: idOf('a') });
const SCAN: ScanId = 'scn_0198';

await onEachStore('plans of what is asked of findings', (stage) => {
  if (stage.dialect === 'postgres') beforeAll(() => fill(stage.store));
  const clock = new ManualClock();
  const plans = (query: (reader: FindingReader) => Promise<unknown>) =>
    plansOf(stage, (store) => query(new FindingStore(store, clock)));
  const scanPlans = (query: (scans: ScanStore) => Promise<unknown>) =>
    plansOf(stage, (store) => query(new SqlScanStore(store, new Journal(store, silentLogger))));

  test.each<readonly [FindingFilter, string]>([
    [{}, 'aws_findings_order'],
    [{ state: 'open' }, 'aws_findings_open'],
    [{ account: '1' }, 'aws_findings_account'],
    [{ checks: ['s3.rare'] }, 'aws_findings_check'],
    [{ resource: arnOf('rare') }, 'aws_findings_resource'],
  ])('a page with %j is read off %s, in its order', async (filter, index) => {
    const [plan] = await plans((reader) => reader.find(filter, LIMIT, AFTER));
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    if (stage.dialect === 'sqlite') expect(plan?.sorts, plan?.text).toBe(false);
  });

  test.each<readonly [FindingFilter, string]>([
    [{ state: 'open', severity: 'high' }, 'aws_findings_open'],
    [{ account: '1', state: 'open', text: 'x' }, 'aws_findings_account'],
    [{ checks: ['a', 'b'] }, 'aws_findings_order'],
  ])('with %j no more of %s is looked at than it says', async (filter, index) => {
    // PostgreSQL may well sort a table that is no longer than what would be looked at.
    if (stage.dialect === 'postgres') return;
    const [end] = await plans((reader) => reader.find(filter, LIMIT, AFTER));
    expect(end?.reads, end?.text).toEqual([{ index, seeks: true }]);
    expect(end?.sorts, end?.text).toBe(false);
  });

  test.each<readonly [string, (reader: FindingReader) => Promise<unknown>, string]>([
    ['what is open', (reader) => reader.openFindings(ACCOUNT, idOf('a'), LIMIT), 'aws_findings_known'],
    ['ids', (reader) => reader.getMany([idOf('a')]), 'id'],
    ['what is past its time', (reader) => reader.sweep(T, LIMIT), 'aws_findings_resolved'],
  ])('%s: by an index', async (_name, query, index) => {
    const [plan] = await plans(query);
    expect(plan && indexesOf(plan), plan?.text).toContain(index);
    expect(plan && indexesOf(plan), plan?.text).not.toContain(undefined);
  });

  test('what is counted is counted off the index alone', async () => {
    const [plan] = await plans((reader) => reader.counts({ account: ACCOUNT, state: 'open' }));
    if (stage.dialect === 'sqlite') expect(plan?.text).toContain('USING COVERING INDEX aws_findings_counts');
  });

  test.each<readonly [string, (scans: ScanStore) => Promise<unknown>, string]>([
    [
      'the scans of a configured account',
      (scans) => scans.list({ account: 'a' }, LIMIT, SCAN),
      'aws_scans_account',
    ],
    ['what was before a scan', (scans) => scans.before('a', SCAN), 'aws_scans_account'],
    ['the points of a chart', (scans) => scans.history({ since: T, until: T + 1 }, LIMIT), 'aws_scans_state'],
  ])('%s: by an index', async (_name, query, index) => {
    const [plan] = await scanPlans(query);
    if (stage.dialect === 'postgres') return;
    expect(plan?.reads, plan?.text).toEqual([{ index, seeks: true }]);
    expect(plan?.sorts, plan?.text).toBe(false);
  });
});

/** A service that has run for a while, where what is looked for is rare. */
async function fill(store: Store): Promise<void> {
  await store.transact(
    [
      `INSERT INTO aws_findings (id, account_id, check_id, service, place, state, severity, region, first_seen_at,
          last_seen_at, opened_at, times_opened, resolved_at, scan_id, digest, resource_type, resource_arn,
          resource_name, reason, evidence)
        SELECT 'fnd_' || md5(n::text), n % 40, 's3.common' || n % 30, 's3', 'global',
          CASE WHEN n % 3 = 0 THEN 'open' ELSE 'resolved' END, n % 5, 'eu-west-1', ${T} + n, ${T} + n, ${T} + n, 1,
          CASE WHEN n % 3 <> 0 THEN ${T} + n END, 'scn_1', md5(n::text), 'bucket', 'arn:aws:s3:::b' || n, 'b' || n,
          repeat('r', 100), '{}'
        FROM generate_series(1, 20000) n`,
      'ANALYZE',
    ].map((sql) => CompiledQuery.raw(sql)),
  );
}
