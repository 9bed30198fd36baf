import { sql } from '../../storage/sql.ts';
import type { Kysely } from '../../storage/store.ts';
import { priorities, type Priority } from '../incident.ts';
import { narrowed } from './narrow.ts';
import type { EmployeeRisk, EmployeeSummary, IncidentFilter, RiskScale } from './port.ts';
import { identityFromRow, type IncidentTables } from './row.ts';

/** Addresses that are told of one employee. */
const ADDRESSES_MAX = 1_000;
/** What is that old weighs nothing, and PostgreSQL fails where a double comes to its end. */
const HALVINGS_MAX = 500;

export type RiskFilter = Pick<IncidentFilter, 'feed' | 'type' | 'since' | 'until' | 'listed'>;

type Dialect = 'sqlite' | 'postgres';

/** A number as it is: PostgreSQL would take it for whatever stands beside it. */
const double = (value: number) => sql<number>`cast(${value} as double precision)`;

/** The points of one incident. One that has yet to come is as if it had come now. */
function points({ weights, halfLifeMs }: RiskScale, now: number, dialect: Dialect) {
  const [least, greatest] = dialect === 'sqlite' ? ['min', 'max'] : ['least', 'greatest'];
  const age = sql`${double(now / 1_000)} - timestamp`;
  const halvings = sql`${sql.raw(least)}(${double(HALVINGS_MAX)},
    ${sql.raw(greatest)}(${double(0)}, ${age}) / ${double(halfLifeMs / 1_000)})`;
  const cases = priorities.map(
    (priority, index) => sql`when ${sql.lit(index)} then ${double(weights[priority])}`,
  );
  return sql<number>`case priority ${sql.join(cases, sql` `)} else 0 end * power(${double(0.5)}, ${halvings})`;
}

const numberOf = (index: number) => sql<number>`count(case when priority = ${sql.lit(index)} then 1 end)`;

/** What is summed up over the incidents of somebody. */
const sums = (scale: RiskScale, now: number, dialect: Dialect) =>
  [
    sql<number>`sum(${points(scale, now, dialect)})`.as('score'),
    numberOf(0).as('low'),
    numberOf(1).as('medium'),
    numberOf(2).as('high'),
    numberOf(3).as('critical'),
    sql<number>`max(timestamp)`.as('last'),
  ] as const;

type Sums = Record<Priority | 'score' | 'last', number>;

const riskOf = (employee: string, { score, last, ...counts }: Sums): EmployeeRisk => ({
  employee,
  score,
  counts: { low: counts.low, medium: counts.medium, high: counts.high, critical: counts.critical },
  lastAt: toMs(last),
});

const toMs = (timestamp: number): number => Math.floor(timestamp * 1_000);

/** Those with most points, by way of the index on employees alone unless a type or the list is asked for. */
export async function riskiest(
  read: Kysely<IncidentTables>,
  dialect: Dialect,
  {
    scale,
    now,
    limit,
    filter,
  }: {
    readonly scale: RiskScale;
    readonly now: number;
    readonly limit: number;
    readonly filter: RiskFilter;
  },
): Promise<readonly EmployeeRisk[]> {
  let query = narrowed(read, filter).where('employee', 'is not', null);
  if (filter.feed !== undefined) query = query.where('feed', '=', filter.feed);
  if (filter.listed !== undefined) query = query.where('listed', '=', filter.listed ? 1 : 0);
  const rows = await query
    .select('employee')
    .select(sums(scale, now, dialect))
    .groupBy('employee')
    .orderBy('score', 'desc')
    .orderBy('employee')
    .limit(limit)
    .execute();
  return rows.map(({ employee, ...own }) => riskOf(employee ?? '', own));
}

/** Undefined for somebody without incidents. */
export async function employeeSummary(
  read: Kysely<IncidentTables>,
  dialect: Dialect,
  { employee, scale, now }: { readonly employee: string; readonly scale: RiskScale; readonly now: number },
): Promise<EmployeeSummary | undefined> {
  const theirs = narrowed(read, { employee });
  const [own, types, addresses] = await Promise.all([
    theirs
      .select(sums(scale, now, dialect))
      .select([sql<number>`min(timestamp)`.as('first'), sql<number>`sum(listed)`.as('listed')])
      .executeTakeFirstOrThrow(),
    theirs
      .select(['type', sql<number>`count(*)`.as('total')])
      .groupBy('type')
      .orderBy('type')
      .execute(),
    read
      .selectFrom('incident_identities')
      .select(['feed', 'address', 'employee', 'forgotten_at'])
      .where('employee', '=', employee)
      .orderBy('feed')
      .orderBy('address')
      .limit(ADDRESSES_MAX)
      .execute(),
  ]);
  if (types.length === 0) return undefined;
  const { first, listed, ...risk } = own;
  return {
    ...riskOf(employee, risk),
    firstAt: toMs(first),
    byType: Object.fromEntries(types.map(({ type, total }) => [type, Number(total)])),
    listed: Number(listed),
    addresses: addresses.map((row) => ({ feed: row.feed, ...identityFromRow(row) })),
  };
}
