import type { EventDraft, MatterState, Subject } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import type { JsonItem } from '../read-json.ts';
import { rfc3339Ms } from '../rfc3339.ts';
import type { OwnApplication } from '../source.ts';
import { firstText, objectOf } from '../fields.ts';
import { identityOf } from './identity.ts';
import { internalAlertOf } from './internal-alert.ts';
import { labelsOf } from './labels.ts';
import { readNotification, type Notification } from './notification.ts';
import { endpointsIn, observablesOf } from './observables.ts';
import { severityOf } from './severity.ts';

const TITLE_LENGTH_MAX = 300;
const SUBJECT_LENGTH_MAX = 256;
const LINK_LENGTH_MAX = 2048;

/** What Tocsin makes of one Sqreen notification. Any object is one: no field is required, none is trusted. */
export function draftOf(sourceId: string, own: OwnApplication, item: JsonItem): EventDraft {
  const notification = readNotification(item.record);
  return {
    type: notification.type,
    severity: severityOf(notification),
    title: titleOf(notification),
    occurredAt: occurredAtOf(notification),
    subject: subjectOf(notification),
    labels: labelsOf(notification),
    observables: observablesOf(notification),
    endpoints: endpointsIn(notification),
    link: linkOf(notification),
    internalAlert: internalAlertOf(notification, own),
    ...identityOf(sourceId, notification, item.text),
    state: stateOf(notification),
    payload: item.text,
  };
}

/** Sqreen's own sentence, else one made of what is known: never empty. */
function titleOf(notification: Notification): string {
  const { message, family, type } = notification;
  const told = [message['humanized_title'], message['humanized_description']];
  for (const sentence of told) {
    const title = typeof sentence === 'string' ? oneLine(sentence, TITLE_LENGTH_MAX) : '';
    if (title !== '') return title;
  }
  const playbook = firstText(objectOf(message['playbook'])['name']);
  const what = family === 'security_response' && playbook ? `Playbook ran: ${playbook}` : `Sqreen ${type}`;
  const where = notification.applicationNames[0] ?? notification.applicationIds[0];
  return oneLine(where === undefined ? what : `${what} (${where})`, TITLE_LENGTH_MAX);
}

/** A pulse that ended is over, one that began goes on; nothing else of Sqreen's has an end. */
function stateOf({ family, message }: Notification): MatterState | undefined {
  if (family !== 'pulse') return undefined;
  if (msOf(message['date_ended']) !== undefined) return 'resolved';
  return msOf(message['date_started']) === undefined ? undefined : 'open';
}

const msOf = (date: unknown): number | undefined => (typeof date === 'string' ? rfc3339Ms(date) : undefined);

/** When it happened; of a pulse, when it ended or else began; failing that, when Sqreen told it. */
function occurredAtOf({ record, message, family }: Notification): number | undefined {
  const dates = [
    ...(family === 'pulse' ? [message['date_ended']] : []),
    message['date_occurred'],
    message['date_started'],
    message['date_created'],
    record['date_created'],
  ];
  for (const date of dates) {
    const ms = msOf(date);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** The application; known by its name alone (as in test messages) it has the name for an id. */
function subjectOf({ applicationIds, applicationNames }: Notification): Subject | undefined {
  const name = oneLine(applicationNames[0] ?? '', SUBJECT_LENGTH_MAX);
  const id = oneLine(applicationIds[0] ?? '', SUBJECT_LENGTH_MAX) || name;
  if (id === '') return undefined;
  return name === '' ? { kind: 'application', id } : { kind: 'application', id, name };
}

/** Absolute, http or https, no credentials (they would hide the host), nothing that a page or a mail would break at. */
const LINK = /^https?:\/\/[^\s/?#@"<>\\]+(?:[/?#][^\s"<>\\]*)?$/i;

function linkOf({ message }: Notification): string | undefined {
  for (const link of [message['url'], message['event_url']]) {
    if (typeof link !== 'string' || link.length > LINK_LENGTH_MAX || oneLine(link, LINK_LENGTH_MAX) !== link)
      continue;
    if (LINK.test(link) && URL.canParse(link)) return link;
  }
  return undefined;
}
