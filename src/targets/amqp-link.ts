import type { ChannelModel, ConfirmChannel, Message, Options } from 'amqplib';
import type { Dial, DialAnswer } from '../kernel/dial.ts';
import { httpFailure } from '../kernel/http-failure.ts';
import { lookupAmong } from '../kernel/lookup.ts';
import type { TlsMaterial } from '../kernel/tls-material.ts';
import type { AnswerText } from './answer-text.ts';
import { orTimeout } from './or-timeout.ts';
import type { Opened } from './shared-connection.ts';
import type { Outcome } from './target.ts';

export interface AmqpOptions {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly vhost: string;
  /** Without them the certificate is the proof (EXTERNAL), or else the broker's default account. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly tls: TlsMaterial;
  readonly dial: Dial;
  /** For all that connecting takes. */
  readonly connectMs: number;
  /** Takes the secrets out of what the broker says. */
  readonly text: AnswerText;
}

export interface AmqpMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: string;
  /** `messageId` tells a returned message. */
  readonly properties: Options.Publish & { readonly messageId: string };
}

/** A connection to a broker of AMQP 0-9-1, with a channel that confirms. */
export interface AmqpLink {
  /** Resolves once the broker has taken the message, given it back, or can take none. */
  publish(message: AmqpMessage): Promise<Outcome>;
  /** Waits for a good end, not for long. */
  close(): Promise<void>;
}

const HEARTBEAT_SECONDS = 30;
/** Frames that we get are short: returned messages come in pieces of what was agreed on. */
const FRAME_BYTES_MAX = 131_072;
const CLOSE_MS = 1_000;

/** Connects. `lost` is called once the link is of no more use; the signal ends the connecting. */
export async function openAmqp(
  options: AmqpOptions,
  lost: () => void,
  signal: AbortSignal,
): Promise<Opened<AmqpLink>> {
  const there = await orTimeout<DialAnswer>(
    options.dial.resolve(options.host, options.port),
    aborted,
    signal,
  );
  if (!there.ok) return failed({ kind: 'retry', reason: there.reason, answer: there.detail });
  const cut = new AbortController();
  signal.addEventListener('abort', () => cut.abort(), { once: true });
  const timer = setTimeout(() => cut.abort(), options.connectMs);
  try {
    const model = await connect(options, there.addresses, cut.signal);
    // From the first moment: an error that nobody listens to ends the process.
    const failure = watch(model, lost);
    const channel = await model.createConfirmChannel();
    return { ok: true, connection: new Link(model, channel, failure, options.text, cut) };
  } catch (error) {
    const isLate = cut.signal.aborted;
    cut.abort();
    return failed(isLate ? { kind: 'retry', reason: 'timeout' } : connectOutcome(error, options.text));
  } finally {
    clearTimeout(timer);
  }
}

const aborted = { ok: false, reason: 'timeout', detail: 'aborted' } as const;

const failed = (outcome: Outcome): Opened<AmqpLink> => ({ ok: false, outcome });

