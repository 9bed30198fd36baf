import { createHash } from 'node:crypto';
import {
  matterStates,
  observableKinds,
  severities,
  type Observable,
  type Severity,
  type Subject,
  type TocsinEvent,
} from '../events/event.ts';
import { type Geo, type Place, PLACE_PATTERN } from '../events/geo.ts';
import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is read so far: the object, where it stands, and the faults found. */
interface Reading {
  readonly json: Json;
  readonly path: string;
  readonly faults: Fault[];
}

/**
 * An event as a person writes it to try the rules on (`tocsin rules test event.json`), or as the API gave it out.
 * Only `source` and `type` are needed. Left out or null: severity `unknown`, title = type, nothing seen, times 0,
 * and ids made from the content, so that equal files make equal events. Times are Unix ms or ISO 8601;
 * `internal: true` stands for an internal alert without details. A name close to a field's is a fault, another
 * unknown one is let be: the API's answer holds more than the event.
 */
export function readEventFile(value: unknown): TocsinEvent | Fault[] {
  if (!isObject(value)) return [{ path: '', message: 'must be an object with at least `source` and `type`' }];
  const faults: Fault[] = [];
  const event = eventOf({ json: value, path: '', faults });
  return faults.length > 0 ? faults : event;
}

const NAMES = [
  'id',
  'source',
  'type',
  'severity',
  'title',
  'occurredAt',
  'receivedAt',
  'subject',
  'fingerprint',
  'state',
  'labels',
  'observables',
  'geo',
  'link',
  'internal',
  'internalAlert',
  'payload',
  'payloadSha256',
];

