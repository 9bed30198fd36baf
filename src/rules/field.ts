import { observableKinds, type ObservableKind, type TocsinEvent } from '../events/event.ts';
import { PLACE_PATTERN } from '../events/geo.ts';

/** Says something of one value. */
export type ValueTest = (value: string) => boolean;
export type EventTest = (event: TocsinEvent) => boolean;

/** A part of an event that a rule can ask about. */
export interface Field {
  readonly name: string;
  /** What its values are, and with it which conditions make sense. */
  readonly form: 'text' | 'severity' | 'flag';
  /** What is wrong with a text that none of its values can be; left out where any text can. */
  faultOf?(text: string): string | undefined;
  /** Whether any of the field's values passes; false when the event has none. Allocates nothing per event. */
  some(test: ValueTest): EventTest;
  /** All of its values; empty when the event has none. */
  values(event: TocsinEvent): readonly string[];
}

type Read = (event: TocsinEvent) => string | undefined;

const single = (name: string, read: Read, form: Field['form'] = 'text'): Field => ({
  name,
  form,
  some: (test) => (event) => {
    const value = read(event);
    return value !== undefined && test(value);
  },
  values: (event) => {
    const value = read(event);
    return value === undefined ? [] : [value];
  },
});

const PLACE = new RegExp(PLACE_PATTERN);

/** One side's place: a misspelled one would never hold, and nobody would notice. */
const place = (name: string, read: Read): Field => ({
  ...single(name, read),
  faultOf: (text) =>
    PLACE.test(text)
      ? undefined
      : 'never holds: use the two capital letters of a country, such as FR, or private or unknown',
});

/** Of one kind, or of all kinds together. */
const observables = (name: string, kind?: ObservableKind): Field => ({
  name,
  form: 'text',
  some: (test) => (event) => {
    for (const seen of event.observables) {
      if ((kind === undefined || seen.kind === kind) && test(seen.value)) return true;
    }
    return false;
  },
  values: (event) =>
    event.observables.filter((seen) => kind === undefined || seen.kind === kind).map((seen) => seen.value),
});

/** Only the event's own labels: `constructor` is a name like any other. */
const label = (name: string): Field =>
  single(`labels.${name}`, (event) => (Object.hasOwn(event.labels, name) ? event.labels[name] : undefined));

const fields: ReadonlyMap<string, Field> = new Map(
  [
    single('source', (event) => event.source),
    single('type', (event) => event.type),
    single('severity', (event) => event.severity, 'severity'),
    single('title', (event) => event.title),
    single('subject.kind', (event) => event.subject?.kind),
    single('subject.id', (event) => event.subject?.id),
    single('subject.name', (event) => event.subject?.name),
    observables('observables'),
    ...observableKinds.map((kind) => observables(`observables.${kind}`, kind)),
    single('state', (event) => event.state),
    place('geo.source', (event) => event.geo?.source),
    place('geo.destination', (event) => event.geo?.destination),
    single('geo.allowed', (event) => event.geo && (event.geo.allowed ? 'true' : 'false'), 'flag'),
    single('internal', (event) => (event.internalAlert === undefined ? 'false' : 'true'), 'flag'),
  ].map((field) => [field.name, field]),
);

/** Every field except the labels, whose names are the sender's. */
export const fieldNames: readonly string[] = [...fields.keys()];

/** The field of this name: one of `fieldNames`, or `labels.` and the label's name. */
export function fieldOf(name: string): Field | undefined {
  if (name.startsWith('labels.') && name !== 'labels.') return label(name.slice('labels.'.length));
  return fields.get(name);
}
