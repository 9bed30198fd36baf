import { Type } from 'typebox';
import { EVENT_ID_PATTERN } from '../kernel/ids.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../kernel/schema.ts';
import { observableKinds, severities } from './event.ts';
import type { ListedEvent, StoredEvent } from './store.ts';

/** An event in a list. Times are RFC 3339, UTC. */
export const eventSummaryWire = Type.Object({
  id: Type.String({ pattern: EVENT_ID_PATTERN }),
  source: Type.String(),
  type: Type.String(),
  severity: oneOf(severities),
  title: Type.String(),
  occurredAt: nullable(instant('When it happened, as the sender says.')),
  receivedAt: instant('When it was taken in.'),
  subject: nullable(
    Type.Object({ kind: Type.String(), id: Type.String(), name: Type.Optional(Type.String()) }),
  ),
  fingerprint: Type.String({ description: 'Shared by the events of one matter.' }),
  labels: Type.Record(Type.String(), Type.String()),
  observables: Type.Array(Type.Object({ kind: oneOf(observableKinds), value: Type.String() })),
  link: nullable(Type.String()),
  internal: Type.Boolean({ description: 'It is about our own application.' }),
  unrouted: Type.Boolean({ description: 'No rule took it.' }),
  duplicates: Type.Integer({ description: "The sender's repeats that were absorbed." }),
  lastDuplicateAt: nullable(instant('When the last of them came.')),
});

/** One event with its own text and the rules that took it. */
export const eventWire = Type.Object({
  ...eventSummaryWire.properties,
  matched: Type.Array(Type.Object({ rule: Type.String(), targets: Type.Array(Type.String()) })),
  internalAlert: nullable(Type.Record(Type.String(), Type.Unknown())),
  payload: Type.String({ description: 'The notification, byte for byte.' }),
  payloadSha256: Type.String(),
});

export function toEventSummary(event: ListedEvent): Static<typeof eventSummaryWire> {
  return {
    id: event.id,
    source: event.source,
    type: event.type,
    severity: event.severity,
    title: event.title,
    occurredAt: toInstantOrNull(event.occurredAt),
    receivedAt: toInstant(event.receivedAt),
    subject: event.subject === undefined ? null : { ...event.subject },
    fingerprint: event.fingerprint,
    labels: { ...event.labels },
    observables: event.observables.map((observable) => ({ ...observable })),
    link: event.link ?? null,
    internal: event.internalAlert !== undefined,
    unrouted: event.unrouted,
    duplicates: event.duplicates,
    lastDuplicateAt: toInstantOrNull(event.lastDuplicateAt),
  };
}

export function toEventWire(event: StoredEvent): Static<typeof eventWire> {
  return {
    ...toEventSummary(event),
    matched: event.matched.map(({ rule, targets }) => ({ rule, targets: [...targets] })),
    internalAlert: event.internalAlert === undefined ? null : { ...event.internalAlert },
    payload: event.payload,
    payloadSha256: event.payloadSha256,
  };
}
