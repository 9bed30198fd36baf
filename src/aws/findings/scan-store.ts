import type { Journal } from '../../storage/journal.ts';
import { amongFound, sql } from '../../storage/sql.ts';
import type { SqlValue, Write } from '../../storage/statement.ts';
import { type Kysely, type Store, StoreRefused } from '../../storage/store.ts';
import type { AwsTables } from './narrow.ts';
import type {
  EarlierScans,
  HistoryPoint,
  NewScan,
  ScanClaim,
  ScanEnd,
  ScanFilter,
  ScanReport,
  ScanStore,
  StoredScan,
} from './port.ts';
import { SCAN_STALE_MS } from './port.ts';
import { endRow, pointFromRow, reportFromRow, requestRow, scanColumns, scanFromRow } from './scan-row.ts';
import { scanStatements } from './scan-statements.ts';
import type { ScanId, ScanProgress, ScanState } from './scan.ts';

const UNDER_WAY: readonly ScanState[] = ['requested', 'running'];

/** Scans in the SQL store: what changes one goes through the journal. */
export class SqlScanStore implements ScanStore {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<AwsTables>;
  readonly #write: Kysely<AwsTables>;
  readonly #journal: Pick<Journal, 'submit'>;

  constructor(store: Store, journal: Pick<Journal, 'submit'>) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<AwsTables>();
    this.#write = store.write.withTables<AwsTables>();
    this.#journal = journal;
  }

  async request(scan: NewScan): Promise<boolean> {
    await this.#abandonStale(scan.requestedAt);
    return this.#pass('request', requestRow(scan));
  }

  async begin({ id, runner }: ScanClaim, now: number): Promise<boolean> {
    await this.#abandonStale(now);
    return this.#passUnlessTaken('begin', [id, runner, now]);
  }

  identified({ id, runner }: ScanClaim, accountId: string): Promise<boolean> {
    return this.#passUnlessTaken('identify', [id, runner, accountId]);
  }

  beat({ id, runner }: ScanClaim, now: number, progress: ScanProgress): Promise<boolean> {
    return this.#pass('beat', [id, runner, now, JSON.stringify(progress)]);
  }

  end(claim: ScanClaim, now: number, end: ScanEnd, also: readonly Write[] = []): Promise<boolean> {
    return this.#pass('end', endRow(claim, now, end), also);
  }

  cancel(id: ScanId, now: number, detail: string, also: readonly Write[] = []): Promise<boolean> {
    return this.#pass('cancel', [id, now, detail], also);
  }

  async abandon(
    which: { readonly runner: string } | { readonly beatBefore: number },
    now: number,
  ): Promise<number> {
    const update = this.#write
      .updateTable('aws_scans')
      .set({ state: 'abandoned', ended_at: now, detail: 'The process that made it is gone.' })
      .where('state', 'in', UNDER_WAY)
      // Without a runner it waits for whoever comes.
      .where('runner', 'is not', null);
    const result = await (
      'runner' in which
        ? update.where('runner', '=', which.runner)
        : update.where('heartbeat_at', '<', which.beatBefore)
    ).executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async get(id: ScanId): Promise<ScanReport | undefined> {
    const row = await this.#read.selectFrom('aws_scans').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : reportFromRow(row);
  }

  async list(filter: ScanFilter, limit: number, after?: ScanId): Promise<readonly StoredScan[]> {
    let query = this.#read.selectFrom('aws_scans').select(scanColumns);
    if (filter.account !== undefined) query = query.where('account', '=', filter.account);
    if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    if (filter.trigger !== undefined) query = query.where('origin', '=', filter.trigger);
    if (after !== undefined) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(scanFromRow);
  }

  async before(account: string, id: ScanId): Promise<EarlierScans> {
    const of = (states: readonly ScanState[]) =>
      this.#read
        .selectFrom('aws_scans')
        .selectAll()
        .where('account', '=', account)
        .where('id', '<', id)
        .where('state', 'in', states)
        .orderBy('id', 'desc')
        .limit(1);
    const [ended, done] = await Promise.all([
      of(['done', 'failed']).executeTakeFirst(),
      of(['done']).where('regions', 'is', null).executeTakeFirst(),
    ]);
    return { ended: ended && scanFromRow(ended), done: done && reportFromRow(done) };
  }

  async latestDone(accountId?: string): Promise<readonly ScanReport[]> {
    const rows = await this.#read
      .selectFrom('aws_scans')
      .selectAll()
      .where('id', 'in', this.#lastDoneIds(this.#read, accountId))
      .orderBy('account_id')
      .execute();
    return rows.map(reportFromRow);
  }

  async history(
    {
      accountId,
      since,
      until,
    }: { readonly accountId?: string; readonly since: number; readonly until: number },
    limit: number,
  ): Promise<readonly HistoryPoint[]> {
    let query = this.#read
      .selectFrom('aws_scans')
      .select(['id', 'account_id', 'ended_at', 'summary'])
      .where('state', '=', sql.lit('done'))
      .where('ended_at', '>=', since)
      .where('ended_at', '<', until);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    const rows = await query.orderBy('ended_at', 'desc').limit(limit).execute();
    return rows.toReversed().flatMap((row) => pointFromRow(row) ?? []);
  }

  async sweepScans(before: number, limit: number): Promise<number> {
    const over = this.#write
      .selectFrom('aws_scans')
      .select('id')
      .where('ended_at', '<', before)
      .where('id', 'not in', this.#lastDoneIds(this.#write))
      .limit(limit);
    const result = await this.#write
      .deleteFrom('aws_scans')
      .where(amongFound(this.#dialect, 'id', over))
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  /** What nobody makes any more must not keep others from being made. */
  #abandonStale(now: number): Promise<number> {
    return this.abandon({ beatBefore: now - SCAN_STALE_MS }, now);
  }

  /** Ids are in the order of time. */
  #lastDoneIds(on: Kysely<AwsTables>, accountId?: string) {
    const done = on
      .selectFrom('aws_scans')
      .select(sql<string>`max(id)`.as('last'))
      .where('state', '=', sql.lit('done'))
      .where('account_id', 'is not', null)
      .groupBy('account_id');
    return accountId === undefined ? done : done.where('account_id', '=', accountId);
  }

  async #pass(
    name: keyof typeof scanStatements,
    row: readonly SqlValue[],
    writes: readonly Write[] = [],
  ): Promise<boolean> {
    const guard = { statement: scanStatements[name].name, row };
    const [passed = false] = await this.#journal.submit([{ guard, writes }]);
    return passed;
  }

  /** Two at the same moment may both find the way free; then the index that keeps them apart refuses one. */
  async #passUnlessTaken(name: keyof typeof scanStatements, row: readonly SqlValue[]): Promise<boolean> {
    try {
      return await this.#pass(name, row);
    } catch (error) {
      if (error instanceof StoreRefused) return false;
      throw error;
    }
  }
}
