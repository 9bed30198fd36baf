import { Type } from 'typebox';
import { severityRank, type Severity, type TocsinEvent } from '../../events/event.ts';
import type { Place } from '../../events/geo.ts';
import { parseAddress } from '../../kernel/address.ts';
import { rotateDaily } from '../../kernel/daily-file.ts';
import { ECS_VERSION } from '../../kernel/log.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { oneOf, type Static } from '../../kernel/schema.ts';
import { LineFile } from '../line-file.ts';
import { recordBody, recordFormats } from '../record.ts';
import { defineTarget, type Job, type Outcome, type TargetContext } from '../target.ts';
import { ALERT_MARK, eventText, fieldText, isoTime } from '../text.ts';

const VALUE_MAX = 1_000;
const VALUES_MAX = 50;
const PAYLOAD_MAX = 32_768;

const settings = Type.Object({
  file: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4_096,
      fileOfMachine: true,
      description: 'The file to append to; without it the lines go to the standard output of the service.',
    }),
  ),
  keepDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_650,
      description:
        'Days that the file of a day gone by is kept: at local midnight the file becomes `<name>.<yymmdd>` and a new one begins. Absent: it grows, for a log rotation of yours to turn.',
    }),
  ),
  payload: Type.Boolean({
    default: false,
    description: `Whether lines hold the sender's own notification too, the first ${PAYLOAD_MAX / 1_024} KiB of it.`,
  }),
  format: oneOf(['ecs', ...recordFormats], {
    default: 'ecs',
    description:
      'Elastic Common Schema, CloudEvents 1.0 or OCSF 1.5 (Detection Finding). Only ECS names the delivery.',
  }),
});
type Settings = Static<typeof settings>;

export const log = defineTarget({
  kind: 'log',
  summary:
    'Writes one line of JSON per event to standard output or a file: Elastic Common Schema, CloudEvents or OCSF.',
  connects: 'nowhere',
  settings,
  check: ({ file, keepDays }) =>
    keepDays !== undefined && file === undefined
      ? [{ path: 'keepDays', message: 'is of use with a file only' }]
      : [],
  open(settings: Settings, context) {
    const { file, keepDays } = settings;
    const preview = (job: Job) => ({
      mediaType: 'application/json',
      text: logLine(job, context, settings),
    });
    if (file === undefined) {
      return {
        async send(job) {
          context.writeLine(logLine(job, context, settings));
          return { kind: 'delivered' };
        },
        preview,
        close: () => Promise.resolve(),
      };
    }
    const lines = new LineFile(file);
    // Each write looks whether the name is still this file's: nothing has to be opened anew here.
    const stopTurning =
      keepDays === undefined
        ? undefined
        : rotateDaily({ file, keepDays, clock: context.clock, reopen: () => {} });
    return {
      send: (job) => lines.append(logLine(job, context, settings)).then(delivered, failed),
      preview,
      close() {
        stopTurning?.();
        return lines.close();
      },
    };
  },
});

const delivered = (): Outcome => ({ kind: 'delivered' });

function failed(error: unknown): Outcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { kind: 'retry', reason: 'io', ...(code === '' ? {} : { answer: code }) };
}

/**
 * One line, whatever the event holds: in a JSON text a line break stands between its members only; the rest of what
 * could break or colour the line stands inside strings only, where it can be escaped.
 */
function logLine(job: Job, context: TargetContext, { format, payload }: Settings): string {
  const text =
    format === 'ecs'
      ? JSON.stringify(record(job, context, payload))
      : recordBody(format, boundedPayload(job.event, payload), context.publicUrl);
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\u007f-\u009f\u2028\u2029]/g, escapeChar);
}

