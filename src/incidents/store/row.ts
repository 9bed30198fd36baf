import type { SqlValue } from '../../storage/statement.ts';
import {
  type AttributedIncident,
  type Identity,
  type IdentityOrigin,
  type IncidentId,
  priorities,
  recordFaults,
} from '../incident.ts';
import type { StoredIncident } from './port.ts';

/** The columns of a new row, in the order of `incidentRow`. */
export const incidentColumns = {
  id: 'text',
  feed: 'text',
  type: 'text',
  priority: 'integer',
  timestamp: 'double precision',
  employee: 'text',
  address: 'text',
  source_address: 'text',
  identities_of: 'text',
  stated: 'text',
  first_seen_at: 'bigint',
  last_seen_at: 'bigint',
  listed: 'integer',
  listed_at: 'bigint',
  attributed_at: 'bigint',
  fault: 'text',
  event_id: 'text',
  record: 'text',
} as const;

export interface IncidentRow {
  readonly id: string;
  readonly feed: string;
  readonly type: string;
  readonly priority: number | null;
  readonly timestamp: number;
  readonly employee: string | null;
  readonly address: string | null;
  readonly source_address: string | null;
  readonly identities_of: string;
  readonly stated: string | null;
  readonly first_seen_at: number;
  readonly last_seen_at: number | null;
  readonly listed: number;
  /** Since when it is on the list, this time or the last. */
  readonly listed_at: number;
  readonly attributed_at: number | null;
  readonly fault: string | null;
  readonly event_id: string | null;
  readonly revision: number;
  readonly record: string;
}
export interface IdentityRow {
  readonly feed: string;
  readonly address: string;
  readonly employee: string;
  readonly first_seen_at: number;
  readonly forgotten_at: number | null;
  readonly revision: number;
}
export type IncidentTables = {
  incidents: IncidentRow;
  incident_identities: IdentityRow;
  incident_feeds: { readonly id: string; readonly report: string };
  incident_filled: { readonly feed: string; readonly type: string };
  incident_conditions: {
    readonly key: string;
    readonly state: string;
    readonly since: number;
    readonly event_id: string | null;
  };
};

/** What is known of a new incident beyond its record. */
export interface NewIncident {
  readonly incident: AttributedIncident;
  /** The feed whose identities its address is looked up in. */
  readonly identitiesOf: string;
  /** Unix ms. */
  readonly firstSeenAt: number;
  /** The event that tells of it; null for what was there before anybody asked. */
  readonly eventId: string | null;
}

/** The row of `insert`: listed, and its employee known from the first if at all. */
export const incidentRow = ({ incident, identitiesOf, firstSeenAt, eventId }: NewIncident): SqlValue[] => [
  incident.id,
  incident.feed,
  incident.type,
  incident.priority === undefined ? null : priorities.indexOf(incident.priority),
  incident.timestamp,
  incident.employee ?? null,
  incident.address ?? null,
  incident.sourceAddress ?? null,
  identitiesOf,
  incident.stated ?? null,
  firstSeenAt,
  null,
  1,
  firstSeenAt,
  null,
  incident.fault ?? null,
  eventId,
  incident.record,
];

/** The row of `relist`. `at` in Unix ms: since when it is listed again, and its employee known, if that is new. */
export const relistRow = (id: IncidentId, employee: string | undefined, at: number): SqlValue[] => [
  id,
  employee ?? null,
  at,
];

/** The row of `delist`; `lastSeenAt` in Unix ms. */
export const delistRow = (id: IncidentId, lastSeenAt: number): SqlValue[] => [id, lastSeenAt];

/** The row of `attribute`; `at` in Unix ms. */
export const attributeRow = (id: IncidentId, employee: string, at: number): SqlValue[] => [id, employee, at];

/** The row of `putIdentity`; `now` in Unix ms: when it was first seen, if it is new. */
export const identityRow = (feed: string, identity: Identity, now: number): SqlValue[] => [
  feed,
  identity.address,
  identity.employee,
  now,
  identity.forgottenAt ?? null,
];

/** The row of `fillType`; `now` in Unix ms. */
export const filledRow = (feed: string, type: string, now: number): SqlValue[] => [
  `${feed}/${type}`,
  feed,
  type,
  now,
];

export const conditionKey = (feed: string, aspect: string): string => `${feed}/${aspect}`;

/** The row of `turnCondition`; `since` in Unix ms. */
export const conditionRow = (
  feed: string,
  aspect: string,
  { state, since, eventId }: { readonly state: string; readonly since: number; readonly eventId: string },
): SqlValue[] => [conditionKey(feed, aspect), state, since, eventId];

/** The row of `putReport`; JSON of `FeedReport`. */
export const reportRow = (feed: string, report: string): SqlValue[] => [feed, report];

export const attributedColumns = [
  'id',
  'feed',
  'type',
  'priority',
  'timestamp',
  'employee',
  'address',
  'source_address',
  'stated',
  'fault',
  'record',
] as const;

export const attributedFromRow = (
  row: Pick<IncidentRow, (typeof attributedColumns)[number]>,
): AttributedIncident => ({
  id: row.id as IncidentId,
  feed: row.feed,
  type: row.type,
  priority: row.priority === null ? undefined : priorities[row.priority],
  timestamp: row.timestamp,
  stated: row.stated ?? undefined,
  address: row.address ?? undefined,
  sourceAddress: row.source_address ?? undefined,
  fault: recordFaults.find((fault) => fault === row.fault),
  record: row.record,
  employee: row.employee ?? undefined,
});

export const storedColumns = [
  ...attributedColumns,
  'first_seen_at',
  'last_seen_at',
  'listed',
  'attributed_at',
  'event_id',
] as const;

/** `forgotten`: whether the feed has forgotten the address; 0, 1, or null where it never named it. */
export type StoredRow = Pick<IncidentRow, (typeof storedColumns)[number]> & {
  readonly forgotten: number | null;
};

export const storedFromRow = (row: StoredRow): StoredIncident => ({
  ...attributedFromRow(row),
  employee: row.employee ?? undefined,
  identity: originOf(row),
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at ?? undefined,
  isListed: row.listed === 1,
  attributedAt: row.attributed_at ?? undefined,
  eventId: row.event_id,
});

/** An identity that is gone from the store counts as one that the feed has forgotten. */
function originOf({ employee, stated, forgotten }: StoredRow): IdentityOrigin | undefined {
  if (employee === null) return undefined;
  if (stated !== null) return 'stated';
  return forgotten === 0 ? 'current' : 'remembered';
}

export const identityFromRow = ({
  address,
  employee,
  forgotten_at,
}: Pick<IdentityRow, 'address' | 'employee' | 'forgotten_at'>): Identity => ({
  address,
  employee,
  forgottenAt: forgotten_at ?? undefined,
});
