import { among, amongFound, sql } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import type { AttributedIncident, Identity, IncidentId } from '../incident.ts';
import { changedSince } from './changes.ts';
import { countSteps, type PeriodFilter } from './counts.ts';
import { isSifted, narrowed, sifted, type Side } from './narrow.ts';
import type {
  ChangedPage,
  CountPoint,
  EmployeeRisk,
  EmployeeSummary,
  IncidentFilter,
  IncidentPage,
  IncidentReader,
  ListedTypes,
  RiskScale,
  StoredCondition,
  StoredFeed,
  StoredIncident,
} from './port.ts';
import { employeeSummary, riskiest, type RiskFilter } from './risk.ts';
import {
  attributedColumns,
  attributedFromRow,
  identityFromRow,
  type IncidentTables,
  storedColumns,
  storedFromRow,
  type StoredRow,
} from './row.ts';

/** Rows that one page looks at, for a text in each, or for what no index answers: some 20 ms. */
const LOOKED_WITH_TEXT = 5_000;
const LOOKED = 20_000;
const COUNTED_WITH_TEXT = 50_000;

/** How the feed stands to the address now; looked up by its key for a row that is read anyway. */
const FORGOTTEN = sql<number | null>`(select case when i.forgotten_at is null then 0 else 1 end
  from incident_identities i where i.feed = incidents.identities_of and i.address = incidents.address)`;

/** Reads incidents, and deletes those past their time; they are written through the journal. */
export class IncidentStore implements IncidentReader {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<IncidentTables>;
  readonly #write: Kysely<IncidentTables>;
  readonly changedSince?: (position: string | undefined) => Promise<ChangedPage>;

  constructor(store: Store) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<IncidentTables>();
    this.#write = store.write.withTables<IncidentTables>();
    if (store.dialect === 'postgres') this.changedSince = (position) => changedSince(this.#read, position);
  }

  async feeds(): Promise<readonly StoredFeed[]> {
    const [reports, types] = await Promise.all([
      this.#read.selectFrom('incident_feeds').select(['id', 'report']).execute(),
      this.#read.selectFrom('incident_filled').select(['feed', 'type']).orderBy('type').execute(),
    ]);
    const reportOf = new Map(reports.map(({ id, report }) => [id, report]));
    const ids = new Set([...reportOf.keys(), ...types.map(({ feed }) => feed)]);
    return [...ids].sort().map((id) => ({
      id,
      filled: types.filter(({ feed }) => feed === id).map(({ type }) => type),
      report: reportOf.get(id),
    }));
  }

  async conditions(): Promise<readonly StoredCondition[]> {
    return this.#read
      .selectFrom('incident_conditions')
      .select(['key', 'state', 'since'])
      .orderBy('key')
      .execute();
  }

  async listed(
    feed: string,
    after: IncidentId | undefined,
    limit: number,
  ): Promise<readonly AttributedIncident[]> {
    const rows = await this.#read
      .selectFrom('incidents')
      .select(attributedColumns)
      .where('feed', '=', feed)
      .where('listed', '=', sql.lit(1))
      .where('id', '>', after ?? '')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(attributedFromRow);
  }