function boundedPayload(event: TocsinEvent, withPayload: boolean): TocsinEvent {
  return { ...event, payload: withPayload ? cut(event.payload, PAYLOAD_MAX) : '' };
}

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function record(job: Job, context: TargetContext, withPayload: boolean): object {
  const { event } = job;
  return {
    '@timestamp': isoTime(event.occurredAt) ?? isoTime(event.receivedAt),
    'log.level': levels[event.severity],
    message: messageOf(event, context.publicUrl),
    'ecs.version': ECS_VERSION,
    event: {
      id: event.id,
      kind: 'alert',
      action: oneLine(event.type, VALUE_MAX),
      dataset: `tocsin.${event.source}`,
      severity: severityRank(event.severity),
      created: isoTime(event.receivedAt),
      url: event.link === undefined ? undefined : oneLine(event.link, 2_000),
      hash: event.payloadSha256,
      original: withPayload ? cut(event.payload, PAYLOAD_MAX) : undefined,
    },
    ...addresses(event),
    labels: labelsOf(event),
    tocsin: {
      delivery_id: job.deliveryId,
      attempt: job.attempt,
      // As in the lines of the service's own log: both may go into one index.
      target: { id: context.id },
      source: { id: event.source },
      severity: event.severity,
      internal: job.internal || event.internalAlert !== undefined,
      fingerprint: event.fingerprint,
      subject: subjectOf(event),
      geo: event.geo,
    },
  };
}

const levels: Readonly<Record<Severity, string>> = {
  unknown: 'info',
  informational: 'info',
  low: 'info',
  medium: 'warn',
  high: 'error',
  critical: 'error',
};

function messageOf(event: TocsinEvent, publicUrl: string): string {
  const { internalAlert } = event;
  if (!internalAlert) return eventText(event, publicUrl).subject;
  const fields = Object.entries(internalAlert).slice(0, VALUES_MAX);
  return `${ALERT_MARK} ${JSON.stringify(Object.fromEntries(fields.map(([name, value]) => [name, boundedField(value)])))}`;
}

/** The value as it is unless it is too big: then the start of its text. */
function boundedField(value: unknown): unknown {
  const text = fieldText(value);
  return text.length > VALUE_MAX ? oneLine(text, VALUE_MAX) : value;
}

/** ECS maps these fields as addresses: whatever else stood there would make Elasticsearch refuse the whole line. */
function addresses({ observables, geo }: TocsinEvent): object {
  const valuesOf = (kind: string) =>
    observables
      .filter((one) => one.kind === kind)
      .slice(0, VALUES_MAX)
      .map(({ value }) => oneLine(value, VALUE_MAX));
  const ips = valuesOf('ip').filter((value) => parseAddress(value));
  const [ip] = ips;
  const [users, hosts, urls] = [valuesOf('user'), valuesOf('host'), valuesOf('url')];
  return {
    source: present({ ip, geo: countryOf(geo?.source) }),
    destination: present({ geo: countryOf(geo?.destination) }),
    url: urls[0] === undefined ? undefined : { full: urls[0] },
    related: { ip: some(ips), user: some(users), hosts: some(hosts) },
  };
}

/** What is private or unknown is no country. */
const countryOf = (place: Place | undefined) =>
  place?.length === 2 ? { country_iso_code: place } : undefined;

const present = (fields: Readonly<Record<string, unknown>>): object | undefined =>
  Object.values(fields).some((value) => value !== undefined) ? fields : undefined;

function some(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? values : undefined;
}

/** ECS labels are flat: a dot in a name would make an object of it. */
function labelsOf({ labels }: TocsinEvent): object {
  const kept = Object.entries(labels).slice(0, VALUES_MAX);
  return Object.fromEntries(
    kept.map(([name, value]) => [oneLine(name, VALUE_MAX).replaceAll('.', '_'), oneLine(value, VALUE_MAX)]),
  );
}

function subjectOf({ subject }: TocsinEvent): object | undefined {
  if (!subject) return undefined;
  const name = subject.name === undefined ? undefined : oneLine(subject.name, VALUE_MAX);
  return { kind: oneLine(subject.kind, VALUE_MAX), id: oneLine(subject.id, VALUE_MAX), name };
}

function cut(text: string, lengthMax: number): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}
