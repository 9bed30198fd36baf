import type { MatterState } from '../../events/event.ts';
import { firstText, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import type { Delivery, Family } from './delivery.ts';

/** What alerts of one number are counted as: a place where a secret was found belongs to the secret's alert. */
const ALERTS: Readonly<Partial<Record<Family, string>>> = {
  code_scanning_alert: 'code_scanning',
  secret_scanning_alert: 'secret_scanning',
  secret_scanning_alert_location: 'secret_scanning',
  // The older event about the very same alert.
  dependabot_alert: 'dependabot',
  repository_vulnerability_alert: 'dependabot',
};

/** An alert is named by its repository, kind and number, an advisory by its id; other events stand alone. */
export function matterOf({ family, about, repository }: Delivery): readonly string[] | undefined {
  if (family === undefined) return undefined;
  const advisory = textOf(about['ghsa_id']);
  if (family === 'security_advisory') return advisory === undefined ? undefined : [family, advisory];
  // The id survives a change of name.
  const repo = firstText(repository['id'], repository['full_name']);
  if (repo === undefined) return undefined;
  if (family === 'repository_advisory') return advisory === undefined ? undefined : [repo, family, advisory];
  const alerts = ALERTS[family];
  const number = textOf(about['number']);
  return alerts === undefined || number === undefined ? undefined : [repo, alerts, number];
}

const STATES: ReadonlyMap<unknown, MatterState> = new Map([
  ['open', 'open'],
  ['fixed', 'resolved'],
  ['dismissed', 'resolved'],
  ['auto_dismissed', 'resolved'],
  ['resolved', 'resolved'],
  ['closed', 'resolved'],
]);

/** Asked when the alert itself does not say how it stands. */
const ACTIONS: ReadonlyMap<unknown, MatterState> = new Map([
  ['created', 'open'],
  ['create', 'open'],
  ['reopened', 'open'],
  ['reopened_by_user', 'open'],
  ['auto_reopened', 'open'],
  ['reopen', 'open'],
  ['reintroduced', 'open'],
  ['appeared_in_branch', 'open'],
  ['fixed', 'resolved'],
  ['closed_by_user', 'resolved'],
  ['closed', 'resolved'],
  ['dismissed', 'resolved'],
  ['auto_dismissed', 'resolved'],
  ['dismiss', 'resolved'],
  ['resolved', 'resolved'],
  ['resolve', 'resolved'],
  ['revoked', 'resolved'],
]);

/** How the matter stands. Of an advisory GitHub tells no end, except that it was withdrawn. */
export function stateOf({ family, about, action }: Delivery): MatterState | undefined {
  if (family === undefined) return undefined;
  if (family === 'security_advisory') return action === 'withdrawn' ? 'resolved' : undefined;
  if (ALERTS[family] === undefined) return undefined;
  return STATES.get(about['state']) ?? ACTIONS.get(action);
}

/** When what it tells happened: of an end the end, of a beginning the beginning, else the last change. */
export function occurredAtOf(delivery: Delivery): number | undefined {
  const { about } = delivery;
  const changed = [about['updated_at'], about['created_at'], about['published_at']];
  if (delivery.action === 'created' || delivery.action === 'create')
    return firstInstant(about['created_at'], ...changed);
  if (delivery.family === 'security_advisory') return firstInstant(about['withdrawn_at'], ...changed);
  // Some versions tell no time of a change: one reopened is not as old as it, or its end would seem to be the newest.
  if (delivery.family !== undefined && ALERTS[delivery.family] !== undefined && stateOf(delivery) === 'open')
    return firstInstant(about['updated_at']);
  if (stateOf(delivery) !== 'resolved') return firstInstant(...changed);
  const ends = ['fixed_at', 'resolved_at', 'dismissed_at', 'auto_dismissed_at'].map((name) => about[name]);
  return firstInstant(...ends, ...changed);
}
