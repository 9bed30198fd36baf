import type { JsonObject } from '../../kernel/json.ts';
import { objectOf, textOf } from '../fields.ts';

/** The events whose body alone says which they are. */
export type Family =
  | 'code_scanning_alert'
  | 'secret_scanning_alert'
  | 'secret_scanning_alert_location'
  | 'dependabot_alert'
  | 'repository_vulnerability_alert'
  | 'security_advisory'
  | 'repository_advisory'
  | 'branch_protection_rule'
  | 'ping';

/** One webhook of GitHub's, its parts where the rest of the format finds them. */
export interface Delivery {
  readonly body: JsonObject;
  /** Undefined: an event that is taken whole. */
  readonly family: Family | undefined;
  /** `family`, else the event that the header names, else `event`. */
  readonly event: string;
  readonly action: string | undefined;
  /** The alert, advisory or rule that it is about; empty in an event that is taken whole. */
  readonly about: JsonObject;
  readonly repository: JsonObject;
}

const EVENT_NAME = /^[a-z][a-z0-9_]{0,59}$/;

/**
 * GitHub signs the body and no header: what an event is, is told from its body, and `X-GitHub-Event` names the type
 * only of those whose body does not say. Source: docs.github.com/webhooks/webhook-events-and-payloads.
 */
export function readDelivery(body: JsonObject, eventHeader: string | string[] | undefined): Delivery {
  const family = familyOf(body);
  const named = typeof eventHeader === 'string' && EVENT_NAME.test(eventHeader) ? eventHeader : 'event';
  return {
    body,
    family,
    event: family ?? named,
    action: textOf(body['action']),
    about: family === undefined ? {} : objectOf(body[PART[family]]),
    repository: objectOf(body['repository']),
  };
}

/** The member of the body that an event is about. */
const PART: Readonly<Record<Family, string>> = {
  code_scanning_alert: 'alert',
  secret_scanning_alert: 'alert',
  secret_scanning_alert_location: 'alert',
  dependabot_alert: 'alert',
  repository_vulnerability_alert: 'alert',
  security_advisory: 'security_advisory',
  repository_advisory: 'repository_advisory',
  branch_protection_rule: 'rule',
  ping: 'hook',
};

function familyOf(body: JsonObject): Family | undefined {
  const alert = objectOf(body['alert']);
  const has = (record: JsonObject, name: string) => Object.hasOwn(record, name);
  if (has(alert, 'secret_type'))
    return has(body, 'location') ? 'secret_scanning_alert_location' : 'secret_scanning_alert';
  if (has(alert, 'rule') && has(alert, 'tool')) return 'code_scanning_alert';
  if (has(alert, 'dependency') || has(alert, 'security_vulnerability')) return 'dependabot_alert';
  if (has(alert, 'affected_package_name')) return 'repository_vulnerability_alert';
  if (has(body, 'security_advisory')) return 'security_advisory';
  if (has(body, 'repository_advisory')) return 'repository_advisory';
  if (has(objectOf(body['rule']), 'admin_enforced')) return 'branch_protection_rule';
  return has(body, 'zen') && has(body, 'hook') ? 'ping' : undefined;
}
