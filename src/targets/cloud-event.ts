import type { TocsinEvent } from '../events/event.ts';
import { oneLine } from '../kernel/one-line.ts';
import { isoTime } from './text.ts';

const ATTRIBUTE_MAX = 256;

/**
 * An event as a CloudEvents 1.0 record in structured JSON mode (media type `application/cloudevents+json`).
 * `data` is the normalised event with the sender's own notification under `payload`: the very text when it is
 * JSON, so that no number loses digits and no key its double; else as a string.
 */
export function cloudEvent(event: TocsinEvent, publicUrl: string): string {
  const { subject } = event;
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: `${publicUrl}/sources/${event.source}`,
    type: `tocsin.${oneLine(event.type, ATTRIBUTE_MAX) || 'event'}`,
    time: isoTime(event.occurredAt) ?? isoTime(event.receivedAt),
    // The standard forbids control characters in attributes, and an empty subject.
    subject: subject ? oneLine(`${subject.kind}/${subject.id}`, ATTRIBUTE_MAX) || undefined : undefined,
    datacontenttype: 'application/json',
  });
  return `${attributes.slice(0, -1)},"data":${eventData(event)}}`;
}

function eventData(event: TocsinEvent): string {
  const { payload, ...fields } = event;
  const normalised = JSON.stringify({
    ...fields,
    occurredAt: isoTime(event.occurredAt),
    receivedAt: isoTime(event.receivedAt),
  });
  return `${normalised.slice(0, -1)},"payload":${isJson(payload) ? payload : JSON.stringify(payload)}}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Recovered by quoting it: a source may take notifications that are not JSON.
    return false;
  }
}
