import type { EventDraft } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { toInstant } from '../../kernel/schema.ts';
import { sha256Hex } from '../../kernel/secret.ts';
import { type Condition, GOOD } from './conditions.ts';

const SUBJECT_KIND = 'feed';
/** As of what comes from elsewhere: a hundred lists have long names together. */
const TITLE_MAX = 300;
const LABEL_MAX = 500;

/** What is told when an aspect of a feed turns: an alert about our own application, so that the admins' targets get it. */
export function conditionDraft(feed: string, condition: Condition, now: number): EventDraft {
  const { aspect, state, severity, words } = condition;
  const isGood = state === GOOD;
  const type = `tocsin.feed.${isGood ? `${aspect}_recovered` : `${aspect}_${state}`}`;
  const title = oneLine(`The feed ${feed} ${words}`, TITLE_MAX);
  const detail = { feed, aspect, state, ...bounded(condition.labels) };
  return {
    ...own(feed, type, title, now),
    severity: isGood ? 'informational' : severity,
    fingerprint: sha256Hex(`tocsin.feed ${feed} ${aspect}`).slice(0, 32),
    state: isGood ? 'resolved' : 'open',
    labels: detail,
    internalAlert: { humanized_description: title, ...detail },
    dedupeKey: sha256Hex(`${type} ${feed} ${now}`),
    payload: JSON.stringify({ type, at: toInstant(now), ...detail }),
  };
}

/** How many incidents of each type were there before anybody asked. */
export interface Backlog {
  readonly types: Readonly<Record<string, number>>;
  readonly total: number;
  readonly unresolved: number;
}

/** What is told of a first list instead of an event for each of its incidents. */
export function backlogDraft(feed: string, { types, total, unresolved }: Backlog, now: number): EventDraft {
  const type = 'incident.backlog';
  const names = Object.keys(types).join(', ');
  const title = `The feed ${feed} is read for the first time: ${total} incidents of ${names}; new ones are told one by one`;
  const counts = Object.entries(types).map(([name, count]) => `${name} ${count}`);
  return {
    ...own(feed, type, title, now),
    severity: 'informational',
    fingerprint: sha256Hex(`${type} ${feed} ${names}`).slice(0, 32),
    labels: bounded({
      feed,
      incidents: String(total),
      unresolved: String(unresolved),
      types: counts.join(', '),
    }),
    internalAlert: undefined,
    dedupeKey: sha256Hex(`${type} ${feed} ${names} ${now}`),
    payload: JSON.stringify({ type, at: toInstant(now), feed, incidents: total, unresolved, types }),
  };
}

const bounded = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, oneLine(value, LABEL_MAX)]));

const own = (feed: string, type: string, title: string, now: number) => ({
  type,
  title: oneLine(title, TITLE_MAX),
  occurredAt: now,
  subject: { kind: SUBJECT_KIND, id: feed },
  observables: [],
  link: undefined,
});
