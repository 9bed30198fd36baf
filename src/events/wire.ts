import { Type } from 'typebox';
import { EVENT_ID_PATTERN } from '../kernel/ids.ts';
import { pageOf } from '../kernel/paging.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../kernel/schema.ts';
import { matterStates, observableKinds, severities } from './event.ts';
import { type Geo, PLACE_PATTERN } from './geo.ts';
import type { Acknowledgement, Note } from './notes/note.ts';
import { acknowledgementWire, noteWire, toAcknowledgementWire, toNoteWire } from './notes/wire.ts';
import type { ListedEvent, StoredEvent } from './store.ts';

export const subjectWire = Type.Object({
  kind: Type.String(),
  id: Type.String(),
  name: Type.Optional(Type.String()),
});

const placeWire = (description: string) => nullable(Type.String({ pattern: PLACE_PATTERN, description }));

export const geoWire = Type.Object({
  source: placeWire('Where it came from: a country (ISO 3166-1 alpha-2), `private` or `unknown`.'),
  destination: placeWire('Where it went.'),
  allowed: Type.Boolean({
    description:
      'False when a side is in a country outside of its list. What is private or unknown is not disallowed.',
  }),
});

/** An event in a list. Times are RFC 3339, UTC. */
export const eventSummaryWire = Type.Object({
  id: Type.String({ pattern: EVENT_ID_PATTERN }),
  source: Type.String(),
  type: Type.String(),
  severity: oneOf(severities),
  title: Type.String(),
  occurredAt: nullable(instant('When it happened, as the sender says.')),
  receivedAt: instant('When it was taken in.'),
  subject: nullable(subjectWire),
  fingerprint: Type.String({ description: 'Shared by the events of one matter.' }),
  state: nullable(
    oneOf(matterStates, {
      description: 'What it makes of its matter; null from senders that never tell an end.',
    }),
  ),
  labels: Type.Record(Type.String(), Type.String()),
  observables: Type.Array(Type.Object({ kind: oneOf(observableKinds), value: Type.String() })),
  geo: nullable(geoWire),
  link: nullable(Type.String()),
  internal: Type.Boolean({ description: 'It is about our own application.' }),
  unrouted: Type.Boolean({ description: 'No rule took it.' }),
  duplicates: Type.Integer({ description: "The sender's repeats that were absorbed." }),
  lastDuplicateAt: nullable(instant('When the last of them came.')),
  acknowledged: Type.Boolean({ description: 'An operator has taken note of it.' }),
});

/** A page of events; of a search with how far it has seen. */
export const eventPageWire = Type.Object({
  ...pageOf(eventSummaryWire).properties,
  search: Type.Optional(
    Type.Object(
      {
        indexedUntil: nullable(instant('When the newest event of the search index was received.')),
        complete: Type.Boolean({
          description: 'Nothing was left out. False: the index is behind, or is being filled.',
        }),
      },
      { description: 'Of a search: how far it has seen.' },
    ),
  ),
});

/** One event with its own text and the rules that took it. */
export const eventWire = Type.Object({
  ...eventSummaryWire.properties,
  matched: Type.Array(Type.Object({ rule: Type.String(), targets: Type.Array(Type.String()) })),
  internalAlert: nullable(Type.Record(Type.String(), Type.Unknown())),
  payload: Type.String({ description: 'The notification, byte for byte.' }),
  payloadSha256: Type.String(),
  acknowledgement: nullable(acknowledgementWire),
  notes: Type.Array(noteWire, { description: 'Oldest first.' }),
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
    state: event.state ?? null,
    labels: { ...event.labels },
    observables: event.observables.map((observable) => ({ ...observable })),
    geo: event.geo === undefined ? null : toGeoWire(event.geo),
    link: event.link ?? null,
    internal: event.internalAlert !== undefined,
    unrouted: event.unrouted,
    duplicates: event.duplicates,
    lastDuplicateAt: toInstantOrNull(event.lastDuplicateAt),
    acknowledged: event.acknowledged,
  };
}

const toGeoWire = ({ source, destination, allowed }: Geo): Static<typeof geoWire> => ({
  source: source ?? null,
  destination: destination ?? null,
  allowed,
});

/** What operators said of an event. */
export interface Said {
  readonly acknowledgement: Acknowledgement | undefined;
  readonly notes: readonly Note[];
}

export function toEventWire(event: StoredEvent, { acknowledgement, notes }: Said): Static<typeof eventWire> {
  return {
    ...toEventSummary({ ...event, acknowledged: acknowledgement !== undefined }),
    matched: event.matched.map(({ rule, targets }) => ({ rule, targets: [...targets] })),
    internalAlert: event.internalAlert === undefined ? null : { ...event.internalAlert },
    payload: event.payload,
    payloadSha256: event.payloadSha256,
    acknowledgement: acknowledgement === undefined ? null : toAcknowledgementWire(acknowledgement),
    notes: notes.map(toNoteWire),
  };
}
