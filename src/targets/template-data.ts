import type { TocsinEvent } from '../events/event.ts';
import type { EventId, DeliveryId } from '../kernel/ids.ts';
import type { Job } from './target.ts';
import type { TemplateData } from './template-engine.ts';
import { eventPage, eventText, isoTime } from './text.ts';

/** More of a notification than this is no text for a template. */
const PAYLOAD_MAX = 32_768;

/** What a template can name: `event`, `delivery`, `subject` (the title as it would be without one) and `link`. */
export function templateData({ event, deliveryId, attempt }: Job, publicUrl: string): TemplateData {
  return {
    event: eventData(event),
    delivery: { id: deliveryId, attempt },
    subject: eventText(event, publicUrl).subject,
    link: eventPage(event, publicUrl),
  };
}

/** The event as CloudEvents have it: times in RFC 3339. */
function eventData(event: TocsinEvent): Readonly<Record<keyof TocsinEvent, unknown>> {
  return {
    id: event.id,
    source: event.source,
    type: event.type,
    severity: event.severity,
    title: event.title,
    occurredAt: isoTime(event.occurredAt),
    receivedAt: isoTime(event.receivedAt),
    subject: event.subject,
    fingerprint: event.fingerprint,
    state: event.state,
    labels: event.labels,
    observables: event.observables,
    geo: event.geo,
    link: event.link,
    internalAlert: event.internalAlert,
    payload: event.payload.slice(0, PAYLOAD_MAX),
    payloadSha256: event.payloadSha256,
  };
}

const fullEvent: TocsinEvent = {
  id: `evt_${'0'.repeat(32)}` as EventId, // An id's form, of no event.
  source: 'source',
  type: 'type.of.event',
  severity: 'critical',
  title: 'x'.repeat(300),
  occurredAt: 0,
  receivedAt: 0,
  subject: { kind: 'application', id: 'x'.repeat(256), name: 'x'.repeat(256) },
  fingerprint: '0'.repeat(64),
  state: 'resolved',
  labels: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`label${index}`, 'x'.repeat(500)])),
  observables: Array.from({ length: 100 }, () => ({ kind: 'url', value: 'x'.repeat(2_048) })),
  geo: { source: 'unknown', destination: 'private', allowed: false },
  link: 'https://example.com/',
  internalAlert: { event_kind: 'x'.repeat(500), url: 'https://example.com/' },
  payload: 'x '.repeat(PAYLOAD_MAX / 2),
  payloadSha256: '0'.repeat(64),
};
const bareEvent: TocsinEvent = {
  ...fullEvent,
  severity: 'unknown',
  occurredAt: undefined,
  subject: undefined,
  state: undefined,
  labels: {},
  observables: [],
  geo: undefined,
  link: undefined,
  internalAlert: undefined,
  payload: '',
};

/** The most and the least that an event can hold: what a template makes of both, it makes of those between. */
export const trialData: readonly TemplateData[] = [fullEvent, bareEvent].map((event) =>
  templateData(
    { event, deliveryId: `dlv_${'0'.repeat(32)}` as DeliveryId, attempt: 1, internal: false },
    'https://example.com',
  ),
);

export const rootNames: readonly string[] = Object.keys(trialData[0] ?? {});
/** The names right below `event`, and so on, where they are a closed set. */
export const fieldNames: Readonly<Record<string, readonly string[]>> = {
  event: Object.keys(eventData(fullEvent)),
  delivery: ['id', 'attempt'],
};
