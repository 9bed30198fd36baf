import { hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { inexactNumbers } from '../../kernel/inexact-numbers.ts';
import { firstText, objectOf } from '../fields.ts';
import type { Notification } from './notification.ts';

export interface Identity {
  /** SHA-256 in hex: equal for a notification and the sender's retries of it, for nothing else. */
  readonly dedupeKey: string;
  /** SHA-256 in hex: equal for all that is told of one matter. */
  readonly fingerprint: string;
}

/**
 * Two questions: is this the same notification again, and is it about the same matter?
 *
 * The same notification: source, application, type and id are equal, and so is the content. The id alone is not
 * enough: a pulse that goes on is sent again under its id with new counts, which is news. The content alone is not
 * either: another source or application can send the same. `retry_count` at the top is left out, as it is all
 * that a sender's retry changes. Where there is no id the content stands for it.
 *
 * The same matter: source, application, type and the id of what it is about are equal, whatever the content.
 * Without such an id each notification is its own matter.
 */
export function identityOf(sourceId: string, notification: Notification, text: string): Identity {
  const application = notification.applicationIds[0] ?? notification.applicationNames[0] ?? '';
  const scope = [sourceId, application, notification.type];
  const dedupeKey = sha256(
    `${JSON.stringify([...scope, notificationId(notification)])}${contentOf(notification, text)}`,
  );
  const matter = matterId(notification);
  return {
    dedupeKey,
    fingerprint: matter === undefined ? dedupeKey : sha256(JSON.stringify([...scope, matter])),
  };
}

/** The first of `message_id`, envelope's `event_id`, `message.event_id`, `message.id`, v1's `event_id` or `id`. */
export function notificationId({ record, message }: Notification): string {
  // In v1 the message is the record, so that its `event_id` and `id` are in the list as well.
  return (
    firstText(record['message_id'], record['event_id'], message['event_id'], message['id'], record['id']) ??
    ''
  );
}

/** Not the envelope's own ids: those name the notification. A playbook that runs again is the same matter. */
function matterId({ message }: Notification): string | undefined {
  return firstText(message['event_id'], message['id'], objectOf(message['playbook'])['id']);
}

/**
 * The content for comparison: key order, blanks and `retry_count` aside. The numbers that a double cannot hold
 * are added as they stand: else two ids beyond 2^53 would be one, and the second notification would be lost.
 * (So a `retry_count` beyond 2^53 would count as content: told twice rather than lost.)
 */
function contentOf({ record }: Notification, text: string): string {
  let isExact = true;
  const canonical = canonicalJson({ ...record, retry_count: undefined }, () => (isExact = false));
  return isExact ? canonical : `${canonical}${inexactNumbers(text).join(' ')}`;
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
