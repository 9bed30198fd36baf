import type { Clock } from '../../kernel/clock.ts';
import { among, amongFound, sql } from '../../storage/sql.ts';
import type { Kysely, Store } from '../../storage/store.ts';
import type { FindingId, OpenFinding } from './finding.ts';
import {
  type AwsTables,
  behind,
  cursorOf,
  downTo,
  isMutedAt,
  isSifted,
  narrowed,
  type Place,
  placeOf,
  sifted,
} from './narrow.ts';
import type {
  FindingCount,
  FindingCursor,
  FindingFilter,
  FindingPage,
  FindingReader,
  StandingCount,
  StoredFinding,
} from './port.ts';
import { findingFromRow, serviceOf, severityAt, stateOf } from './row.ts';

/** Rows that one page looks at for what no index answers: some 20 ms. */
const LOOKED = 20_000;

/** Reads findings, and deletes those past their time; they are written through the journal. */
export class FindingStore implements FindingReader {
  readonly #dialect: Store['dialect'];
  readonly #read: Kysely<AwsTables>;
  readonly #write: Kysely<AwsTables>;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#dialect = store.dialect;
    this.#read = store.read.withTables<AwsTables>();
    this.#write = store.write.withTables<AwsTables>();
    this.#clock = clock;
  }

  async openFindings(
    accountId: string,
    after: FindingId | undefined,
    limit: number,
  ): Promise<readonly OpenFinding[]> {
    const rows = await this.#read
      .selectFrom('aws_findings')
      .select(['id', 'check_id', 'place', 'severity', 'digest'])
      .where('account_id', '=', accountId)
      .where('state', '=', sql.lit('open'))
      .where('id', '>', after ?? '')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id as FindingId,
      checkId: row.check_id,
      place: row.place,
      severity: severityAt(row.severity),
      digest: row.digest,
    }));
  }

  async find(filter: FindingFilter, limit: number, after?: FindingCursor): Promise<FindingPage> {
    const from = after === undefined ? undefined : placeOf(after);
    const end = isSifted(filter) ? await this.#endOfLooking(filter, from) : undefined;
    const matching = sifted(narrowed(this.#read, filter), filter, this.#dialect, this.#clock.now());
    const rows = await inOrder(downTo(behind(matching, from), end).selectAll())
      .limit(limit + 1)
      .execute();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const next = last === undefined ? end : { ...last, openedAt: last.opened_at };
    return {
      items: rows.slice(0, limit).map(findingFromRow),
      next: next === undefined ? undefined : cursorOf(next),
    };
  }

  async getMany(ids: readonly FindingId[]): Promise<readonly StoredFinding[]> {
    if (ids.length === 0) return [];
    const rows = await this.#read
      .selectFrom('aws_findings')
      .selectAll()
      .where(among(this.#dialect, 'id', ids))
      .execute();
    const byId = new Map(rows.map((row) => [row.id, findingFromRow(row)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async counts({
    account,
    state,
    service,
  }: Pick<FindingFilter, 'account' | 'state' | 'service'>): Promise<readonly FindingCount[]> {
    const muted = sql<number>`case when ${isMutedAt(this.#clock.now())} then 1 else 0 end`;
    let query = this.#read
      .selectFrom('aws_findings')
      .select(['account_id', 'check_id', 'service', 'state', 'severity', muted.as('muted')])
      .select((found) => found.fn.countAll<number>().as('total'));
    if (account !== undefined) query = query.where('account_id', '=', account);
    if (state !== undefined) query = query.where('state', '=', state);
    if (service !== undefined) query = query.where('service', '=', service);
    const rows = await query
      .groupBy(['account_id', 'check_id', 'service', 'state', 'severity', 'muted'])
      .execute();
    return rows.map((row) => ({
      account: row.account_id,
      check: row.check_id,
      service: serviceOf(row.service),
      state: stateOf(row.state),
      severity: severityAt(row.severity),
      muted: Number(row.muted) === 1,
      count: Number(row.total),
    }));
  }

  async filled(accountId: string): Promise<ReadonlySet<string>> {
    const rows = await this.#read
      .selectFrom('aws_filled')
      .select('key')
      .where('account_id', '=', accountId)
      .execute();
    return new Set(rows.map(({ key }) => key));
  }

  async standing(accountId: string): Promise<readonly StandingCount[]> {
    const rows = await this.#read
      .selectFrom('aws_findings')
      .select(['check_id', 'place', 'severity'])
      .select((found) => found.fn.countAll<number>().as('total'))
      .where('account_id', '=', accountId)
      .where('state', '=', sql.lit('open'))
      .groupBy(['check_id', 'place', 'severity'])
      .execute();
    return rows.map((row) => ({
      checkId: row.check_id,
      place: row.place,
      severity: severityAt(row.severity),
      count: Number(row.total),
    }));
  }

  /** Asked twice, because one can be opened again between its being found and its being deleted. */
  async sweep(before: number, limit: number): Promise<number> {
    const over = this.#write
      .selectFrom('aws_findings')
      .select('id')
      .where('state', '=', sql.lit('resolved'))
      .where('resolved_at', '<', before)
      .limit(limit);
    const result = await this.#write
      .deleteFrom('aws_findings')
      .where(amongFound(this.#dialect, 'id', over))
      .where('state', '=', sql.lit('resolved'))
      .where('resolved_at', '<', before)
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  /** The last that this page looks at. Undefined: to the end. */
  async #endOfLooking(filter: FindingFilter, from: Place | undefined): Promise<Place | undefined> {
    const row = await inOrder(
      behind(narrowed(this.#read, filter), from).select(['severity', 'opened_at', 'id']),
    )
      .limit(1)
      .offset(LOOKED - 1)
      .executeTakeFirst();
    return row === undefined ? undefined : { ...row, openedAt: row.opened_at };
  }
}

/** The most severe first; of those the ones opened last. */
const inOrder = <Query extends { orderBy(column: Column, direction: 'desc'): Query }>(query: Query): Query =>
  query.orderBy('severity', 'desc').orderBy('opened_at', 'desc').orderBy('id', 'desc');

type Column = 'severity' | 'opened_at' | 'id';
