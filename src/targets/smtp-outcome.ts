import { failureReason } from '../kernel/http-failure.ts';
import type { AnswerText } from './answer-text.ts';
import type { Outcome, RetryReason } from './target.ts';

/** What nodemailer tells of a failure, of the whole mail or of one recipient. */
export interface SmtpFailure {
  /** nodemailer's own: ECONNECTION, EAUTH, EENVELOPE … */
  readonly code: string;
  /** The system's or OpenSSL's, where there was one. */
  readonly systemCode: string;
  readonly status: number | undefined;
  /** The command that was refused: `CONN`, `MAIL FROM`, `RCPT TO`, `DATA` … */
  readonly command: string;
  readonly response: string;
  /** The recipient that was refused; empty when it is about the mail. */
  readonly recipient: string;
  /** Those of the recipients. */
  readonly recipients: readonly SmtpFailure[];
}

const reasonByCode: ReadonlyMap<string, RetryReason> = new Map([
  ['ETIMEDOUT', 'timeout'],
  ['EABORT', 'timeout'],
  ['EDNS', 'dns'],
  ['ETLS', 'tls'],
  ['EPROTOCOL', 'answer_invalid'],
]);

/** 5xx replies about us, not about the message (RFC 4954, 6; RFC 5321, 4.2.2): the operator may put it right. */
const ABOUT_US: readonly number[] = [503, 530, 534, 535, 538];
/** A refusal of these commands is one of the recipient or of the content; one of `MAIL FROM` is of our `from`. */
const ABOUT_MESSAGE: readonly string[] = ['RCPT TO', 'DATA'];

/** The one place where a failed mail becomes an outcome. */
export function smtpOutcome(failure: SmtpFailure, text: AnswerText): Outcome {
  const { status } = failure;
  const answer = text(failure.response || failure.systemCode || failure.code);
  const told = { ...(status === undefined ? {} : { status }), ...(answer === '' ? {} : { answer }) };
  if (isRefusal(failure)) return { kind: 'rejected', reason: 'refused_by_receiver', ...told };
  return { kind: 'retry', reason: reasonOf(failure), ...told };
}

/** Whether the receiver refuses the message, or a recipient, for good. */
export function isRefusal({ status, command }: SmtpFailure): boolean {
  return (
    status !== undefined && status >= 500 && !ABOUT_US.includes(status) && ABOUT_MESSAGE.includes(command)
  );
}

export function readSmtpFailure(error: unknown): SmtpFailure {
  const read = (name: string): unknown =>
    typeof error === 'object' && error !== null
      ? Object.getOwnPropertyDescriptor(error, name)?.value
      : undefined;
  const text = (name: string): string => {
    const value = read(name);
    return typeof value === 'string' ? value : '';
  };
  const status = read('responseCode');
  const recipients = read('rejectedErrors');
  return {
    code: text('code'),
    systemCode: text('originalCode'),
    status: typeof status === 'number' ? status : undefined,
    command: text('command'),
    response: text('response'),
    recipient: text('recipient'),
    recipients: Array.isArray(recipients) ? recipients.map(readSmtpFailure) : [],
  };
}

function reasonOf({ code, systemCode, status }: SmtpFailure): RetryReason {
  // A server without STARTTLS says so with a status of its own.
  if (status !== undefined && code !== 'ETLS') return 'smtp';
  if (code === 'ESOCKET' || code === 'ECONNECTION') {
    return systemCode === '' ? 'connection_reset' : failureReason(systemCode);
  }
  return reasonByCode.get(code) ?? 'smtp';
}
