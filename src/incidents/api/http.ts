import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import { pageQuery } from '../../kernel/paging.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { INCIDENT_ID_PATTERN } from '../book/incident-id.ts';
import { countRoute } from './counts-http.ts';
import { employeeRoutes } from './employees-http.ts';
import { exportRoute } from './export-http.ts';
import { filterQuery, toFilter, traitQuery } from './filter-query.ts';
import { findPage, type IncidentFinder } from './find-page.ts';
import type { IncidentId } from '../incident.ts';
import type { Publication } from '../published.ts';
import type { FeedReport } from '../report.ts';
import { statusRoute } from './status-http.ts';
import type { IncidentReader, RiskScale } from '../store/port.ts';
import {
  incidentPageWire,
  incidentWire,
  invalidPageWire,
  toIncidentSummary,
  toIncidentWire,
  toInvalidRecord,
  toPageWire,
} from './wire.ts';

export interface IncidentRoutesOptions {
  readonly reader: Pick<IncidentReader, 'find' | 'getMany' | 'counts' | 'employee' | 'riskiest'>;
  /** How each feed stands, in the order of the config. */
  readonly reports: () => readonly FeedReport[];
  /** Undefined: no feed is configured. */
  readonly publication: () => Publication | undefined;
  readonly scale: RiskScale;
  readonly clock: Clock;
  readonly log: Logger;
}

const shared = {
  method: 'GET',
  access: { kind: 'operator', scope: 'read' },
  tag: 'Incidents',
} as const;

/** What is known of incidents, history included. */
export function incidentRoutes(options: IncidentRoutesOptions): Route[] {
  const { reader } = options;
  return [
    listRoute(reader),
    unresolvedRoute(reader),
    invalidRoute(reader),
    countRoute(options),
    ...employeeRoutes(options),
    statusRoute(options),
    exportRoute(options),
    oneRoute(reader),
  ];
}

const listRoute = (reader: IncidentFinder): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/incidents',
    summary: 'Incidents of all feeds, those listed no more too, newest first',
    query: Type.Object({ ...pageQuery(INCIDENT_ID_PATTERN), ...filterQuery }),
    reply: { status: 200, schema: incidentPageWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      const page = await findPage(reader, toFilter(filter), limit, cursor as IncidentId | undefined);
      return toPageWire(page, toIncidentSummary);
    },
  });

const shortQuery = {
  feed: traitQuery.feed,
  type: traitQuery.type,
  listed: Type.Boolean({
    default: true,
    description: 'What the feed lists now; false: what it does not any more.',
  }),
};

const unresolvedRoute = (reader: IncidentFinder): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/incidents/unresolved',
    summary: 'Incidents without an employee, newest first',
    query: Type.Object({ ...pageQuery(INCIDENT_ID_PATTERN), ...shortQuery }),
    reply: { status: 200, schema: incidentPageWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      const wanted = { ...filter, attributed: false };
      return toPageWire(
        await findPage(reader, wanted, limit, cursor as IncidentId | undefined),
        toIncidentSummary,
      );
    },
  });

const invalidRoute = (reader: IncidentFinder): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/incidents/invalid',
    summary: 'Records that are no incidents, with what is wrong with each',
    query: Type.Object({ ...pageQuery(INCIDENT_ID_PATTERN), ...shortQuery }),
    reply: { status: 200, schema: invalidPageWire },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, ...filter } }) {
      const wanted = { ...filter, invalid: true };
      return toPageWire(
        await findPage(reader, wanted, limit, cursor as IncidentId | undefined),
        toInvalidRecord,
      );
    },
  });

const oneRoute = (reader: IncidentFinder): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/incidents/{id}',
    summary: 'One incident with its record',
    params: Type.Object({ id: Type.String({ pattern: INCIDENT_ID_PATTERN }) }),
    reply: { status: 200, schema: incidentWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params }) {
      const [incident] = await reader.getMany([params.id as IncidentId]);
      if (incident === undefined) throw new Problem('not_found', 'There is no incident with this id.');
      return toIncidentWire(incident);
    },
  });
