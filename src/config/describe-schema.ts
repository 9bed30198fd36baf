import type { TSchema } from 'typebox';
import { DURATION_PATTERN } from '../kernel/duration.ts';
import { idText } from '../kernel/schema.ts';
import { alternativesOf, itemsOf, viewOf, type SchemaView } from './schema-view.ts';

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'an absolute URL',
  url: 'an absolute URL',
  email: 'an e-mail address',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
  date: 'a date such as 2026-01-31',
  'date-time': 'a time such as 2026-01-31T12:00:00Z',
  uuid: 'a UUID',
};

const ANYTHING = 'a valid value';

const PATTERNS = new Map([
  [DURATION_PATTERN, 'a duration such as 30s, 24h or 90d'],
  [
    viewOf(idText('')).pattern,
    'a name of at most 63 characters: a-z, 0-9, "-" and "_", a letter or digit first',
  ],
]);

/** What a value must be, in words that follow "must be": `a whole number from 1 to 65535`. */
export function describeSchema(schema: TSchema): string {
  const { expected } = viewOf(schema);
  if (expected !== undefined) return expected;
  const alternatives = alternativesOf(schema).map(viewOf);
  const choices = alternatives.flatMap(choicesOf);
  const rest = alternatives.filter((view) => choicesOf(view).length === 0).map(describeOne);
  return [...(choices.length > 0 ? [oneOfWords(choices)] : []), ...new Set(rest)].join(', or ');
}

/** The closed list of values that a schema allows; empty when it is not closed. */
export function choicesOf(view: SchemaView): readonly unknown[] {
  return view.const === undefined ? (view.enum ?? []) : [view.const];
}

export function oneOfWords(choices: readonly unknown[]): string {
  const words = choices.map((choice) => JSON.stringify(choice)).join(', ');
  return choices.length === 1 ? words : `one of ${words}`;
}

function describeOne(view: SchemaView): string {
  if (view.expected !== undefined) return view.expected;
  if (view.type === 'integer') return `a whole number${rangeWords(view)}`;
  if (view.type === 'number') return `a number${rangeWords(view)}`;
  if (view.type === 'boolean') return 'true or false';
  if (view.type === 'string') return textWords(view);
  if (view.type === 'array') return listWords(view);
  if (view.type === 'object')
    return view.patternProperties ? 'a group of names and values' : 'a group of settings';
  return view.type === 'null' ? 'empty' : ANYTHING;
}

function rangeWords(view: SchemaView): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = view;
  const step = multipleOf === undefined ? '' : `, a multiple of ${multipleOf}`;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}${step}`;
  const bounds = [
    minimum === undefined ? '' : ` of at least ${minimum}`,
    maximum === undefined ? '' : ` of at most ${maximum}`,
    exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? '' : ` below ${exclusiveMaximum}`,
  ];
  return bounds.filter((bound) => bound !== '').join(' and') + step;
}

function textWords(view: SchemaView): string {
  const pattern = view.pattern;
  const known = PATTERNS.get(pattern) ?? FORMATS[view.format ?? ''];
  if (known !== undefined) return known;
  return `text${lengthWords(view)}${pattern === undefined ? '' : ` that matches ${pattern}`}`;
}

function lengthWords({ minLength = 0, maxLength }: SchemaView): string {
  if (maxLength !== undefined && minLength > 0) return ` of ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return ` of at most ${maxLength} characters`;
  if (minLength > 1) return ` of at least ${minLength} characters`;
  return minLength === 1 ? ' that is not empty' : '';
}

function listWords(view: SchemaView): string {
  const items = itemsOf(view);
  const words = items ? describeSchema(items) : ANYTHING;
  const entry = words === ANYTHING ? '' : ` (each ${words})`;
  return `a list${entry}${sizeWords(view)}`;
}

/** ` of 1 to 5 entries`; empty when any number of entries will do. */
export function sizeWords({ minItems = 0, maxItems }: SchemaView): string {
  if (maxItems !== undefined && minItems > 0) return ` of ${minItems} to ${maxItems} entries`;
  if (maxItems !== undefined) return ` of at most ${maxItems} entries`;
  return minItems > 0 ? ` of at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}` : '';
}
