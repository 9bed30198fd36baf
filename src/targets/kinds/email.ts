import { createTransport } from 'nodemailer';
import { Type } from 'typebox';
import { openSocket } from '../../kernel/dial.ts';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { answerText, type AnswerText } from '../answer-text.ts';
import { EMAIL_CHARS_MIN, emailMessage, type EmailBody } from '../email-message.ts';
import { longTextSettings, longTextWriter, withLink } from '../long-text.ts';
import { Recipients } from '../recipients.ts';
import { isRefusal, readSmtpFailure, smtpOutcome, type SmtpFailure } from '../smtp-outcome.ts';
import { defineTarget, type Job, type Outcome, type TargetContext } from '../target.ts';
import { textFaults, textSettings } from '../templated-text.ts';
import { textLines } from '../text.ts';

const ADDRESS = '[^\\s@<>(),;:"\\\\\\[\\]]+@[^\\s@<>(),;:"\\\\\\[\\]]+';
const CONNECT_MS_MAX = 10_000;

const settings = Type.Object({
  host: Type.String({
    pattern: '^[A-Za-z0-9._:-]{1,253}$',
    description:
      'The SMTP server. Of a target in the config file dialled as written, public or not; else see `egress.allow`.',
  }),
  port: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 587,
    description: '587 for starttls, 465 for tls.',
  }),
  security: oneOf(['starttls', 'tls', 'none'], {
    default: 'starttls',
    description:
      'starttls is required of the server, never just tried; none sends mail and password in the clear.',
  }),
  user: Type.Optional(Type.String({ minLength: 1, maxLength: 320, description: 'The name to log in with.' })),
  password: Type.Optional(secretText({ description: 'The password to log in with.' })),
  from: Type.String({
    pattern: `^(?:[^\\p{Cc}<>",;:@\\\\]{1,100} <${ADDRESS}>|${ADDRESS})$`,
    maxLength: 360,
    expected: 'an e-mail address such as alerts@example.com or Tocsin <alerts@example.com>',
    description: 'Whom the mail comes from.',
  }),
  to: Type.Array(
    Type.String({
      pattern: `^${ADDRESS}$`,
      maxLength: 254,
      expected: 'an e-mail address',
      description: 'A recipient.',
    }),
    {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      description: 'The recipients of every mail, who see each other.',
    },
  ),
  subjectPrefix: Type.String({
    pattern: '^\\P{Cc}*$',
    maxLength: 60,
    default: '',
    expected: 'one line of at most 60 characters',
    description: 'Stands before every subject.',
  }),
  bodyCharsMax: Type.Integer({
    minimum: EMAIL_CHARS_MIN,
    maximum: 250_000,
    default: 20_000,
    description: 'Characters of a mail, links included; what is longer goes by `longText`.',
  }),
  ...textSettings,
  ...longTextSettings,
});
type Settings = Static<typeof settings>;

export const email = defineTarget({
  kind: 'email',
  summary: 'Mails events over SMTP, as plain text and HTML.',
  connects: 'sockets',
  settings,
  check: (settings) => [...credentialFaults(settings), ...textFaults(settings)],
  open(settings, context) {
    const transport = openTransport(settings, context);
    const recipients = new Recipients(settings.to);
    const { password = '', user = '', subjectPrefix, bodyCharsMax } = settings;
    const words = longTextWriter(settings, context, {
      fit: (text, whole) => emailMessage(withLink(text, whole), subjectPrefix, bodyCharsMax),
      shows: (text) => textLines({ ...text, links: [] }).join('\n'),
      bodyMax: bodyCharsMax,
      secrets: [password],
    });
    const text = answerText([password, `\0${user}\0${password}`]);
    return {
      async send(job, signal) {
        const { pending } = recipients.of(job.deliveryId);
        const envelope = { from: addressOf(settings.from), to: [...pending] };
        try {
          const mail = mailOf(job, await words.write(job, signal), settings, context);
          const info = await transport.sendMail({ ...mail, envelope, signal });
          return settle(job, recipients, readSmtpFailure(info), info.accepted.length > 0, text);
        } catch (error) {
          if (signal.aborted) return { kind: 'retry', reason: 'timeout' };
          return settle(job, recipients, readSmtpFailure(error), false, text);
        }
      },
      preview(job) {
        const { subject, text: body } = words.preview(job);
        const head = [`From: ${settings.from}`, `To: ${settings.to.join(', ')}`, `Subject: ${subject}`];
        return { mediaType: 'text/plain; charset=utf-8', text: [...head, '', body].join('\n') };
      },
      async close() {
        transport.close();
      },
    };
  },
});

