import {
  matterStates,
  observableKinds,
  severities,
  type MatterState,
  type Observable,
  type Severity,
  type Subject,
} from '../../events/event.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, itemsOf, objectOf, textOf, textsOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import type { Reading } from '../reading.ts';

const LABELS_MAX = 30;
const OBSERVABLES_MAX = 100;
const ALERT_FIELDS_MAX = 20;
const ALERT_TEXT_MAX = 2_048;
/** Events in each other's payload that are looked through; depth of the body allows about twenty. */
const HOPS_MAX = 32;

/** An event that another Tocsin made and sent on, and where it was made first. */
export interface Forwarded {
  readonly reading: Reading;
  /** The fields of its internal alert there. */
  readonly alert: Readonly<Record<string, unknown>> | undefined;
  /** The event at its first Tocsin: equal however many have passed it on. */
  readonly origin: readonly string[];
}

/** Undefined for a CloudEvent that no Tocsin wrote (`targets/cloud-event.ts`). */
export function readForwarded(record: JsonObject): Forwarded | undefined {
  const data = dataOf(record);
  if (data === undefined) return undefined;
  const { first, hops } = originOf(record, data);
  const alert = objectOf(data['internalAlert']);
  const isInternal = isJsonObject(data['internalAlert']);
  return {
    reading: {
      type: textOf(data['type']) ?? 'event',
      severity: isSeverity(data['severity']) ? data['severity'] : 'unknown',
      titles: [textOf(data['title'])],
      occurredAt: firstInstant(data['occurredAt'], record['time']),
      subject: subjectOf(data['subject']),
      labels: {
        ...textsOf(data['labels'], LABELS_MAX),
        forwarded_by: textOf(record['source']),
        origin: textOf(first['source']),
        hops: String(hops),
        // Stays on a label that an earlier Tocsin set: there the alert itself may have been left behind.
        ...(isInternal ? { internal: 'true' } : {}),
      },
      observables: itemsOf(data['observables'], OBSERVABLES_MAX).flatMap(observableOf),
      endpoints: endpointsIn(objectOf(data['geo'])),
      link: textOf(data['link']),
      matter: ['tocsin', firstText(data['fingerprint']) ?? ''],
      state: isState(data['state']) ? data['state'] : undefined,
    },
    alert: isInternal ? alertOf(alert) : undefined,
    origin: ['tocsin', textOf(first['source']) ?? '', textOf(first['id']) ?? ''],
  };
}

/** The normalised event, when that is what the record carries. */
function dataOf(record: JsonObject): JsonObject | undefined {
  const { type, data } = record;
  if (typeof type !== 'string' || !type.startsWith('tocsin.') || !isJsonObject(data)) return undefined;
  const isEvent = /^evt_[0-9a-f-]{36}$/.test(textOf(data['id']) ?? '');
  const isMatter = /^[0-9a-f]{32,64}$/.test(textOf(data['fingerprint']) ?? '');
  return isEvent && isMatter && data['id'] === record['id'] && isSeverity(data['severity'])
    ? data
    : undefined;
}

/**
 * Each Tocsin on the way keeps what it received as the payload of what it sends: the innermost is the first. So an
 * event that comes round again is known by where it began, and a ring of Tocsins ends after one round.
 */
function originOf(record: JsonObject, data: JsonObject): { first: JsonObject; hops: number } {
  let first = record;
  let inner = data;
  let hops = 1;
  // Only a Tocsin that took it as forwarded counts hops: a payload from elsewhere may look as it likes.
  while (hops < HOPS_MAX && objectOf(inner['labels'])['hops'] !== undefined) {
    const payload = objectOf(inner['payload']);
    const next = dataOf(payload);
    if (next === undefined) break;
    first = payload;
    inner = next;
    hops += 1;
  }
  return { first, hops };
}

const isSeverity = (value: unknown): value is Severity => severities.some((severity) => severity === value);
const isState = (value: unknown): value is MatterState => matterStates.some((state) => state === value);

function subjectOf(value: unknown): Subject | undefined {
  const { kind, id, name } = objectOf(value);
  const text = textOf(id);
  const word = textOf(kind);
  if (text === undefined || word === undefined || !/^[a-z][a-z0-9_.-]{0,59}$/.test(word)) return undefined;
  const called = textOf(name);
  return called === undefined ? { kind: word, id: text } : { kind: word, id: text, name: called };
}

function observableOf(value: unknown): readonly Observable[] {
  const { kind: told, value: text } = objectOf(value);
  const kind = observableKinds.find((one) => one === told);
  return kind === undefined || typeof text !== 'string' ? [] : [{ kind, value: text }];
}

/** The countries; whether they are allowed is judged by our own lists. What was private there is nowhere here. */
const endpointsIn = ({ source, destination }: JsonObject) =>
  endpointsOf(endpoint(undefined, source), endpoint(undefined, destination));

/** Texts, numbers, flags; what is more is left to the payload. */
function alertOf(alert: JsonObject): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const name in alert) {
    if (count >= ALERT_FIELDS_MAX) break;
    const value = alert[name];
    const isPlain = typeof value === 'number' || typeof value === 'boolean' || value === null;
    const plain = typeof value === 'string' ? oneLine(value, ALERT_TEXT_MAX) : isPlain ? value : undefined;
    if (plain === undefined || !/^[A-Za-z0-9_.-]{1,60}$/.test(name)) continue;
    fields[name] = plain;
    count += 1;
  }
  return fields;
}