async function connect(
  options: AmqpOptions,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<ChannelModel> {
  const amqp = await import('amqplib');
  const { host, port, isTls, vhost, login, tls } = options;
  const { user, password } = login ?? { user: 'guest', password: 'guest' };
  const isExternal = login === undefined && tls.cert !== undefined;
  const socket = {
    ...(isTls ? { ...tls, minVersion: 'TLSv1.2' as const } : {}),
    lookup: lookupAmong(addresses),
    autoSelectFamily: true,
    noDelay: true,
    // Ends the socket, at whatever stage it is.
    signal,
    clientProperties: { connection_name: 'tocsin' },
    ...(isExternal ? { credentials: amqp.credentials.external() } : {}),
  };
  return amqp.connect(
    {
      protocol: isTls ? 'amqps' : 'amqp',
      hostname: host,
      port,
      vhost: encodeURIComponent(vhost),
      username: user,
      password,
      heartbeat: HEARTBEAT_SECONDS,
      frameMax: FRAME_BYTES_MAX,
    },
    socket,
  );
}

/** Why a link is of no use, once it is. */
interface Failure {
  /** Of the connection, of the channel, or of the broker's alarm. */
  error: unknown;
  blocked: string | undefined;
}

function watch(model: ChannelModel, lost: () => void): Failure {
  const failure: Failure = { error: undefined, blocked: undefined };
  model.on('error', (error: Error) => (failure.error ??= error));
  model.on('close', lost);
  model.on('blocked', (reason: string) => (failure.blocked = reason));
  model.on('unblocked', () => (failure.blocked = undefined));
  return failure;
}

class Link implements AmqpLink {
  readonly #model: ChannelModel;
  readonly #channel: ConfirmChannel;
  readonly #failure: Failure;
  readonly #text: AnswerText;
  readonly #cut: AbortController;
  /** What was given back, by message id; the confirmation of it is still to come. */
  readonly #returned = new Map<string, string>();

  constructor(
    model: ChannelModel,
    channel: ConfirmChannel,
    failure: Failure,
    text: AnswerText,
    cut: AbortController,
  ) {
    this.#model = model;
    this.#channel = channel;
    this.#failure = failure;
    this.#text = text;
    this.#cut = cut;
    channel.on('return', (message: Message) => this.#take(message));
    channel.on('error', (error: Error) => (failure.error ??= error));
    // A channel that the broker closed takes its connection with it: the next delivery begins anew.
    channel.on('close', () => void this.close());
  }

  publish({ exchange, routingKey, body, properties }: AmqpMessage): Promise<Outcome> {
    const { blocked } = this.#failure;
    // What is written now would wait in the broker's queue of connections, and arrive long after it was given up.
    if (blocked !== undefined) return Promise.resolve(this.#refusal(`takes no messages now: ${blocked}`));
    return new Promise((resolve) => {
      try {
        this.#channel.publish(exchange, routingKey, Buffer.from(body), properties, (error: unknown) =>
          resolve(this.#outcome(properties.messageId, error !== null)),
        );
      } catch {
        // Closed in between: amqplib says so by throwing.
        resolve(this.#lostOutcome());
      }
    });
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#cut.abort(), CLOSE_MS);
    try {
      await orTimeout(this.#model.close(), undefined, this.#cut.signal);
    } catch {
      // Closed already, by the broker or by the network: that is what was wanted.
    } finally {
      clearTimeout(timer);
    }
  }

  #take({ properties, fields }: Message): void {
    const id: unknown = properties.messageId;
    // Of the kinds of fields this one has the reply, which the library's types leave out.
    const said = 'replyText' in fields ? String(fields.replyText) : '';
    if (typeof id === 'string') this.#returned.set(id, said);
  }

  #outcome(messageId: string, isRefused: boolean): Outcome {
    const returned = this.#returned.get(messageId);
    this.#returned.delete(messageId);
    if (returned !== undefined) {
      const answer = this.#text(`no queue takes this routing key (${returned})`);
      return { kind: 'retry', reason: 'unroutable', answer };
    }
    if (!isRefused) return { kind: 'delivered' };
    if (this.#failure.error !== undefined) return this.#lostOutcome();
    return this.#refusal('refused the message: a queue has no room, or an internal fault');
  }

  #refusal(said: string): Outcome {
    return { kind: 'retry', reason: 'broker', answer: this.#text(`the broker ${said}`) };
  }

  #lostOutcome(): Outcome {
    return connectOutcome(this.#failure.error, this.#text);
  }
}

/** What ended a connection, or kept it from beginning: the network, or what the broker said. */
function connectOutcome(error: unknown, text: AnswerText): Outcome {
  const message = error instanceof Error ? error.message : '';
  // "Handshake terminated by server: 403 (ACCESS-REFUSED) with message …", and the same of channels.
  const said = /(?:Handshake terminated|(?:Channel|Connection) closed) (?:by server|.*?): (.*)/s.exec(
    message,
  )?.[1];
  if (said !== undefined) return { kind: 'retry', reason: 'broker', answer: text(said) };
  // The library tells no more of a close at this point, which is where the virtual host is asked for.
  if (message.startsWith('Expected ConnectionOpenOk; got <ConnectionClose'))
    return { kind: 'retry', reason: 'broker', answer: 'the broker lets this user not into the virtual host' };
  if (/^(?:Expected|SASL mechanism|Server frameMax)/.test(message))
    return { kind: 'retry', reason: 'answer_invalid', answer: text(message) };
  if (message === 'Heartbeat timeout') return { kind: 'retry', reason: 'timeout', answer: 'no heartbeat' };
  const failure = httpFailure(error);
  const code = failure?.detail === 'UNKNOWN' ? '' : (failure?.detail ?? '');
  return {
    kind: 'retry',
    reason: failure?.reason ?? 'connection_reset',
    ...(code === '' ? {} : { answer: code }),
  };
}
