import { Type } from 'typebox';
import { severityRank, type Severity, type TocsinEvent } from '../../events/event.ts';
import { parseAddress } from '../../kernel/address.ts';
import { ECS_VERSION } from '../../kernel/log.ts';
import type { Static } from '../../kernel/schema.ts';
import { LineFile } from '../line-file.ts';
import { oneLine } from '../one-line.ts';
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
      description: 'The file to append to; without it the lines go to the standard output of the service.',
    }),
  ),
  payload: Type.Boolean({
    default: false,
    description: `Whether lines hold the sender's own notification too, the first ${PAYLOAD_MAX / 1_024} KiB of it.`,
  }),
});

export const log = defineTarget({
  kind: 'log',
  summary: 'Writes one line of JSON per event, in Elastic Common Schema, to standard output or a file.',
  settings,
  open({ file, payload }: Static<typeof settings>, context) {
    if (file === undefined) {
      return {
        async send(job) {
          context.writeLine(logLine(job, context, payload));
          return { kind: 'delivered' };
        },
        close: () => Promise.resolve(),
      };
    }
    const lines = new LineFile(file);
    return {
      send: (job) => lines.append(logLine(job, context, payload)).then(delivered, failed),
      close: () => lines.close(),
    };
  },
});

const delivered = (): Outcome => ({ kind: 'delivered' });

function failed(error: unknown): Outcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { kind: 'retry', reason: 'io', ...(code === '' ? {} : { answer: code }) };
}

/** One line, whatever the event holds: JSON escapes line breaks, the rest of what could break or colour it follows. */
function logLine(job: Job, context: TargetContext, withPayload: boolean): string {
  return JSON.stringify(record(job, context, withPayload)).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    escapeChar,
  );
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
      target: context.id,
      source: event.source,
      severity: event.severity,
      internal: job.internal || event.internalAlert !== undefined,
      fingerprint: event.fingerprint,
      subject: subjectOf(event),
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
function addresses({ observables }: TocsinEvent): object {
  const valuesOf = (kind: string) =>
    observables
      .filter((one) => one.kind === kind)
      .slice(0, VALUES_MAX)
      .map(({ value }) => oneLine(value, VALUE_MAX));
  const ips = valuesOf('ip').filter((value) => parseAddress(value));
  const [ip] = ips;
  const [users, hosts, urls] = [valuesOf('user'), valuesOf('host'), valuesOf('url')];
  return {
    source: ip === undefined ? undefined : { ip },
    url: urls[0] === undefined ? undefined : { full: urls[0] },
    related: { ip: some(ips), user: some(users), hosts: some(hosts) },
  };
}

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
