import type { TocsinEvent } from '../events/event.ts';
import { cloudEvent } from './cloud-event.ts';
import { ocsfFinding } from './ocsf.ts';

/** The standard records that an event can be sent as, by every kind whose receiver is a machine. */
export const recordFormats = ['cloudevents', 'ocsf'] as const;
export type RecordFormat = (typeof recordFormats)[number];

export const recordMediaTypes: Readonly<Record<RecordFormat, string>> = {
  cloudevents: 'application/cloudevents+json',
  // OCSF has no media type of its own.
  ocsf: 'application/json',
};

const writers: Readonly<Record<RecordFormat, (event: TocsinEvent, publicUrl: string) => string>> = {
  cloudevents: cloudEvent,
  ocsf: ocsfFinding,
};

/** The event as one JSON text in that format. `publicUrl` is the base of the links in it. */
export function recordBody(format: RecordFormat, event: TocsinEvent, publicUrl: string): string {
  return writers[format](event, publicUrl);
}
