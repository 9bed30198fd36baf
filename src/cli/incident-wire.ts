import { pageOf } from '../kernel/paging.ts';
import type { Static } from '../kernel/schema.ts';
import { statusWire } from '../incidents/api/status-http.ts';
import {
  type employeeRiskWire,
  employeeWire,
  incidentPageWire,
  type incidentSummaryWire,
  incidentWire,
  invalidRecordWire,
  riskiestWire,
} from '../incidents/api/wire.ts';

/** What the API says of incidents, as the command line checks it. */
export { statusWire as feedsStatus };
export { employeeWire as employee, incidentPageWire as incidentPage, incidentWire as incident, riskiestWire };
export const invalidPage = pageOf(invalidRecordWire);

export type IncidentSummary = Static<typeof incidentSummaryWire>;
export type IncidentDetails = Static<typeof incidentWire>;
export type InvalidRecord = Static<typeof invalidRecordWire>;
export type EmployeeRisk = Static<typeof employeeRiskWire>;
export type EmployeeDetails = Static<typeof employeeWire>;

export type FeedsStatus = Static<typeof statusWire>;
export type FeedStatus = FeedsStatus['feeds'][number];
export type ListStatus = FeedStatus['types'][number];
