import type { JsonObject } from '../../kernel/json.ts';
import { oneLine } from '../../kernel/one-line.ts';
import type { OwnApplication } from '../source.ts';
import { objectOf } from '../fields.ts';
import type { Family, Notification } from './notification.ts';

const TEXT_LENGTH_MAX = 2048;

const OF_EVENT = [
  'event_kind',
  'humanized_description',
  'event_category',
  'date_occurred',
  'environment',
  'url',
];

/** The fields that the alert names, by family: the contract's for events and pulses, their like for the rest. */
const FIELDS: Readonly<Record<Family, readonly string[]>> = {
  security_event: OF_EVENT,
  test: OF_EVENT,
  pulse: ['humanized_title', 'pulse_genre', 'environment', 'date_started', 'date_ended', 'blocked', 'url'],
  security_response: ['message_type', 'playbook', 'environment', 'date_created', 'url'],
  other: ['message_type', 'humanized_description', 'environment', 'date_created', 'url'],
};

/**
 * The alert's fields when the notification is about our own application, by any of the ids or names it bears;
 * else undefined. A field that the notification lacks is null.
 */
export function internalAlertOf(
  notification: Notification,
  own: OwnApplication,
): Readonly<Record<string, unknown>> | undefined {
  const isOurs =
    (own.id !== undefined && notification.applicationIds.includes(own.id)) ||
    (own.name !== undefined && notification.applicationNames.includes(own.name));
  if (!isOurs) return undefined;
  return Object.fromEntries(FIELDS[notification.family].map((name) => [name, fieldOf(notification, name)]));
}

function fieldOf({ record, message, type }: Notification, name: string): unknown {
  const found = valueOf(record, message, type, name);
  if (typeof found === 'string') return oneLine(found, TEXT_LENGTH_MAX);
  return typeof found === 'number' || typeof found === 'boolean' ? found : null;
}

/** Where the formats call a field by another name, or keep it elsewhere. */
function valueOf(record: JsonObject, message: JsonObject, type: string, name: string): unknown {
  if (name === 'message_type') return type;
  if (name === 'playbook') return objectOf(message['playbook'])['name'];
  if (name === 'url') return message['url'] ?? message['event_url'];
  if (name === 'environment')
    return message['environment'] ?? objectOf(message['application'])['environment'];
  return message[name] ?? record[name];
}
