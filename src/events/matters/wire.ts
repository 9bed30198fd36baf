import { Type } from 'typebox';
import { EVENT_ID_PATTERN } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/paging.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../../kernel/schema.ts';
import { matterStates, severities } from '../event.ts';
import { eventSummaryWire, subjectWire } from '../wire.ts';
import type { Matter } from './store.ts';

/** Hex, as sources make it. */
export const FINGERPRINT_PATTERN = '^[0-9a-f]{1,64}$';

/** A matter: what the events of one fingerprint tell together. Times are RFC 3339, UTC. */
export const matterWire = Type.Object({
  fingerprint: Type.String({ pattern: FINGERPRINT_PATTERN }),
  source: Type.String(),
  type: Type.String(),
  severity: oneOf(severities, { description: 'As its newest event says; so are type, title and subject.' }),
  title: Type.String(),
  subject: nullable(subjectWire),
  state: oneOf(matterStates),
  stateAt: instant('When what made it so happened, by the sender or, failing that, by its receipt.'),
  openedAt: instant('When the first of its events happened.'),
  resolvedAt: nullable(instant('When it was last resolved, also of one that was opened again.')),
  updatedAt: instant('When its last event was received.'),
  firstEvent: Type.String({ pattern: EVENT_ID_PATTERN, description: 'May be past retention.' }),
  lastEvent: Type.String({ pattern: EVENT_ID_PATTERN }),
  eventCount: Type.Integer({ description: 'Events ever told of it, those past retention among them.' }),
});

export const matterWithEventsWire = Type.Object({
  ...matterWire.properties,
  events: Type.Object(pageOf(eventSummaryWire).properties, { description: 'Newest first, a page of them.' }),
});

export function toMatterWire(matter: Matter): Static<typeof matterWire> {
  return {
    fingerprint: matter.fingerprint,
    source: matter.source,
    type: matter.type,
    severity: matter.severity,
    title: matter.title,
    subject: matter.subject === undefined ? null : { ...matter.subject },
    state: matter.state,
    stateAt: toInstant(matter.stateAt),
    openedAt: toInstant(matter.openedAt),
    resolvedAt: toInstantOrNull(matter.resolvedAt),
    updatedAt: toInstant(matter.updatedAt),
    firstEvent: matter.firstEvent,
    lastEvent: matter.lastEvent,
    eventCount: matter.eventCount,
  };
}
