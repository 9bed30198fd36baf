import type { ObservableKind, TocsinEvent } from '../events/event.ts';
import { geoWords } from '../events/geo.ts';
import { oneLine } from '../kernel/one-line.ts';

/** What every target puts before the title of an internal security alert. */
export const ALERT_MARK = '[INTERNAL SECURITY ALERT]';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Link {
  readonly label: string;
  /** Absolute, http or https, as the URL standard writes it: no blanks, quotes or angle brackets. */
  readonly url: string;
}

/** An event in words, for people. Every text in it but the body is one harmless line. */
export interface EventText {
  /** `[high] Title`, or `[INTERNAL SECURITY ALERT] Title`. */
  readonly subject: string;
  /** The operator's own words in place of the facts: harmless lines. */
  readonly body?: string;
  /** Empty where there is a body. */
  readonly facts: readonly Fact[];
  readonly links: readonly Link[];
}

/** How much of an event a text holds; lengths in UTF-16 units. What is left out is marked in the text. */
export interface TextBounds {
  readonly subjectMax: number;
  /** Of one fact. */
  readonly valueMax: number;
  readonly labelsMax: number;
  /** Of each kind. */
  readonly observablesMax: number;
  /** Of the operator's own words. */
  readonly bodyMax: number;
}

/** As much as people read in a channel. */
export const shownBounds: TextBounds = {
  subjectMax: 300,
  valueMax: 500,
  labelsMax: 20,
  observablesMax: 10,
  bodyMax: 20_000,
};
/** Beyond what an event and the output of a template can hold. */
export const wholeBounds: TextBounds = {
  subjectMax: 10_000,
  valueMax: 250_000,
  labelsMax: 1_000,
  observablesMax: 1_000,
  bodyMax: 250_000,
};
const URL_MAX = 2_000;

/** Ends a text, or stands for lines, that had no room. */
export const CUT_MARK = '… [cut]';

/** The one place where an event becomes text. `publicUrl` is the base of the link to the event's own page. */
export function eventText(event: TocsinEvent, publicUrl: string, bounds = shownBounds): EventText {
  return {
    subject: subjectOf(event, bounds),
    facts: factsOf(event, bounds),
    links: linksOf(event, publicUrl),
  };
}

/** The text as lines: the subject, the facts or the body, the links. */
export function textLines(text: EventText): readonly string[] {
  const links = text.links.map(({ label, url }) => `${label}: ${url}`);
  return [text.subject, '', ...detailLines(text), '', ...links];
}

/** What stands between the subject and the links: the body's lines, or a line for each fact. */
export function detailLines({ body, facts }: EventText): readonly string[] {
  return body === undefined ? facts.map(({ label, value }) => `${label}: ${value}`) : body.split('\n');
}

/** The event's page in the dashboard. */
export function eventPage(event: TocsinEvent, publicUrl: string): string {
  return `${publicUrl}/events/${event.id}`;
}

/** RFC 3339 in UTC; undefined for what no calendar holds. */
export function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined || !(Math.abs(ms) <= 8.64e15) ? undefined : new Date(ms).toISOString();
}

/** A field of an internal alert as text: strings as they are, the rest as JSON. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function subjectOf(event: TocsinEvent, { subjectMax }: TextBounds): string {
  const title = oneLine(event.title, subjectMax) || oneLine(event.type, subjectMax) || 'Security event';
  if (event.internalAlert || event.severity === 'unknown') return markedSubject(event, title, subjectMax);
  return oneLine(`[${event.severity}] ${title}`, subjectMax);
}

/** A title as the subject: one line that begins with the mark where the event is an internal alert. */
export function markedSubject(
  { internalAlert }: TocsinEvent,
  title: string,
  lengthMax = shownBounds.subjectMax,
): string {
  const isMarked = internalAlert === undefined || title.startsWith(ALERT_MARK);
  return oneLine(isMarked ? title : `${ALERT_MARK} ${title}`, lengthMax);
}

function factsOf(event: TocsinEvent, bounds: TextBounds): readonly Fact[] {
  const { subject } = event;
  const fact = (label: string, value: string | undefined): Fact => ({
    label: oneLine(label, 60),
    value: oneLine(value ?? '', bounds.valueMax),
  });
  const labels = Object.entries(event.labels);
  const more = labels.length - bounds.labelsMax;
  const named = subject?.name === undefined ? subject?.id : `${subject.name} (${subject.id})`;
  return [
    fact('Severity', event.severity),
    fact('Type', event.type),
    fact(subject ? capitalise(subject.kind) : 'Subject', named),
    fact('Occurred', isoTime(event.occurredAt)),
    fact('Received', isoTime(event.receivedAt)),
    fact('Countries', event.geo && geoWords(event.geo)),
    ...observableTexts(event, bounds).map(([label, values]) => fact(label, values)),
    ...Object.entries(event.internalAlert ?? {}).map(([name, value]) => fact(name, fieldText(value))),
    ...labels.slice(0, bounds.labelsMax).map(([name, value]) => fact(name, value)),
    ...(more > 0 ? [fact('Labels', `and ${more} more`)] : []),
    fact('Source', event.source),
    fact('Event', event.id),
  ].filter(({ label, value }) => label !== '' && value !== '');
}

const OBSERVABLE_LABELS: Readonly<Record<ObservableKind, string>> = {
  ip: 'Addresses',
  user: 'Users',
  url: 'URLs',
  host: 'Hosts',
};

function observableTexts(
  { observables }: TocsinEvent,
  { observablesMax }: TextBounds,
): readonly (readonly [label: string, values: string])[] {
  const kinds = [...new Set(observables.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const values = observables.filter((one) => one.kind === kind).map(({ value }) => value);
    const more = values.length > observablesMax ? ` and ${values.length - observablesMax} more` : '';
    return [OBSERVABLE_LABELS[kind], values.slice(0, observablesMax).join(', ') + more];
  });
}

function linksOf(event: TocsinEvent, publicUrl: string): readonly Link[] {
  const candidates = [
    { label: 'Open in Tocsin', url: webUrl(eventPage(event, publicUrl)) },
    { label: "Sender's page", url: webUrl(event.link) },
  ];
  return candidates.flatMap(({ label, url }) => (url === undefined ? [] : [{ label, url }]));
}

/** The URL as `Link` has it; undefined for what is no http URL, or too long for a link. */
export function webUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > URL_MAX || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const href = url.href.replace(/['|]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return href.length <= URL_MAX && !/[<>"\s]/.test(href) ? href : undefined;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