function eventOf(reading: Reading): TocsinEvent {
  misspelled(reading, NAMES);
  const written = JSON.stringify(reading.json);
  const type = neededText(reading, 'type');
  const occurredAt = time(reading, 'occurredAt');
  const payload = text(reading, 'payload') ?? written;
  return {
    id: id(reading) ?? eventIdOf(sha256(written)),
    source: neededText(reading, 'source'),
    type,
    severity: severity(reading),
    title: text(reading, 'title') ?? type,
    occurredAt,
    receivedAt: time(reading, 'receivedAt') ?? occurredAt ?? 0,
    subject: subject(reading),
    fingerprint: text(reading, 'fingerprint') ?? sha256(written),
    ...state(reading),
    labels: labels(reading),
    observables: observables(reading),
    geo: geo(reading),
    link: text(reading, 'link'),
    internalAlert: internalAlert(reading),
    payload,
    payloadSha256: text(reading, 'payloadSha256') ?? sha256(payload),
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function fault(reading: Reading, key: string, message: string): undefined {
  reading.faults.push({ path: pathOf(reading, key), message });
}

const pathOf = ({ path }: Reading, key: string): string => (path === '' ? key : `${path}.${key}`);

function misspelled(reading: Reading, names: readonly string[]): void {
  for (const key of Object.keys(reading.json)) {
    const meant = names.includes(key) ? undefined : didYouMean(key, names);
    if (meant) fault(reading, key, `not a field of an event; did you mean "${meant}"?`);
  }
}

/** The value under a name of its own; null is as good as absent. */
const own = ({ json }: Reading, key: string): unknown =>
  Object.hasOwn(json, key) ? (json[key] ?? undefined) : undefined;

function text(reading: Reading, key: string): string | undefined {
  const value = own(reading, key);
  return value === undefined || typeof value === 'string' ? value : fault(reading, key, 'must be text');
}

function neededText(reading: Reading, key: string): string {
  const value = text(reading, key);
  if (value) return value;
  if (own(reading, key) === undefined || value === '') fault(reading, key, 'needed: write it as text');
  return '';
}

function id(reading: Reading): EventId | undefined {
  const value = text(reading, 'id');
  if (value === undefined || isEventId(value)) return value;
  return fault(reading, 'id', 'must be an event id (evt_…), or left out');
}

const isEventId = (value: string): value is EventId => new RegExp(EVENT_ID_PATTERN).test(value);

/** In the form of a UUIDv7 whose time is 0. */
const eventIdOf = (hash: string): EventId =>
  `evt_00000000-0000-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;

function severity(reading: Reading): Severity {
  const value = own(reading, 'severity') ?? 'unknown';
  const known = severities.find((name) => name === value);
  if (!known) fault(reading, 'severity', `must be one of ${severities.join(', ')}`);
  return known ?? 'unknown';
}

function state(reading: Reading): Pick<TocsinEvent, 'state'> {
  const value = own(reading, 'state');
  if (value === undefined) return {};
  const known = matterStates.find((name) => name === value);
  if (!known) fault(reading, 'state', `must be one of ${matterStates.join(', ')}, or left out`);
  return known === undefined ? {} : { state: known };
}

function time(reading: Reading, key: string): number | undefined {
  const value = own(reading, key);
  if (value === undefined) return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms;
  return fault(reading, key, 'must be a time: ISO 8601 as text, or Unix milliseconds as a number');
}

function subject(reading: Reading): Subject | undefined {
  const value = own(reading, 'subject');
  if (value === undefined) return undefined;
  if (!isObject(value)) return fault(reading, 'subject', 'must be an object with `kind` and `id`');
  const inner = { ...reading, json: value, path: 'subject' };
  misspelled(inner, ['kind', 'id', 'name']);
  const name = text(inner, 'name');
  return {
    kind: neededText(inner, 'kind'),
    id: neededText(inner, 'id'),
    ...(name === undefined ? {} : { name }),
  };
}

function labels(reading: Reading): Readonly<Record<string, string>> {
  const value = own(reading, 'labels') ?? {};
  if (!isObject(value)) {
    fault(reading, 'labels', 'must be an object of name → text');
    return {};
  }
  const inner = { ...reading, json: value, path: 'labels' };
  // From entries, so that `__proto__` becomes a label too.
  return Object.fromEntries(Object.keys(value).map((name) => [name, label(inner, name)]));
}

function label(reading: Reading, name: string): string {
  const value = reading.json[name];
  if (typeof value === 'string') return value;
  fault(reading, name, 'must be text: write the value in quotes');
  return '';
}

function observables(reading: Reading): readonly Observable[] {
  const value = own(reading, 'observables') ?? [];
  if (Array.isArray(value)) return value.map((item, index) => observable(reading, item, index));
  fault(reading, 'observables', 'must be a list of {kind, value}');
  return [];
}

function observable(reading: Reading, item: unknown, index: number): Observable {
  const path = `observables[${index}]`;
  const inner = { ...reading, json: isObject(item) ? item : {}, path };
  if (!isObject(item)) fault(reading, path, 'must be an object with `kind` and `value`');
  const kind = observableKinds.find((name) => name === inner.json['kind']);
  if (isObject(item) && !kind) fault(inner, 'kind', `must be one of ${observableKinds.join(', ')}`);
  return { kind: kind ?? 'host', value: isObject(item) ? neededText(inner, 'value') : '' };
}

function geo(reading: Reading): Geo | undefined {
  const value = own(reading, 'geo');
  if (value === undefined) return undefined;
  if (!isObject(value)) return fault(reading, 'geo', 'must be an object with `allowed`');
  const inner = { ...reading, json: value, path: 'geo' };
  misspelled(inner, ['source', 'destination', 'allowed']);
  const allowed = own(inner, 'allowed');
  if (typeof allowed !== 'boolean') return fault(inner, 'allowed', 'needed: true or false');
  return { source: placeOf(inner, 'source'), destination: placeOf(inner, 'destination'), allowed };
}

function placeOf(reading: Reading, key: string): Place | undefined {
  const value = text(reading, key);
  if (value === undefined || new RegExp(PLACE_PATTERN).test(value)) return value;
  return fault(reading, key, 'must be the two capital letters of a country, private or unknown');
}

function internalAlert(reading: Reading): Json | undefined {
  const flag = own(reading, 'internal');
  if (flag !== undefined && typeof flag !== 'boolean') fault(reading, 'internal', 'must be true or false');
  const alert = own(reading, 'internalAlert');
  if (alert === undefined) return flag === true ? {} : undefined;
  return isObject(alert) ? alert : fault(reading, 'internalAlert', 'must be an object');
}
