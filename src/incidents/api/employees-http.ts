import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { pageQuery } from '../../kernel/paging.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { type Static, toInstant } from '../../kernel/schema.ts';
import { INCIDENT_ID_PATTERN } from '../book/incident-id.ts';
import { EMPLOYEE_PATTERN, filterQuery, toFilter } from './filter-query.ts';
import type { IncidentReader, RiskScale } from '../store/port.ts';
import {
  employeeWire,
  riskiestWire,
  type scaleWire,
  toEmployee,
  toEmployeeRisk,
  toIncidentSummary,
} from './wire.ts';

export interface EmployeeRoutesOptions {
  readonly reader: Pick<IncidentReader, 'find' | 'employee' | 'riskiest'>;
  readonly scale: RiskScale;
  readonly clock: Clock;
}

const LATEST = 20;

const shared = {
  method: 'GET',
  access: { kind: 'operator', scope: 'read' },
  tag: 'Incidents',
} as const;

/** Whom incidents are about, and how much. */
export const employeeRoutes = (options: EmployeeRoutesOptions): Route[] => [
  riskiestRoute(options),
  employeeRoute(options),
];

const riskiestRoute = ({ reader, scale, clock }: EmployeeRoutesOptions): Route => {
  const { feed, type, since, until, listed } = filterQuery;
  const { limit } = pageQuery(INCIDENT_ID_PATTERN);
  return defineRoute({
    ...shared,
    path: '/api/v1/incidents/employees',
    summary: 'Employees by the score of their incidents, the highest first',
    query: Type.Object({ limit, feed, type, since, until, listed }),
    reply: { status: 200, schema: riskiestWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit: wanted, ...filter } }) {
      const now = clock.now();
      const found = await reader.riskiest(scale, now, wanted, toFilter(filter));
      return { items: found.map(toEmployeeRisk), scale: toScale(scale, now) };
    },
  });
};

const employeeRoute = ({ reader, scale, clock }: EmployeeRoutesOptions): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/incidents/employees/{employee}',
    summary: 'One employee: score, counts, addresses and the newest incidents',
    params: Type.Object({ employee: Type.String({ pattern: EMPLOYEE_PATTERN }) }),
    reply: { status: 200, schema: employeeWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { employee } }) {
      const now = clock.now();
      const [summary, latest] = await Promise.all([
        reader.employee(employee, scale, now),
        reader.find({ employee }, LATEST),
      ]);
      if (summary === undefined) throw new Problem('not_found', 'This employee has no incident.');
      return {
        ...toEmployee(summary),
        latest: latest.items.map(toIncidentSummary),
        scale: toScale(scale, now),
      };
    },
  });

const toScale = ({ weights, halfLifeMs }: RiskScale, now: number): Static<typeof scaleWire> => ({
  weights: { ...weights },
  halfLifeSeconds: halfLifeMs / 1_000,
  at: toInstant(now),
});
