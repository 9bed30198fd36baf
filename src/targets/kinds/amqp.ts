import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { type AmqpLink, type AmqpMessage, openAmqp } from '../amqp-link.ts';
import { answerText } from '../answer-text.ts';
import { orTimeout } from '../or-timeout.ts';
import { recordFormats, recordMediaTypes } from '../record.ts';
import { recordWithin } from '../record-within.ts';
import { SharedConnection } from '../shared-connection.ts';
import { defineTarget, type Job, type Outcome, type TargetContext } from '../target.ts';
import { TOPIC_PATTERN, topicFaults, type TopicName, topicName } from '../topic-name.ts';

const CONNECT_MS_MAX = 10_000;
/** AMQP's short strings have 255 bytes. */
const TYPE_MAX = 120;

const settings = Type.Object({
  host: Type.String({
    pattern: '^[A-Za-z0-9._:-]{1,253}$',
    description:
      'The broker. Of a target in the config file dialled as written, public or not; else see `egress.allow`.',
  }),
  port: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'Absent: 5671 for tls, 5672 for none.',
    }),
  ),
  security: oneOf(['tls', 'none'], {
    default: 'tls',
    description: 'tls is required of the broker; none sends events and password in the clear.',
  }),
  vhost: Type.String({
    pattern: '^\\P{Cc}{1,127}$',
    default: '/',
    description: 'The virtual host.',
  }),
  user: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'The name to log in with. Absent: the certificate of `tlsCertFile` is the proof, or else guest logs in.',
    }),
  ),
  password: Type.Optional(secretText({ description: 'The password to log in with.' })),
  exchange: Type.String({
    pattern: '^[A-Za-z0-9_.:-]*$',
    maxLength: 127,
    default: '',
    description: 'The exchange to publish to; it must exist. Empty: the default one, whose keys name queues.',
  }),
  routingKey: Type.String({
    pattern: TOPIC_PATTERN,
    maxLength: 60,
    expected: 'a name such as security.{severity}.{source}',
    description: 'The routing key; may hold {severity}, {source} and {type}.',
  }),
  mandatory: Type.Boolean({
    default: true,
    description:
      'Whether a message that no queue takes is tried again. Otherwise it is lost, and counts as delivered.',
  }),
  format: oneOf(recordFormats, { default: 'cloudevents', description: 'What a message holds.' }),
  messageBytesMax: Type.Integer({
    minimum: 65_536,
    maximum: 134_217_728,
    default: 16_000_000,
    description:
      "What is larger goes without the sender's notification. RabbitMQ 4 takes 16 MiB unless told otherwise.",
  }),
});
type Settings = Static<typeof settings>;

export const amqp = defineTarget({
  kind: 'amqp',
  summary: 'Publishes events to an exchange of RabbitMQ, or another broker of AMQP 0-9-1, with confirms.',
  connects: 'sockets',
  settings,
  check: (settings) => [...loginFaults(settings), ...topicFaults('routingKey', settings.routingKey)],
  open(settings, context) {
    const keyOf = topicName(settings.routingKey);
    const bodyOf = ({ event }: Job): string =>
      recordWithin(settings.messageBytesMax, settings.format, event, context.publicUrl);
    const shared = new SharedConnection<AmqpLink>(
      (lost, signal) => openAmqp(linkOptions(settings, context), lost, signal),
      (link) => link.close(),
    );
    return {
      async send(job, signal) {
        const opened = await shared.get(signal);
        if (!opened.ok) return opened.outcome;
        if (signal.aborted) return late;
        return orTimeout(
          opened.connection.publish(messageOf(job, settings, keyOf, bodyOf(job))),
          late,
          signal,
        );
      },
      preview: (job) => ({ mediaType: recordMediaTypes[settings.format], text: bodyOf(job) }),
      close: () => shared.close(),
    };
  },
});

const late: Outcome = { kind: 'retry', reason: 'timeout' };

function linkOptions(settings: Settings, { dial, tls, timeoutMs }: TargetContext) {
  const { host, security, vhost, user, password } = settings;
  const isTls = security === 'tls';
  return {
    host,
    port: settings.port ?? (isTls ? 5671 : 5672),
    isTls,
    vhost,
    login: user === undefined || password === undefined ? undefined : { user, password },
    tls,
    dial,
    connectMs: Math.min(timeoutMs, CONNECT_MS_MAX),
    text: answerText([password ?? '', `\0${user ?? ''}\0${password ?? ''}`]),
  };
}

function messageOf(job: Job, settings: Settings, keyOf: TopicName, body: string): AmqpMessage {
  const { event, deliveryId, internal } = job;
  return {
    exchange: settings.exchange,
    routingKey: keyOf(event),
    body,
    properties: {
      messageId: deliveryId,
      persistent: true,
      mandatory: settings.mandatory,
      contentType: recordMediaTypes[settings.format],
      contentEncoding: 'utf-8',
      timestamp: Math.floor(event.receivedAt / 1_000),
      type: event.type.replace(/[^\x21-\x7e]/g, '_').slice(0, TYPE_MAX),
      appId: 'tocsin',
      headers: { event: event.id, severity: event.severity, source: event.source, internal },
    },
  };
}

function loginFaults({ user, password }: Settings): readonly Fault[] {
  if ((user === undefined) === (password === undefined)) return [];
  const path = user === undefined ? 'user' : 'password';
  return [{ path, message: 'is missing: user and password are set together or not at all' }];
}
