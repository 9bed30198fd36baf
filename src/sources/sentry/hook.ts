import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { firstText, objectOf, textOf } from '../fields.ts';
import type { Headers } from '../schemes/scheme.ts';

/** What a webhook of Sentry is about, as its own `Sentry-Hook-Resource` says it; an open set. */
export interface Hook {
  readonly resource: string;
  readonly action: string;
  /** The issue, the event, the metric alert … itself. */
  readonly object: JsonObject;
  /** The body's `data`; of the legacy plug-in the body itself. */
  readonly data: JsonObject;
  readonly body: JsonObject;
}

/** By the member of `data` that only this resource has. */
const RESOURCES: readonly (readonly [member: string, resource: string])[] = [
  ['metric_alert', 'metric_alert'],
  ['error', 'error'],
  ['event', 'event_alert'],
  ['comment_id', 'comment'],
  ['installation', 'installation'],
  ['run_id', 'seer'],
  ['issue', 'issue'],
];

/**
 * Reads a webhook. The resource is told by the body where that is possible: the signature covers the body, and not
 * the header, which is believed only for what the body leaves open.
 */
export function readHook(body: JsonObject, headers: Headers): Hook {
  if (!isJsonObject(body['data'])) return legacyHook(body);
  const { data } = body;
  const found = RESOURCES.find(([member]) => Object.hasOwn(data, member));
  const header = headers['sentry-hook-resource'];
  const told = typeof header === 'string' ? header : undefined;
  // An issue comes along with activity alerts too; nothing else tells those two apart.
  const resource = found === undefined || found[0] === 'issue' ? (told ?? found?.[1]) : found[1];
  return {
    resource: resource ?? 'webhook',
    action: textOf(body['action']) ?? '',
    object: objectOf(found && data[found[0]]),
    data,
    body,
  };
}

/** The plug-in "WebHooks" of a project, which sends an event that an alert rule took, flat and unsigned. */
function legacyHook(body: JsonObject): Hook {
  const isAlert = firstText(body['id']) !== undefined && isJsonObject(body['event']);
  return {
    resource: isAlert ? 'event_alert' : 'webhook',
    action: isAlert ? 'triggered' : (textOf(body['action']) ?? ''),
    object: { ...objectOf(body['event']), issue_id: body['id'] },
    data: body,
    body,
  };
}
