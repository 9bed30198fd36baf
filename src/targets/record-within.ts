import type { TocsinEvent } from '../events/event.ts';
import { oneLine } from '../kernel/one-line.ts';
import { recordBody, type RecordFormat } from './record.ts';
import { fieldText } from './text.ts';

const TITLE_MAX = 1_000;
const VALUE_MAX = 300;
const VALUES_MAX = 20;

/**
 * The event as one JSON text of at most so many bytes, for receivers that take no larger message: whole, else
 * without the sender's notification, else in short. An alert in part is better than one that never arrives; the
 * event's id leads to the rest. Any event in short is less than 64 KiB.
 */
export function recordWithin(
  bytesMax: number,
  format: RecordFormat,
  event: TocsinEvent,
  publicUrl: string,
): string {
  const candidates = [() => event, () => withoutPayload(event), () => inShort(withoutPayload(event))];
  let text = '';
  for (const candidate of candidates) {
    text = recordBody(format, candidate(), publicUrl);
    if (Buffer.byteLength(text) <= bytesMax) return text;
  }
  return text;
}

function withoutPayload(event: TocsinEvent): TocsinEvent {
  const omitted = { omitted: 'too large for this target', bytes: Buffer.byteLength(event.payload) };
  return { ...event, payload: JSON.stringify(omitted) };
}

function inShort(event: TocsinEvent): TocsinEvent {
  const { subject, link = '', internalAlert } = event;
  return {
    ...event,
    type: oneLine(event.type, VALUE_MAX),
    title: oneLine(event.title, TITLE_MAX),
    subject: subject && {
      kind: oneLine(subject.kind, VALUE_MAX),
      id: oneLine(subject.id, VALUE_MAX),
      name: oneLine(subject.name ?? '', VALUE_MAX),
    },
    labels: Object.fromEntries(Object.entries(event.labels).slice(0, VALUES_MAX).map(shortField)),
    observables: event.observables
      .slice(0, VALUES_MAX)
      .map(({ kind, value }) => ({ kind, value: oneLine(value, VALUE_MAX) })),
    link: link.length > 2 * TITLE_MAX ? undefined : event.link,
    internalAlert:
      internalAlert && Object.fromEntries(Object.entries(internalAlert).slice(0, VALUES_MAX).map(shortField)),
  };
}

function shortField([name, value]: readonly [string, unknown]): readonly [string, string] {
  return [oneLine(name, VALUE_MAX), oneLine(fieldText(value), VALUE_MAX)];
}
