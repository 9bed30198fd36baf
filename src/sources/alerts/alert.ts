import type { MatterState, Observable } from '../../events/event.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, textOf, textsOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { type Facts, identityOf, webLink } from '../make-draft.ts';
import { observed, observedPlace } from '../observe.ts';
import type { JsonItem } from '../read-json.ts';
import type { AlertReading } from './settings.ts';
import { subjectOf } from './subject.ts';

const LABELS_MAX = 60;

export type Texts = Readonly<Record<string, string>>;

/** One alert of a group, read so far that nothing else needs to know how it is written. */
export interface Alert {
  readonly item: JsonItem;
  readonly group: JsonObject;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly state: MatterState | undefined;
}

export function readAlert(item: JsonItem, group: JsonObject): Alert {
  const status = firstText(item.record['status'], group['status']);
  return {
    item,
    group,
    labels: textsOf(item.record['labels'], LABELS_MAX),
    annotations: textsOf(item.record['annotations'], LABELS_MAX),
    state: stateOf(status),
  };
}

function stateOf(status: string | undefined): MatterState | undefined {
  if (status === 'firing') return 'open';
  return status === 'resolved' ? 'resolved' : undefined;
}

/** What an alert of Prometheus says, as facts; `more` are labels that a sender of the same shape adds. */
export function factsOf(alert: Alert, reading: AlertReading, more: Facts['labels'] = {}): Facts {
  const { item, labels, annotations, state } = alert;
  const { startsAt, endsAt } = item.record;
  return {
    type: typeOf(labels['alertname']),
    severity: reading.severityOf(labels[reading.severityLabel]) ?? reading.defaultSeverity,
    titles: [titleOf(alert, alertTexts(annotations, labels))],
    occurredAt: state === 'resolved' ? firstInstant(endsAt, startsAt) : firstInstant(startsAt),
    subject: subjectOf(labels),
    labels: withOwn(labels, { ...ownLabels(alert), ...more }),
    observables: observablesOf(labels),
    endpoints: endpointsIn(labels),
    link: firstLink(item.record['generatorURL'], alert.group['externalURL']),
    ...identityFacts(alert),
    state,
    payload: item.text,
  };
}

/** `alert.host_down`; a dot in the rule's name would make another level. */
export const typeOf = (alertname: string | undefined): string =>
  `alert.${(alertname ?? '').slice(0, 160).replaceAll('.', '_')}`;

const alertTexts = (annotations: Texts, labels: Texts): readonly (string | undefined)[] => [
  annotations['summary'],
  annotations['title'],
  annotations['message'],
  annotations['description'],
  labels['alertname'],
];

/** The first text that says something; of an alert that ended it says that too, for targets that show titles only. */
export function titleOf({ state }: Alert, texts: readonly (string | undefined)[]): string | undefined {
  const text = texts.find((one) => one !== undefined && oneLine(one, 300) !== '');
  return text === undefined || state !== 'resolved' ? text : `Resolved: ${text}`;
}

/**
 * An Alertmanager tells of a firing alert again and again, alone or with its group: that is a repeat. It is news
 * when the alert begins, when it ends, and when it begins anew. Changed annotations are no news: most hold a
 * measured value, and each new value of each alert of a group would be told with every change of that group.
 */
function identityFacts({ item, labels, state }: Alert): Pick<Facts, 'identity' | 'recurs' | 'matter'> {
  const { record, text } = item;
  const key = alertKey(record, labels);
  if (key === undefined) return { identity: identityOf(undefined, text), matter: undefined };
  const times = [record['startsAt'], state === 'resolved' ? record['endsAt'] : undefined];
  const status = state ?? textOf(record['status']) ?? '';
  const identity = [...key, status, ...times.map((time) => textOf(time) ?? '')];
  // Ended because nothing was heard of it for a while, an alert comes back with the time at which it first began.
  return { identity, recurs: true, matter: key };
}

/** Its labels make an alert this one; the fingerprint is their hash. Versions before 0.20 send none. */
function alertKey(record: JsonObject, labels: Texts): readonly string[] | undefined {
  const fingerprint = textOf(record['fingerprint']);
  if (fingerprint !== undefined) return ['fingerprint', fingerprint];
  const count = Object.keys(labels).length;
  // Where not all of them were read, two alerts could differ in the rest.
  return count === 0 || count >= LABELS_MAX ? undefined : ['labels', canonicalJson(labels)];
}

function ownLabels({ item, group, annotations }: Alert): Readonly<Record<string, string | undefined>> {
  const truncated = group['truncatedAlerts'];
  return {
    alertstate: textOf(item.record['status']) ?? textOf(group['status']),
    receiver: textOf(group['receiver']),
    // As many alerts of this group are not in the message: whoever reads this one should know.
    truncated_alerts: typeof truncated === 'number' && truncated > 0 ? String(truncated) : undefined,
    runbook_url: webLink(annotations['runbook_url']),
  };
}

/** Ours come first and win: the number of labels is capped, and rules rely on them. */
function withOwn(labels: Texts, own: Facts['labels']): Facts['labels'] {
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...said, ...labels, ...said };
}

const PLACES = ['instance', 'host', 'hostname', 'node', 'nodename', 'target'];
const ADDRESSES = ['ip', 'src_ip', 'source_ip', 'client_ip', 'remote_ip', 'dst_ip'];
const USERS = ['user', 'username'];

function observablesOf(labels: Texts): readonly Observable[] {
  return [
    ...PLACES.flatMap((name) => observedPlace(labels[name])),
    ...ADDRESSES.flatMap((name) => observed('ip', labels[name])),
    ...USERS.flatMap((name) => observed('user', labels[name])),
    ...observed('url', labels['url']),
  ];
}

const SOURCES = ['src_ip', 'source_ip', 'client_ip', 'remote_ip'];

/** An `ip` is mostly that of the machine which the alert is about: it names no side. */
const endpointsIn = (labels: Texts) =>
  endpointsOf(
    SOURCES.flatMap((name) => endpoint(labels[name])),
    endpoint(labels['dst_ip']),
  );

/** The first that can stand as a link. */
export function firstLink(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const link = webLink(textOf(value));
    if (link !== undefined) return link;
  }
  return undefined;
}
