import { sql } from '../../storage/sql.ts';
import type { Kysely } from '../../storage/store.ts';
import { priorities, type Priority } from '../incident.ts';
import { narrowed, sifted } from './narrow.ts';
import type { CountPoint, IncidentFilter } from './port.ts';
import type { IncidentTables } from './row.ts';

export const STEPS_MAX = 2_000;

export type PeriodFilter = IncidentFilter & { readonly since: number; readonly until: number };

/** How many incidents each step of the period has. Throws RangeError for more steps than there may be. */
export async function countSteps(
  read: Kysely<IncidentTables>,
  dialect: 'sqlite' | 'postgres',
  filter: PeriodFilter,
  stepMs: number,
): Promise<readonly CountPoint[]> {
  const { since, until } = filter;
  const steps = Math.ceil((until - since) / stepMs);
  if (!(stepMs > 0) || steps > STEPS_MAX) throw new RangeError(`more than ${STEPS_MAX} steps`);
  const step = sql<number>`floor((timestamp * 1000 - cast(${since} as double precision)) / cast(${stepMs} as double precision))`;
  const rows = await sifted(narrowed(read, filter), filter, dialect)
    .select([step.as('step'), 'priority', sql<number>`count(*)`.as('total')])
    .where('priority', 'is not', null)
    .groupBy(['step', 'priority'])
    .execute();
  const counts = new Map<number, Record<Priority, number>>();
  for (const row of rows) {
    // The bounds are of whole microseconds, the instants are not.
    const at = since + Math.min(Math.max(row.step, 0), steps - 1) * stepMs;
    const priority = priorities[row.priority ?? 0] ?? 'low';
    const point = counts.get(at) ?? { low: 0, medium: 0, high: 0, critical: 0 };
    counts.set(at, { ...point, [priority]: point[priority] + Number(row.total) });
  }
  return [...counts].map(([at, each]) => ({ at, counts: each })).sort((a, b) => a.at - b.at);
}
