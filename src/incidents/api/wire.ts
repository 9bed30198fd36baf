import { Type } from 'typebox';
import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { parseUntrusted } from '../../kernel/json.ts';
import { pageOf } from '../../kernel/paging.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../../kernel/schema.ts';
import { INCIDENT_ID_PATTERN } from '../book/incident-id.ts';
import { identityOrigins, priorities, type Priority, recordFaults } from '../incident.ts';
import type { EmployeeRisk, EmployeeSummary, IncidentPage, StoredIncident } from '../store/port.ts';

const listWire = Type.Object({
  count: Type.Integer(),
  incidents: Type.Array(
    Type.Object(
      { type: Type.String(), priority: oneOf(priorities), timestamp: Type.Number() },
      { additionalProperties: true },
    ),
    { description: "The feed's own records and their type, by timestamp, oldest first." },
  ),
});

/** The contracted document. Made elsewhere: this describes it. */
export const documentWire = Type.Record(
  Type.String({ pattern: '^[0-9]+$' }),
  Type.Object({ low: listWire, medium: listWire, high: listWire, critical: listWire }),
  { description: 'By employee id; every priority is always there.' },
);

/** An incident in a list. Times are RFC 3339, UTC. */
export const incidentSummaryWire = Type.Object({
  id: Type.String({ pattern: INCIDENT_ID_PATTERN }),
  feed: Type.String(),
  type: Type.String(),
  priority: nullable(oneOf(priorities, { description: 'Null only in a record with a fault.' })),
  timestamp: nullable(
    Type.Number({ description: "The incident's own time in Unix seconds, the nearest double." }),
  ),
  occurredAt: nullable(
    instant('The same as an instant, to the millisecond; null for a time that no calendar has.'),
  ),
  employee: nullable(Type.String({ description: 'Decimal digits; null while nobody is known.' })),
  identity: nullable(
    oneOf(identityOrigins, {
      description:
        'How the employee is known: named by the record, by its address as the feed says now, or as it said before it forgot the address. Null without an employee.',
    }),
  ),
  address: nullable(Type.String({ description: 'What the employee is looked up by.' })),
  sourceAddress: nullable(Type.String({ description: "The other side's, where the record names one." })),
  firstSeenAt: instant('When the feed was first seen to list it.'),
  lastSeenAt: nullable(instant('When it was last listed; null while it is.')),
  listed: Type.Boolean({ description: 'The feed lists it now.' }),
  attributedAt: nullable(
    instant('When its employee became known; null where that was so from the first, and without one.'),
  ),
  eventId: nullable(Type.String({ pattern: EVENT_ID_PATTERN, description: 'The event that told of it.' })),
});

export const incidentPageWire = pageOf(incidentSummaryWire);

/** One incident with its record. */
export const incidentWire = Type.Object({
  ...incidentSummaryWire.properties,
  fault: nullable(oneOf(recordFaults, { description: 'Why it is filed under nobody.' })),
  record: Type.Unknown({
    description:
      'The record, parsed, to be read: numbers are doubles. Null where it is no JSON. What counts is `recordText`.',
  }),
  recordText: Type.String({
    description: "The record's own text without blanks: exact, numbers as they came.",
  }),
});

/** A record that is kept, and filed under nobody. */
export const invalidRecordWire = Type.Object({
  id: Type.String({ pattern: INCIDENT_ID_PATTERN }),
  feed: Type.String(),
  type: Type.String(),
  fault: nullable(oneOf(recordFaults, { description: 'What is wrong with it.' })),
  text: Type.String({ description: 'The record as it came, without blanks; cut when it is `too_long`.' }),
  firstSeenAt: instant(),
  lastSeenAt: nullable(instant('When it was last listed; null while it is.')),
  listed: Type.Boolean({ description: 'The feed lists it now.' }),
});

export const invalidPageWire = pageOf(invalidRecordWire);

const count = Type.Integer({ minimum: 0 });
export const countsWire = Type.Object({ low: count, medium: count, high: count, critical: count });

export const employeeRiskWire = Type.Object({
  employee: Type.String({ description: 'Decimal digits.' }),
  score: Type.Number({ description: 'The sum over their incidents: see `scale`.' }),
  counts: countsWire,
  lastAt: nullable(instant('The newest incident.')),
});

export const scaleWire = Type.Object(
  {
    weights: Type.Object({
      low: Type.Number(),
      medium: Type.Number(),
      high: Type.Number(),
      critical: Type.Number(),
    }),
    halfLifeSeconds: Type.Number({ description: 'After so long an incident counts half.' }),
    at: instant('The moment that ages are reckoned to.'),
  },
  { description: 'A score is the sum of weight × 0.5^(age / half-life) over the incidents.' },
);

