import type { MatterState, Observable, Severity, Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { type Facts, identityOf, webLink } from '../make-draft.ts';
import { observed } from '../observe.ts';
import { severityOfWord } from '../severity-words.ts';
import type { Hook } from './hook.ts';
import { labelsOf } from './labels.ts';

/** What a webhook says. The identity is its text: nothing that the signature covers names one sending of it. */
export function sentryFacts(hook: Hook, messageId: string | undefined, text: string): Facts {
  const { object, data } = hook;
  return {
    type: `sentry.${part(hook.resource)}${hook.action === '' ? '' : `.${part(hook.action)}`}`,
    severity: severityOf(hook),
    titles: titlesOf(hook),
    occurredAt: occurredAt(hook),
    subject: subjectOf(hook),
    labels: labelsOf(hook),
    observables: observablesOf(object),
    endpoints: endpointsIn(object),
    link: [object['web_url'], object['permalink'], data['web_url'], data['url']]
      .map((url) => webLink(textOf(url)))
      .find((url) => url !== undefined),
    identity: identityOf(messageId, text),
    // An issue that is resolved and reopened by hand, twice: equal texts, and each is news.
    ...(messageId === undefined ? { recurs: true as const } : {}),
    matter: matterOf(hook),
    state: stateOf(hook),
    payload: text,
  };
}

const part = (text: string): string => text.slice(0, 60).replaceAll('.', '_');

/** An issue, its events, its comments: one matter. A metric alert is one from its threshold to its end. */
function matterOf({ resource, object, data }: Hook): readonly string[] | undefined {
  if (resource === 'metric_alert') return named('metric_alert', firstText(object['id']));
  if (resource === 'installation') return named('installation', firstText(object['uuid']));
  const issue = resource === 'issue' || resource === 'activity_alert' ? object['id'] : object['issue_id'];
  return named('issue', firstText(issue, data['issue_id'], data['group_id'], objectOf(data['issue'])['id']));
}

const named = (kind: string, id: string | undefined): readonly string[] | undefined =>
  id === undefined ? undefined : [kind, id];

const STATES: Readonly<Record<string, MatterState>> = {
  created: 'open',
  unresolved: 'open',
  triggered: 'open',
  critical: 'open',
  warning: 'open',
  resolved: 'resolved',
  // Archived, formerly ignored: somebody decided that it needs nobody.
  archived: 'resolved',
  ignored: 'resolved',
};

/** What it makes of its matter; `assigned` and the like leave it as the issue's status says. */
function stateOf({ resource, action, object }: Hook): MatterState | undefined {
  if (resource === 'issue') return ownState(action) ?? ownState(textOf(object['status']) ?? '');
  return resource === 'metric_alert' || resource === 'event_alert' ? ownState(action) : undefined;
}

const ownState = (word: string): MatterState | undefined =>
  Object.hasOwn(STATES, word) ? STATES[word] : undefined;

function severityOf(hook: Hook): Severity {
  const { resource, action, object, data } = hook;
  if (resource === 'metric_alert') return severityOfWord(action) ?? gravestTrigger(object);
  if (resource === 'comment' || resource === 'installation' || resource === 'seer') return 'informational';
  return severityOfWord(firstText(object['level'], data['level'])) ?? 'unknown';
}

/**
 * Of an alert that ended: the gravest that it can have been, so that whoever was told of its beginning is told of
 * its end. Every alert has a critical threshold, most have only that.
 */
function gravestTrigger(alert: JsonObject): Severity {
  const triggers = itemsOf(objectOf(alert['alert_rule'])['triggers'], 10).map(objectOf);
  const labels = triggers.map((trigger) => trigger['label']);
  return labels.includes('warning') && !labels.includes('critical') ? 'medium' : 'critical';
}

function titlesOf({ resource, action, object, data, body }: Hook): readonly (string | undefined)[] {
  const project = textOf(data['project_slug']);
  if (resource === 'comment')
    return [`Comment ${action}${project === undefined ? '' : ` on an issue of ${project}`}`];
  if (resource === 'installation') return [`Sentry installation ${action}`];
  if (resource === 'seer') return [`Seer: ${action.replaceAll('_', ' ')}`];
  const exception = objectOf(object['metadata']);
  const said = [
    textOf(data['description_title']),
    textOf(object['title']),
    textOf(object['message']),
    textOf(body['message']),
    firstText(exception['value'], exception['type']),
    textOf(object['culprit']),
  ];
  const isEnd = resource === 'issue' && ['resolved', 'archived', 'ignored'].includes(action);
  // As Sentry itself titles the end of a metric alert.
  const prefix = isEnd ? `${action[0]?.toUpperCase() ?? ''}${action.slice(1)}: ` : '';
  return said.map((text) => (text === undefined ? undefined : `${prefix}${text}`));
}

/** An issue's webhook names no time but those at which it was seen: only its creation has one. */
function occurredAt({ resource, action, object, data }: Hook): number | undefined {
  if (resource === 'issue') return action === 'created' ? firstInstant(object['firstSeen']) : undefined;
  if (resource === 'metric_alert') {
    if (action === 'resolved') return firstInstant(object['date_closed']);
    return firstInstant(object['date_detected'], object['date_started'], object['date_created']);
  }
  return firstInstant(object['datetime'], object['timestamp'], object['received'], data['timestamp']);
}

/** `…/projects/<organisation>/<project>/events/…`: an event names its project by a number only. */
const PROJECT_IN_URL = /\/projects\/[^/]{1,100}\/([^/]{1,100})\//;

function subjectOf({ object, data }: Hook): Subject | undefined {
  const project = objectOf(object['project']);
  const [projects] = itemsOf(object['projects'], 1);
  const inUrl = PROJECT_IN_URL.exec((textOf(object['url']) ?? '').slice(0, 2_048))?.[1];
  const id = firstText(
    project['slug'],
    data['project_slug'],
    inUrl,
    data['project'],
    projects,
    object['project'],
  );
  if (id === undefined) return undefined;
  const name = firstText(project['name'], data['project_name']);
  return name === undefined ? { kind: 'application', id } : { kind: 'application', id, name };
}

function observablesOf(event: JsonObject): readonly Observable[] {
  const user = objectOf(event['user']);
  return [
    ...observed('ip', user['ip_address']),
    ...['id', 'username', 'email'].flatMap((name) => observed('user', user[name])),
    ...observed('url', objectOf(event['request'])['url']),
  ];
}

/** The user, whose country Sentry has looked up where it may. */
function endpointsIn(event: JsonObject) {
  const user = objectOf(event['user']);
  return endpointsOf(endpoint(user['ip_address'], objectOf(user['geo'])['country_code']));
}
