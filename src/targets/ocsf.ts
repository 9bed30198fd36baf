import { type ObservableKind, severityRank, type TocsinEvent } from '../events/event.ts';
import { oneLine } from '../kernel/one-line.ts';
import { isoTime, markedSubject } from './text.ts';

/** The version of the schema (https://schema.ocsf.io/1.5.0/classes/detection_finding). */
const VERSION = '1.5.0';
const FINDINGS = 2;
const DETECTION_FINDING = 2_004;

const TEXT_MAX = 1_000;
const VALUES_MAX = 100;

const activities = { create: 1, close: 3 } as const;
const statuses = { new: 1, resolved: 4 } as const;

/** OCSF's types of observables (https://schema.ocsf.io/1.5.0/objects/observable). */
const HOSTNAME = 1;
const IP_ADDRESS = 2;
const USER_NAME = 4;
const EMAIL_ADDRESS = 5;
const URL_STRING = 6;

/**
 * An event as a Detection Finding of OCSF (class 2004): one JSON text. The finding is the matter: `finding_info.uid`
 * is the event's fingerprint, `metadata.uid` the event's own id. An event that resolves its matter closes the
 * finding; every other creates it, for an event does not know whether it is the first of its matter: who keeps
 * findings joins them by their uid. `raw_data` is the sender's own notification, left out when it is empty.
 */
export function ocsfFinding(event: TocsinEvent, publicUrl: string): string {
  const isResolved = event.state === 'resolved';
  const activity = isResolved ? activities.close : activities.create;
  return JSON.stringify({
    activity_id: activity,
    activity_name: isResolved ? 'Close' : 'Create',
    category_uid: FINDINGS,
    category_name: 'Findings',
    class_uid: DETECTION_FINDING,
    class_name: 'Detection Finding',
    type_uid: DETECTION_FINDING * 100 + activity,
    // Our scale is OCSF's, up to `critical`; it has no `fatal`.
    severity_id: severityRank(event.severity),
    severity: event.severity.charAt(0).toUpperCase() + event.severity.slice(1),
    status_id: isResolved ? statuses.resolved : statuses.new,
    status: isResolved ? 'Resolved' : 'New',
    is_alert: !isResolved,
    time: timeOf(event),
    message: titleOf(event),
    finding_info: findingInfo(event),
    metadata: metadata(event, publicUrl),
    observables: some(event.observables.slice(0, VALUES_MAX).map(observable)),
    resources: event.subject ? [resource(event.subject)] : undefined,
    unmapped: unmapped(event),
    raw_data: event.payload === '' ? undefined : event.payload,
  });
}

/** OCSF has countries of endpoints only, and asks of an endpoint what the event does not tell: its address or name. */
function unmapped({ internalAlert, geo }: TocsinEvent): object | undefined {
  return internalAlert || geo ? { internal_alert: internalAlert, geo } : undefined;
}

function findingInfo(event: TocsinEvent): object {
  return {
    uid: event.fingerprint,
    title: titleOf(event),
    types: [line(event.type)],
    created_time: timeOf(event),
    src_url: event.link === undefined ? undefined : oneLine(event.link, 2_048),
  };
}

function metadata(event: TocsinEvent, publicUrl: string): object {
  return {
    version: VERSION,
    uid: event.id,
    correlation_uid: event.fingerprint,
    product: { name: 'Tocsin', vendor_name: 'Tocsin', url_string: publicUrl === '' ? undefined : publicUrl },
    event_code: line(event.type),
    log_provider: event.source,
    original_time: isoTime(event.occurredAt),
    logged_time: event.receivedAt,
    tags: some(
      Object.entries(event.labels)
        .slice(0, VALUES_MAX)
        .map(([name, value]) => ({ name: line(name), value: line(value) })),
    ),
  };
}

function observable({ kind, value }: TocsinEvent['observables'][number]): object {
  const text = oneLine(value, 2_048);
  return { ...observableTypes[kind](text), value: text };
}

interface ObservableType {
  readonly type_id: number;
  readonly type: string;
}
const observableTypes: Readonly<Record<ObservableKind, (value: string) => ObservableType>> = {
  ip: () => ({ type_id: IP_ADDRESS, type: 'IP Address' }),
  host: () => ({ type_id: HOSTNAME, type: 'Hostname' }),
  url: () => ({ type_id: URL_STRING, type: 'URL String' }),
  user: (value) =>
    value.includes('@')
      ? { type_id: EMAIL_ADDRESS, type: 'Email Address' }
      : { type_id: USER_NAME, type: 'User Name' },
};

function resource({ kind, id, name }: NonNullable<TocsinEvent['subject']>): object {
  return { type: line(kind), uid: line(id), name: name === undefined ? undefined : line(name) };
}

/** Unix ms; when the sender named no time, that of receipt. */
function timeOf({ occurredAt, receivedAt }: TocsinEvent): number {
  return isoTime(occurredAt) === undefined ? receivedAt : Math.trunc(occurredAt ?? receivedAt);
}

const line = (text: string): string => oneLine(text, TEXT_MAX);
const titleOf = (event: TocsinEvent): string => markedSubject(event, line(event.title) || line(event.type));
const some = <Value>(values: readonly Value[]): readonly Value[] | undefined =>
  values.length > 0 ? values : undefined;
