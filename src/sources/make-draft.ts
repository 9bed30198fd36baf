import type { EventDraft, MatterState, Observable, Severity, Subject } from '../events/event.ts';
import type { Endpoints } from '../events/geo.ts';
import { oneLine } from '../kernel/one-line.ts';
import { sha256Hex } from '../kernel/secret.ts';

const TITLE_LENGTH_MAX = 300;
const TYPE_LENGTH_MAX = 160;
const SUBJECT_LENGTH_MAX = 256;
const LABELS_MAX = 40;
const LABEL_NAME_LENGTH_MAX = 60;
const LABEL_LENGTH_MAX = 500;
const OBSERVABLES_MAX = 100;
const OBSERVABLE_LENGTH_MAX = 2_048;
const LINK_LENGTH_MAX = 2_048;

/** What a format's reader found in one notification. Texts as they came: making them harmless is done here. */
export interface Facts {
  /** Dotted; brought into the alphabet of types. */
  readonly type: string;
  readonly severity: Severity;
  /** The first one that is not blank is the title. */
  readonly titles: readonly (string | undefined)[];
  /** Unix ms. */
  readonly occurredAt: number | undefined;
  readonly subject: Subject | undefined;
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly observables: readonly Observable[];
  /** By `endpointsOf`. An address of which the format does not tell the side is where it came from. */
  readonly endpoints: Endpoints | undefined;
  /** Taken when it is an absolute http or https URL without credentials. */
  readonly link: string | undefined;
  /** What makes this notification this one: equal on the sender's retries, different on everything else. */
  readonly identity: readonly string[];
  /** Set where the sender's news can bear an identity that was used before: once the matter stood otherwise. */
  readonly recurs?: true;
  /** What names the matter it is about; undefined: each notification is a matter of its own. */
  readonly matter: readonly string[] | undefined;
  readonly state: MatterState | undefined;
  /** The notification's own text, byte for byte. */
  readonly payload: string;
}

/**
 * A draft out of what a reader found: the one place where texts from outside are bounded and made harmless, for
 * every format that has no special wishes. `sourceId` is part of both keys: two sources never meet.
 */
export function makeDraft(sourceId: string, facts: Facts): EventDraft {
  const type = eventType(facts.type);
  const dedupeKey = keyOf([sourceId, ...facts.identity]);
  return {
    type,
    severity: facts.severity,
    title: firstTitle(facts.titles) ?? type,
    occurredAt: facts.occurredAt,
    subject: subjectOf(facts.subject),
    labels: labelsOf(facts.labels),
    observables: observablesOf(facts.observables),
    endpoints: facts.endpoints,
    link: webLink(facts.link),
    internalAlert: undefined,
    dedupeKey,
    recurs: facts.recurs,
    fingerprint: facts.matter === undefined ? dedupeKey : keyOf([sourceId, 'matter', ...facts.matter]),
    state: facts.state,
    payload: facts.payload,
  };
}

/**
 * What makes a notification this one, where its format has no better: the sender's id of the message and the place
 * in it, else the text itself.
 */
export function identityOf(messageId: string | undefined, text: string, index = 0): readonly string[] {
  return messageId === undefined ? ['text', sha256Hex(text)] : ['message', messageId, String(index)];
}

/** Lower case, dotted, `[a-z0-9_.-]`; `notification` when nothing of it is left. */
export function eventType(text: string): string {
  const known = text
    .slice(0, TYPE_LENGTH_MAX)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, '_')
    .replaceAll(/^[._]+|\.+(?=\.)|[._]+$/g, '');
  return known === '' ? 'notification' : known;
}

/** Absolute, http or https, no credentials (they would hide the host), nothing that a page or a mail would break at. */
const LINK = /^https?:\/\/[^\s/?#@"<>\\]+(?:[/?#][^\s"<>\\]*)?$/i;

/** The text when it can stand as a link anywhere, else undefined. */
export function webLink(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LINK_LENGTH_MAX || oneLine(text, LINK_LENGTH_MAX) !== text)
    return undefined;
  return LINK.test(text) && URL.canParse(text) ? text : undefined;
}

function firstTitle(titles: readonly (string | undefined)[]): string | undefined {
  for (const text of titles) {
    const title = oneLine(text ?? '', TITLE_LENGTH_MAX);
    if (title !== '') return title;
  }
  return undefined;
}

function subjectOf(subject: Subject | undefined): Subject | undefined {
  if (subject === undefined) return undefined;
  const name = oneLine(subject.name ?? '', SUBJECT_LENGTH_MAX);
  const id = oneLine(subject.id, SUBJECT_LENGTH_MAX) || name;
  if (id === '') return undefined;
  return name === '' || name === id ? { kind: subject.kind, id } : { kind: subject.kind, id, name };
}

function labelsOf(labels: Facts['labels']): Readonly<Record<string, string>> {
  const kept: Record<string, string> = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const [name, value] of Object.entries(labels)) {
    if (count >= LABELS_MAX) break;
    const label = oneLine(name, LABEL_NAME_LENGTH_MAX);
    const text = oneLine(value ?? '', LABEL_LENGTH_MAX);
    if (label === '' || text === '' || label === '__proto__') continue;
    kept[label] = text;
    count += 1;
  }
  return { ...kept };
}

function observablesOf(observables: readonly Observable[]): readonly Observable[] {
  const seen = new Set<string>();
  const kept: Observable[] = [];
  for (const { kind, value } of observables) {
    const clean = oneLine(value, OBSERVABLE_LENGTH_MAX);
    if (clean === '' || seen.has(`${kind} ${clean}`)) continue;
    seen.add(`${kind} ${clean}`);
    kept.push({ kind, value: clean });
    if (kept.length >= OBSERVABLES_MAX) break;
  }
  return kept;
}

const keyOf = (parts: readonly string[]): string => sha256Hex(JSON.stringify(parts));