/** The outcome of one attempt, with who of the recipients is left for the next. */
function settle(
  { deliveryId }: Job,
  recipients: Recipients,
  result: SmtpFailure,
  isAccepted: boolean,
  text: AnswerText,
): Outcome {
  const before = recipients.of(deliveryId);
  const hasReached = isAccepted || before.hasReached;
  const putOff = result.recipients.filter((failure) => !isRefusal(failure));
  const [refused] = result.recipients;
  if (result.recipients.length === 0 && !isAccepted) return smtpOutcome(result, text);
  recipients.update(deliveryId, { pending: putOff.map(({ recipient }) => recipient), hasReached });
  if (putOff[0]) return smtpOutcome(putOff[0], text);
  if (refused && !hasReached) return smtpOutcome(refused, text);
  // Whoever was refused for good stays without; the others have it, and one of them is enough for a delivery.
  const note = refused ? `not all recipients: ${refused.response}` : result.response;
  return { kind: 'delivered', answer: text(note) };
}

function mailOf({ deliveryId }: Job, body: EmailBody, settings: Settings, { clock }: TargetContext) {
  const address = addressOf(settings.from);
  return {
    from: { name: settings.from.slice(0, -address.length - 2).trim(), address },
    to: [...settings.to],
    ...body,
    date: new Date(clock.now()),
    // The same on every attempt: a mailbox that got two copies shows one.
    messageId: `<${deliveryId}@${address.slice(address.lastIndexOf('@') + 1)}>`,
    // Keeps vacation notices and the like from answering (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The address alone, of `Name <address>` as well. */
function addressOf(from: string): string {
  return /<([^>]*)>$/.exec(from)?.[1] ?? from;
}

/**
 * Pooled: alerts come in bursts, and a connection costs a handshake, TLS and a login, which providers count.
 * Idle connections go soon, for servers close them without a word.
 */
function openTransport(settings: Settings, { timeoutMs, tls, dial }: TargetContext) {
  const { host, port, security, user, password } = settings;
  const connectMs = Math.min(timeoutMs, CONNECT_MS_MAX);
  return createTransport({
    pool: true,
    maxConnections: 2,
    maxMessages: 100,
    maxRequeues: 1,
    idleTimeout: 15_000,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...tls },
    // Opened here, to an address that may be dialled; TLS is nodemailer's, over it and for the host's name.
    getSocket: (_options: unknown, done: (error: Error | null, opened?: object) => void) => {
      const settle = (opened: Awaited<ReturnType<typeof openSocket>>) =>
        opened.ok ? done(null, { connection: opened.socket }) : done(connectFailure(opened.detail));
      openSocket(dial, host, port, connectMs).then(settle, done);
    },
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: 1_000,
  });
}

/** As nodemailer tells a connection that failed. */
function connectFailure(originalCode: string): Error {
  return Object.assign(new Error('no connection'), { code: 'ESOCKET', originalCode });
}

function credentialFaults({ user, password }: Settings): readonly Fault[] {
  if ((user === undefined) === (password === undefined)) return [];
  const missing = user === undefined ? 'user' : 'password';
  return [{ path: missing, message: 'is missing: user and password are set together or not at all' }];
}
