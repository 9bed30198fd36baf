import { isIP } from 'node:net';
import type { Dial, DialAnswer } from '../kernel/dial.ts';
import { httpFailure } from '../kernel/http-failure.ts';
import type { TlsMaterial } from '../kernel/tls-material.ts';
import type { AnswerText } from './answer-text.ts';
import type { NatsConnection, NatsProof } from './nats-transport.ts';
import { orTimeout } from './or-timeout.ts';
import type { Opened } from './shared-connection.ts';
import type { Outcome, RetryReason } from './target.ts';

export interface NatsOptions {
  /** Tried in this order. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly security: 'tls' | 'tls-first' | 'none';
  readonly proof: NatsProof;
  readonly inboxPrefix: string | undefined;
  readonly tls: TlsMaterial;
  readonly dial: Dial;
  /** For connecting to one server. */
  readonly connectMs: number;
  /** For a message to be taken. */
  readonly timeoutMs: number;
  /** Takes the secrets out of what the server says. */
  readonly text: AnswerText;
}

export interface NatsMessage {
  readonly subject: string;
  /** The same for every attempt: a stream takes it once within its window. */
  readonly id: string;
  /** The stream that must take it; whichever does when undefined. */
  readonly stream: string | undefined;
  bodyWithin(bytesMax: number): string;
}

/** A connection to a NATS server with JetStream. */
export interface NatsLink {
  /** Resolves once a stream has stored the message, or with why none has. */
  publish(message: NatsMessage): Promise<Outcome>;
  close(): Promise<void>;
}

const PING_MS = 30_000;
/** What headers take of a message; a server's limit is on both. */
const HEADER_BYTES = 1_024;
/** The library's transports and ours: loaded with the first connection. */
const library = () => import('./nats-transport.ts');

/** Connects to the first server that can be. `lost` is called once the link is of no more use. */
export async function openNats(
  options: NatsOptions,
  lost: () => void,
  signal: AbortSignal,
): Promise<Opened<NatsLink>> {
  let outcome: Outcome = { kind: 'retry', reason: 'timeout' };
  for (const { host, port } of options.servers) {
    if (signal.aborted) break;
    const there = await orTimeout<DialAnswer>(options.dial.resolve(host, port), aborted, signal);
    if (!there.ok) {
      outcome = { kind: 'retry', reason: there.reason, answer: there.detail };
      continue;
    }
    try {
      const connection = await connect(options, host, port, there.addresses, signal);
      void connection.closed().then(lost);
      return { ok: true, connection: await link(connection, options) };
    } catch (error) {
      outcome = natsOutcome(error, options.text);
    }
  }
  return { ok: false, outcome };
}

const aborted = { ok: false, reason: 'timeout', detail: 'aborted' } as const;

async function connect(
  { security, proof, inboxPrefix, tls, connectMs }: NatsOptions,
  host: string,
  port: number,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { authenticatorsOf, connectNats } = await library();
  const verified = {
    ...tls,
    handshakeFirst: security === 'tls-first',
    minVersion: 'TLSv1.2',
    // The certificate is to be for what was written, not for the address that was dialled.
    host,
    servername: isIP(host) === 0 ? host : '',
  };
  return connectNats({
    servers: addresses.map((address) => `${isIP(address) === 6 ? `[${address}]` : address}:${port}`),
    // Only what was checked is dialled: no name of the servers' own telling, and none of ours a second time.
    resolve: false,
    ignoreClusterUpdates: true,
    noRandomize: true,
    // A lost connection is made anew by the next delivery, after another look at where it goes.
    reconnect: false,
    timeout: Math.ceil(connectMs / addresses.length),
    pingInterval: PING_MS,
    noAsyncTraces: true,
    name: 'tocsin',
    tls: security === 'none' ? null : verified,
    authenticator: authenticatorsOf(proof),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    signal,
  });
}

async function link(connection: NatsConnection, { timeoutMs, text }: NatsOptions): Promise<NatsLink> {
  const stream = (await library()).jetstream(connection, { timeout: timeoutMs });
  const bytesMax = (connection.info?.max_payload ?? 1_048_576) - HEADER_BYTES;
  return {
    async publish(message) {
      const expect = message.stream === undefined ? {} : { expect: { streamName: message.stream } };
      try {
        await stream.publish(message.subject, message.bodyWithin(bytesMax), { msgID: message.id, ...expect });
        return { kind: 'delivered' };
      } catch (error) {
        return natsOutcome(error, text);
      }
    },
    close: () => connection.close(),
  };
}

/** By the names of the library's errors. */
const reasons: Readonly<Record<string, RetryReason>> = {
  AuthorizationError: 'broker',
  UserAuthenticationExpiredError: 'broker',
  PermissionViolationError: 'broker',
  ProtocolError: 'broker',
  InvalidArgumentError: 'broker',
  JetStreamApiError: 'broker',
  StreamNotFoundError: 'unroutable',
  JetStreamNotEnabled: 'unroutable',
  JetStreamError: 'answer_invalid',
  SyntaxError: 'answer_invalid',
  TimeoutError: 'timeout',
};

function natsOutcome(error: unknown, text: AnswerText): Outcome {
  const cause = error instanceof Error && error.name === 'RequestError' ? error.cause : undefined;
  const root = cause instanceof Error ? cause : error;
  const { name, message } = root instanceof Error ? root : { name: '', message: '' };
  const reason = reasons[name];
  if (reason === 'unroutable') {
    const answer = 'no stream takes this subject, or JetStream is off';
    return { kind: 'retry', reason, answer };
  }
  if (reason !== undefined) return { kind: 'retry', reason, answer: text(message) };
  if (/'tls'/.test(message)) return { kind: 'retry', reason: 'tls', answer: text(message) };
  return networkOutcome(root);
}

/** The library wraps some of the system's errors, and drops others: then the connection has ended. */
function networkOutcome(error: unknown): Outcome {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const failure = httpFailure(cause);
  if (failure === undefined || failure.detail === 'UNKNOWN')
    return { kind: 'retry', reason: 'connection_reset' };
  return { kind: 'retry', reason: failure.reason, answer: failure.detail };
}