export const riskiestWire = Type.Object({ items: Type.Array(employeeRiskWire), scale: scaleWire });

export const employeeWire = Type.Object({
  ...employeeRiskWire.properties,
  byType: Type.Record(Type.String(), count, { description: 'Incidents by type.' }),
  firstAt: nullable(instant('The oldest incident.')),
  listed: Type.Integer({ minimum: 0, description: 'Incidents that feeds list now.' }),
  addresses: Type.Array(
    Type.Object({
      feed: Type.String(),
      address: Type.String(),
      forgottenAt: nullable(instant('Since when the feed does not name it any more; null while it does.')),
    }),
    { description: 'What belongs to them as far as is known.' },
  ),
  latest: Type.Array(incidentSummaryWire, {
    description: 'Their newest incidents; all are in `GET /api/v1/incidents?employee=`.',
  }),
  scale: scaleWire,
});

const INSTANT_MS_MAX = 253_402_300_799_999;
const INSTANT_MS_MIN = -62_167_219_200_000;

/** The nearest time that RFC 3339 has a year for: Unix ms. */
export const toCalendar = (ms: number): number => Math.min(INSTANT_MS_MAX, Math.max(INSTANT_MS_MIN, ms));

/** Feeds say what they like: a time that RFC 3339 has no year for is none. */
export const toOwnInstant = (ms: number): string | null => (toCalendar(ms) === ms ? toInstant(ms) : null);

export function toIncidentSummary(incident: StoredIncident): Static<typeof incidentSummaryWire> {
  // A record with a fault may have no time, which reads as 0.
  const hasTime = incident.fault === undefined || incident.timestamp !== 0;
  return {
    id: incident.id,
    feed: incident.feed,
    type: incident.type,
    priority: incident.priority ?? null,
    timestamp: hasTime ? incident.timestamp : null,
    occurredAt: hasTime ? toOwnInstant(incident.timestamp * 1_000) : null,
    employee: incident.employee ?? null,
    identity: incident.identity ?? null,
    address: incident.address ?? null,
    sourceAddress: incident.sourceAddress ?? null,
    firstSeenAt: toInstant(incident.firstSeenAt),
    lastSeenAt: toInstantOrNull(incident.lastSeenAt),
    listed: incident.isListed,
    attributedAt: toInstantOrNull(incident.attributedAt),
    eventId: incident.eventId,
  };
}

export function toIncidentWire(incident: StoredIncident): Static<typeof incidentWire> {
  const parsed = parseUntrusted(incident.record);
  return {
    ...toIncidentSummary(incident),
    fault: incident.fault ?? null,
    record: parsed.ok ? parsed.value : null,
    recordText: incident.record,
  };
}

export const toInvalidRecord = (incident: StoredIncident): Static<typeof invalidRecordWire> => ({
  id: incident.id,
  feed: incident.feed,
  type: incident.type,
  fault: incident.fault ?? null,
  text: incident.record,
  firstSeenAt: toInstant(incident.firstSeenAt),
  lastSeenAt: toInstantOrNull(incident.lastSeenAt),
  listed: incident.isListed,
});

/** A page as a client sees it. */
export const toPageWire = <Item>(
  { items, next }: IncidentPage,
  toItem: (incident: StoredIncident) => Item,
): { items: Item[]; nextCursor: string | null } => ({ items: items.map(toItem), nextCursor: next ?? null });

export const toCounts = ({
  low,
  medium,
  high,
  critical,
}: Readonly<Record<Priority, number>>): Static<typeof countsWire> => ({ low, medium, high, critical });

export const toEmployeeRisk = (risk: EmployeeRisk): Static<typeof employeeRiskWire> => ({
  employee: risk.employee,
  score: risk.score,
  counts: toCounts(risk.counts),
  lastAt: toOwnInstant(risk.lastAt),
});

export const toEmployee = (
  summary: EmployeeSummary,
): Omit<Static<typeof employeeWire>, 'latest' | 'scale'> => ({
  ...toEmployeeRisk(summary),
  byType: { ...summary.byType },
  firstAt: toOwnInstant(summary.firstAt),
  listed: summary.listed,
  addresses: summary.addresses.map(({ feed, address, forgottenAt }) => ({
    feed,
    address,
    forgottenAt: toInstantOrNull(forgottenAt),
  })),
});
