import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { firstText, objectOf, textOf } from '../fields.ts';

/** What a notification is by its type, or for an unknown type by its fields; decides severity, title and alert. */
export type Family = 'security_event' | 'pulse' | 'security_response' | 'test' | 'other';

/** One notification of either format, read so far that nothing else needs to know the format. */
export interface Notification {
  /** All of it: the v2 envelope, or the v1 record. */
  readonly record: JsonObject;
  /** Where the fields are: the envelope's `message`, or the v1 record itself. */
  readonly message: JsonObject;
  /** The event's type: dotted, `[a-z0-9_.-]`, 1 to 160 characters. */
  readonly type: string;
  readonly family: Family;
  /** As named in any of the places that the formats have for it; the first one is the notification's own. */
  readonly applicationIds: readonly string[];
  readonly applicationNames: readonly string[];
}

/** Reads a notification of v1 (flat, `sqreen_payload_type`) or v2 (`message_type` and `message` in an envelope). */
export function readNotification(record: JsonObject): Notification {
  const message = isJsonObject(record['message']) ? record['message'] : record;
  const kind = wholeType(firstText(record['message_type'], record['sqreen_payload_type']));
  const outer = objectOf(record['application']);
  const inner = objectOf(message['application']);
  return {
    record,
    message,
    type: eventType(kind, message),
    family: familyOf(kind, message),
    applicationIds: texts(record['application_id'], message['application_id'], outer['id'], inner['id']),
    applicationNames: texts(
      record['application_name'],
      message['application_name'],
      outer['name'],
      inner['name'],
    ),
  };
}

function texts(...values: readonly unknown[]): readonly string[] {
  return values.map(textOf).filter((text) => text !== undefined);
}

const WHOLE_TYPE_LENGTH_MAX = 120;
const SEGMENT_LENGTH_MAX = 60;

/** The sender's type in the alphabet of types; `notification` when there is none that can be told in it. */
function wholeType(type: string | undefined): string {
  const known = inAlphabet(type ?? '', WHOLE_TYPE_LENGTH_MAX).replace(/^[._]+|\.+(?=\.)|[._]+$/g, '');
  return known === '' ? 'notification' : known;
}

/** `security_event.http_error.waf`, `pulse.account_takeover`; other types stand alone. */
function eventType(kind: string, message: JsonObject): string {
  if (kind === 'security_event') return dotted(kind, message['event_category'], message['event_kind']);
  return kind === 'pulse' ? dotted(kind, message['pulse_genre']) : kind;
}

function dotted(kind: string, ...parts: readonly unknown[]): string {
  let type = kind;
  for (const part of parts) {
    const segment = inAlphabet(textOf(part) ?? '', SEGMENT_LENGTH_MAX)
      .replaceAll('.', '_')
      .replace(/^_+|_+$/g, '');
    if (segment !== '') type += `.${segment}`;
  }
  return type;
}

function inAlphabet(text: string, lengthMax: number): string {
  // Cut before the work: the text may be megabytes.
  return text
    .slice(0, lengthMax)
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '_');
}

/** v2 names a pulse by its genre (`account_takeover`, `http_scan`, …), an open set: its fields give it away. */
function familyOf(kind: string, message: JsonObject): Family {
  if (kind === 'security_event' || kind === 'security_response' || kind === 'test') return kind;
  if (kind === 'pulse' || kind === 'incident') return 'pulse';
  if (firstText(message['pulse_genre'], message['humanized_title'], message['date_started'])) return 'pulse';
  return firstText(message['event_kind'], message['event_category']) ? 'security_event' : 'other';
}