  /** Those that are on the list since before `before`, Unix ms, the longest first. */
  async listedBefore(feed: string, before: number, limit: number): Promise<readonly IncidentId[]> {
    const rows = await this.#read
      .selectFrom('incidents')
      .select('id')
      .where('feed', '=', feed)
      .where('listed', '=', sql.lit(1))
      .where('listed_at', '<', before)
      .orderBy('listed_at')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id as IncidentId);
  }

  async listedOutside(feeds: readonly ListedTypes[], limit: number): Promise<readonly IncidentId[]> {
    let query = this.#read.selectFrom('incidents').select('id').where('listed', '=', sql.lit(1));
    for (const { id, types } of feeds) {
      query = query.where((outside) =>
        outside.or([outside('feed', '<>', id), outside('type', 'not in', types)]),
      );
    }
    const rows = await query.limit(limit).execute();
    return rows.map((row) => row.id as IncidentId);
  }

  async identities(feed: string, after: string | undefined, limit: number): Promise<readonly Identity[]> {
    let query = this.#read
      .selectFrom('incident_identities')
      .select(['address', 'employee', 'forgotten_at'])
      .where('feed', '=', feed);
    if (after !== undefined) query = query.where('address', '>', after);
    return (await query.orderBy('address').limit(limit).execute()).map(identityFromRow);
  }

  /** In the order of `ids`, without those that are not there. */
  async getMany(ids: readonly IncidentId[]): Promise<readonly StoredIncident[]> {
    if (ids.length === 0) return [];
    const rows = await this.#read
      .selectFrom('incidents')
      .select(storedColumns)
      .select(FORGOTTEN.as('forgotten'))
      .where(among(this.#dialect, 'id', ids))
      .execute();
    const byId = new Map(rows.map((row) => [row.id, storedFromRow(row)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async find(filter: IncidentFilter, limit: number, after?: IncidentId): Promise<IncidentPage> {
    const sides: readonly (Side | undefined)[] =
      filter.address === undefined ? [undefined] : ['address', 'source_address'];
    const end = isSifted(filter) ? await this.#endOfLooking(filter, sides, after) : undefined;
    const found = await Promise.all(sides.map((side) => this.#page(filter, side, limit + 1, after, end)));
    const byId = new Map(found.flat().map((row) => [row.id, row]));
    const rows = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = rows.slice(0, limit).map(storedFromRow);
    return { items, next: rows.length > limit ? items.at(-1)?.id : end };
  }

  /** Counted up to `limit`; with a text, among the newest only. */
  async count(filter: IncidentFilter, limit: number): Promise<number> {
    const end =
      filter.text === undefined
        ? undefined
        : await this.#nth(filter, undefined, undefined, COUNTED_WITH_TEXT);
    let query = sifted(narrowed(this.#read, filter), filter, this.#dialect);
    if (end !== undefined) query = query.where('id', '>=', end);
    const row = await this.#read
      .selectFrom(query.select('id').limit(limit).as('found'))
      .select((found) => found.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return Number(row.total);
  }

  employee(employee: string, scale: RiskScale, now: number): Promise<EmployeeSummary | undefined> {
    return employeeSummary(this.#read, this.#dialect, { employee, scale, now });
  }

  riskiest(
    scale: RiskScale,
    now: number,
    limit: number,
    filter: RiskFilter,
  ): Promise<readonly EmployeeRisk[]> {
    return riskiest(this.#read, this.#dialect, { scale, now, limit, filter });
  }

  counts(filter: PeriodFilter, stepMs: number): Promise<readonly CountPoint[]> {
    return countSteps(this.#read, this.#dialect, filter, stepMs);
  }

  /** Asked twice, because one can be listed again between its being found and its being deleted. */
  async sweep(before: number, limit: number): Promise<number> {
    const gone = this.#write
      .selectFrom('incidents')
      .select('id')
      .where('listed', '=', sql.lit(0))
      .where('last_seen_at', '<', before)
      .limit(limit);
    const result = await this.#write
      .deleteFrom('incidents')
      .where(amongFound(this.#dialect, 'id', gone))
      .where('listed', '=', sql.lit(0))
      .where('last_seen_at', '<', before)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  async sweepIdentities(before: number, limit: number): Promise<number> {
    const { numAffectedRows } = await sql`
      delete from incident_identities where (feed, address) in (
        select feed, address from incident_identities where forgotten_at < ${before} limit ${limit})
      and forgotten_at < ${before}`.execute(this.#write);
    return Number(numAffectedRows ?? 0);
  }

  /** The last that this page looks at: down to there every side has been looked through. Undefined: to the end. */
  async #endOfLooking(
    filter: IncidentFilter,
    sides: readonly (Side | undefined)[],
    after: IncidentId | undefined,
  ): Promise<IncidentId | undefined> {
    const looked = filter.text === undefined ? LOOKED : LOOKED_WITH_TEXT;
    const ends = await Promise.all(sides.map((side) => this.#nth(filter, side, after, looked)));
    return ends
      .filter((end) => end !== undefined)
      .sort()
      .at(-1);
  }

  async #nth(
    filter: IncidentFilter,
    side: Side | undefined,
    after: IncidentId | undefined,
    n: number,
  ): Promise<IncidentId | undefined> {
    let query = narrowed(this.#read, filter, side).select('id');
    if (after !== undefined) query = query.where('id', '<', after);
    const row = await query
      .orderBy('id', 'desc')
      .limit(1)
      .offset(n - 1)
      .executeTakeFirst();
    return row?.id as IncidentId | undefined;
  }

  #page(
    filter: IncidentFilter,
    side: Side | undefined,
    limit: number,
    after: IncidentId | undefined,
    end: IncidentId | undefined,
  ): Promise<StoredRow[]> {
    let query = sifted(narrowed(this.#read, filter, side), filter, this.#dialect);
    if (after !== undefined) query = query.where('id', '<', after);
    if (end !== undefined) query = query.where('id', '>=', end);
    return query
      .select(storedColumns)
      .select(FORGOTTEN.as('forgotten'))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }
}
