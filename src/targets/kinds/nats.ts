import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { answerText } from '../answer-text.ts';
import { type NatsLink, type NatsOptions, openNats } from '../nats-link.ts';
import { orTimeout } from '../or-timeout.ts';
import { recordFormats, recordMediaTypes } from '../record.ts';
import { recordWithin } from '../record-within.ts';
import { SharedConnection } from '../shared-connection.ts';
import { defineTarget, type Job, type Outcome, type TargetContext } from '../target.ts';
import { TOPIC_PATTERN, topicFaults, topicName } from '../topic-name.ts';

const CONNECT_MS_MAX = 10_000;
const PORT = 4222;
const SERVER = /^(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5}))?$/;
/** What a server takes unless told otherwise. */
const PREVIEW_BYTES_MAX = 1_048_576;

const settings = Type.Object({
  servers: Type.Array(
    Type.String({
      pattern: SERVER.source.replaceAll(/\?<[a-z]+>/g, '?:'),
      maxLength: 260,
      expected: 'host or host:port',
      description: 'A server; the port is 4222 unless said.',
    }),
    {
      minItems: 1,
      maxItems: 10,
      description:
        'The servers of one system, tried in this order. Of a target in the config file dialled as written, public or not; else see `egress.allow`.',
    },
  ),
  security: oneOf(['tls', 'tls-first', 'none'], {
    default: 'tls',
    description:
      'tls is required of the server (tls-first: from the first byte); none sends events and secrets in the clear.',
  }),
  subject: Type.String({
    pattern: TOPIC_PATTERN,
    maxLength: 60,
    expected: 'a subject without wildcards, such as security.{severity}.{source}',
    description:
      'The subject to publish to; may hold {severity}, {source} and {type}. A stream must take it.',
  }),
  stream: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,255}$',
      description: 'The stream that must take the message. Absent: whichever does.',
    }),
  ),
  inboxPrefix: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*$',
      maxLength: 100,
      description: 'What the subjects of answers begin with, where an account may not use _INBOX.',
    }),
  ),
  user: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'The name to log in with.' })),
  password: Type.Optional(secretText({ description: 'The password to log in with.' })),
  token: Type.Optional(secretText({ description: 'The token to log in with.' })),
  nkeySeed: Type.Optional(secretText({ description: 'The seed of the user NKey to log in with (SU…).' })),
  creds: Type.Optional(
    secretText({ maxLength: 16_384, description: 'The content of the credentials file to log in with.' }),
  ),
  format: oneOf(recordFormats, { default: 'cloudevents', description: 'What a message holds.' }),
});
type Settings = Static<typeof settings>;

export const nats = defineTarget({
  kind: 'nats',
  summary: 'Publishes events to a stream of NATS JetStream.',
  connects: 'sockets',
  settings,
  check: (settings) => [
    ...serverFaults(settings),
    ...topicFaults('subject', settings.subject),
    ...proofFaults(settings),
  ],
  open(settings, context) {
    const subjectOf = topicName(settings.subject);
    const bodyOf = ({ event }: Job, bytesMax: number): string =>
      recordWithin(bytesMax, settings.format, event, context.publicUrl);
    const shared = new SharedConnection<NatsLink>(
      (lost, signal) => openNats(linkOptions(settings, context), lost, signal),
      (link) => link.close(),
    );
    return {
      async send(job, signal) {
        const opened = await shared.get(signal);
        if (!opened.ok) return opened.outcome;
        if (signal.aborted) return late;
        const message = {
          subject: subjectOf(job.event),
          id: job.deliveryId,
          stream: settings.stream,
          bodyWithin: (bytesMax: number) => bodyOf(job, bytesMax),
        };
        return orTimeout(opened.connection.publish(message), late, signal);
      },
      preview: (job) => ({
        mediaType: recordMediaTypes[settings.format],
        text: bodyOf(job, PREVIEW_BYTES_MAX),
      }),
      close: () => shared.close(),
    };
  },
});

const late: Outcome = { kind: 'retry', reason: 'timeout' };

function linkOptions(settings: Settings, { dial, tls, timeoutMs }: TargetContext): NatsOptions {
  const { security, inboxPrefix } = settings;
  return {
    servers: settings.servers.map(readServer),
    security,
    proof: settings,
    inboxPrefix,
    tls,
    dial,
    connectMs: Math.min(timeoutMs, CONNECT_MS_MAX),
    timeoutMs,
    text: answerText(secretsOf(settings)),
  };
}

const secretsOf = ({ password, token, nkeySeed, creds }: Settings): readonly string[] =>
  [password, token, nkeySeed, creds].filter((secret) => secret !== undefined);

/** Without the brackets of an IPv6 address. */
function readServer(text: string): { host: string; port: number } {
  const { host = '', port } = SERVER.exec(text)?.groups ?? {};
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? PORT : Number(port) };
}

function serverFaults({ servers }: Settings): readonly Fault[] {
  return servers.flatMap((server, index) => {
    const { port } = readServer(server);
    if (port >= 1 && port <= 65_535) return [];
    return [{ path: `servers[${index}]`, message: 'must have a port between 1 and 65535' }];
  });
}

function proofFaults(settings: Settings): readonly Fault[] {
  const { user, password, nkeySeed, creds } = settings;
  if ((user === undefined) !== (password === undefined)) {
    const path = user === undefined ? 'user' : 'password';
    return [{ path, message: 'is missing: user and password are set together or not at all' }];
  }
  const given = (['user', 'token', 'nkeySeed', 'creds'] as const).filter(
    (name) => settings[name] !== undefined,
  );
  if (given.length > 1)
    return [{ path: given[1] ?? '', message: `is one way to log in too many: ${given[0]} is set` }];
  if (nkeySeed !== undefined && !/^SU[A-Z2-7]{56}$/.test(nkeySeed))
    return [{ path: 'nkeySeed', message: 'must be the seed of a user NKey: SU and 56 more characters' }];
  if (creds !== undefined && !/BEGIN NATS USER JWT[^]*BEGIN USER NKEY SEED/.test(creds))
    return [{ path: 'creds', message: 'must be the content of a credentials file: a user JWT and its seed' }];
  return [];
}
