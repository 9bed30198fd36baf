import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import type { Facts } from '../make-draft.ts';
import type { Hook } from './hook.ts';

const TAGS_MAX = 40;

/** The tags of an event, and what an issue, an alert and a comment are filtered by; ours come first and win. */
export function labelsOf({ resource, action, object, data, body }: Hook): Facts['labels'] {
  const own = said({
    resource,
    action,
    level: firstText(object['level'], data['level']),
    status: textOf(object['status']),
    substatus: textOf(object['substatus']),
    short_id: textOf(object['shortId']),
    platform: textOf(object['platform']),
    culprit: firstText(object['culprit'], data['culprit']),
    logger: firstText(object['logger'], data['logger']),
    environment: firstText(object['environment'], objectOf(object['alert_rule'])['environment']),
    release: firstText(object['release'], objectOf(object['release'])['version']),
    rule: firstText(
      data['triggered_rule'],
      objectOf(data['issue_alert'])['title'],
      objectOf(object['alert_rule'])['name'],
      ...itemsOf(data['triggering_rules'], 1),
    ),
    description: textOf(data['description_text']),
    comment: textOf(data['comment']),
    actor: textOf(objectOf(body['actor'])['name']),
  });
  return { ...own, ...tagsOf(object['tags']), ...own };
}

/** Without those of which nothing is said: a label that is there in name only must not hide a tag. */
function said(labels: Facts['labels']): Facts['labels'] {
  return Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** `[["browser", "Chrome 75"], …]` */
function tagsOf(tags: unknown): Facts['labels'] {
  const labels: Record<string, string> = {};
  for (const tag of itemsOf(tags, TAGS_MAX)) {
    const [name, value] = itemsOf(tag, 2).map(textOf);
    if (name !== undefined && value !== undefined && name !== '__proto__') labels[name] = value;
  }
  return labels;
}
