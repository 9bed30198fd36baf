import type { EventId } from '../kernel/ids.ts';
import type { SqlValue } from '../storage/statement.ts';
import { type MatterState, severities, severityRank, type TocsinEvent } from './event.ts';
import type { Geo } from './geo.ts';

/** Which rules took the event, as stored with it. */
export type Matched = readonly { readonly rule: string; readonly targets: readonly string[] }[];

/** An event with what became of it. */
export interface StoredEvent extends TocsinEvent {
  readonly matched: Matched;
  readonly unrouted: boolean;
  /** Repeats by the sender that were absorbed. */
  readonly duplicates: number;
  readonly lastDuplicateAt: number | undefined;
}

/** As lists have it: a page of whole payloads could be gigabytes. */
export interface ListedEvent extends Omit<StoredEvent, 'payload'> {
  readonly acknowledged: boolean;
}

export type EventRow = {
  id: string;
  source: string;
  type: string;
  severity: number;
  subject: string | null;
  fingerprint: string;
  received_at: number;
  internal: number;
  unrouted: number;
  state: string | null;
  geo_source: string | null;
  geo_destination: string | null;
  /** Null when the event names neither side. */
  geo_allowed: number | null;
  record: string;
  payload: string;
  duplicates: number;
  last_duplicate_at: number | null;
};
export type EventTables = {
  events: EventRow;
  event_keys: { key: string; event_id: string; expires_at: number };
  acknowledgements: { event_id: string };
};

/** What has no column of its own: read back whole, never searched. */
type EventRecord = Pick<
  TocsinEvent,
  'title' | 'occurredAt' | 'subject' | 'labels' | 'observables' | 'link' | 'internalAlert' | 'payloadSha256'
> & { readonly matched: Matched };

export function eventRow(event: TocsinEvent, matched: Matched): SqlValue[] {
  const record: EventRecord = {
    title: event.title,
    occurredAt: event.occurredAt,
    subject: event.subject,
    labels: event.labels,
    observables: event.observables,
    link: event.link,
    internalAlert: event.internalAlert,
    payloadSha256: event.payloadSha256,
    matched,
  };
  return [
    event.id,
    event.source,
    event.type,
    severityRank(event.severity),
    event.subject?.id ?? null,
    event.fingerprint,
    event.receivedAt,
    event.internalAlert === undefined ? 0 : 1,
    matched.length === 0 ? 1 : 0,
    event.state ?? null,
    event.geo?.source ?? null,
    event.geo?.destination ?? null,
    event.geo === undefined ? null : event.geo.allowed ? 1 : 0,
    JSON.stringify(record),
    event.payload,
  ];
}

/** All of a row but its payload. */
export const LISTED = [
  'id',
  'source',
  'type',
  'severity',
  'fingerprint',
  'received_at',
  'unrouted',
  'state',
  'geo_source',
  'geo_destination',
  'geo_allowed',
  'record',
  'duplicates',
  'last_duplicate_at',
] as const;

export const fromRow = (row: EventRow): StoredEvent => ({ ...withoutPayload(row), payload: row.payload });

type ListedRow = Pick<EventRow, (typeof LISTED)[number]>;
export const listedFromRow = (row: ListedRow & { readonly acknowledged: number }): ListedEvent => ({
  ...withoutPayload(row),
  acknowledged: row.acknowledged > 0,
});

function withoutPayload(row: ListedRow): Omit<StoredEvent, 'payload'> {
  // Written by `eventRow` of this or an earlier version; migrations change what they mean.
  const record = JSON.parse(row.record) as EventRecord;
  return {
    ...record,
    occurredAt: record.occurredAt,
    subject: record.subject,
    link: record.link,
    internalAlert: record.internalAlert,
    id: row.id as EventId,
    source: row.source,
    type: row.type,
    severity: severities[row.severity] ?? 'unknown',
    fingerprint: row.fingerprint,
    // Written by `eventRow` alone.
    state: (row.state as MatterState | null) ?? undefined,
    receivedAt: row.received_at,
    geo: geoOf(row),
    unrouted: row.unrouted === 1,
    duplicates: row.duplicates,
    lastDuplicateAt: row.last_duplicate_at ?? undefined,
  };
}

const geoOf = (row: ListedRow): Geo | undefined =>
  row.geo_allowed === null
    ? undefined
    : {
        source: row.geo_source ?? undefined,
        destination: row.geo_destination ?? undefined,
        allowed: row.geo_allowed === 1,
      };
