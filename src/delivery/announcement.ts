import type { EventDraft, TocsinEvent } from '../events/event.ts';
import { OWN_SOURCE } from '../events/event.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import type { Destination } from './planner.ts';

/** What we tell of a target, each an event of its own. */
export type Announcement =
  | { readonly about: 'failing'; readonly since: number; readonly disabledAt: number }
  | { readonly about: 'disabled'; readonly reason: 'failing' | 'gone'; readonly since: number }
  | { readonly about: 'recovered' };

const SUBJECT_KIND = 'target';
const HOUR_MS = 3_600_000;

/** The event that tells it: an alert about our own application, so that the admins' targets get it. */
export function announcementOf(target: OpenTarget, told: Announcement, now: number): EventDraft {
  const type = `tocsin.target.${told.about}`;
  const title = titleOf(target.id, told, now);
  const detail = {
    target: target.id,
    kind: target.kind,
    ...('since' in told ? { failingSince: toText(told.since) } : {}),
    ...('disabledAt' in told ? { disabledFrom: toText(told.disabledAt) } : {}),
    ...('reason' in told ? { reason: told.reason } : {}),
  };
  return {
    type,
    severity: 'high',
    title,
    occurredAt: now,
    subject: { kind: SUBJECT_KIND, id: target.id },
    fingerprint: sha256Hex(`tocsin.target ${target.id}`).slice(0, 32),
    state: told.about === 'recovered' ? 'resolved' : 'open',
    labels: { ...detail },
    observables: [],
    link: undefined,
    internalAlert: { humanized_description: title, ...detail },
    dedupeKey: sha256Hex(`${type} ${target.id} ${now}`),
    payload: JSON.stringify({ type, ...detail }),
  };
}

/**
 * Where an announcement goes: where rules and admins say, but never only to the target that it is about, nor only
 * to disabled ones. `others`: who may be told instead, the likeliest first.
 */
export function announceTo(
  event: TocsinEvent,
  chosen: readonly Destination[],
  others: Iterable<string>,
  isDisabled: (target: string) => boolean,
): readonly Destination[] {
  if (event.source !== OWN_SOURCE || event.subject?.kind !== SUBJECT_KIND) return chosen;
  const about = event.subject.id;
  const elsewhere = chosen.filter(({ target }) => target !== about);
  if (elsewhere.some(({ target }) => !isDisabled(target))) return elsewhere;
  for (const target of others) {
    if (target !== about && !isDisabled(target)) return [...elsewhere, { target, internal: true }];
  }
  return elsewhere.length > 0 ? elsewhere : chosen;
}

function titleOf(id: string, told: Announcement, now: number): string {
  switch (told.about) {
    case 'failing':
      return `The target ${id} has taken nothing for ${spanText(now - told.since)}; unless it does, it is disabled from ${toText(told.disabledAt)} on`;
    case 'disabled':
      return told.reason === 'gone'
        ? `The target ${id} is disabled: its receiver answers that it is gone for good (410)`
        : `The target ${id} is disabled: it has taken nothing for ${spanText(now - told.since)}`;
    case 'recovered':
      return `The target ${id} takes deliveries again`;
  }
}

const toText = (ms: number): string => new Date(ms).toISOString();

/** `3 d 4 h`, `5 h`, `20 min`. */
function spanText(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  if (hours < 1) return `${Math.max(1, Math.round(ms / 60_000))} min`;
  const days = Math.floor(hours / 24);
  return days === 0 ? `${hours} h` : `${days} d ${hours % 24} h`;
}
