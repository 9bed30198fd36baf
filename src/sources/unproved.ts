import type { RateLimit } from '../access/rate-limit.ts';
import { addressField } from '../kernel/address-field.ts';
import type { Logger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { type Client, Reply, type RouteInput } from '../kernel/route.ts';
import type { Verification } from './schemes/scheme.ts';

type Refused = Extract<Verification, { kind: 'refused' }>;
type Handshake = Extract<Verification, { kind: 'handshake' }>;
/** The log's field that names what the request was for: `{'tocsin.source.id': id}`. */
type Subject = Readonly<Record<string, string>>;

/** What a signed route sees of a request: bytes and headers, nothing parsed. */
export type SignedInput = Pick<
  RouteInput<unknown, unknown, Buffer>,
  'body' | 'headers' | 'client' | 'clientCertificate'
>;

const PROOF_RETRY_SECONDS = 30;

/** Turns away who sent too many that did not verify. */
export function turnAway(limit: RateLimit, client: Client): void {
  const wait = limit.wait(client.address);
  if (wait > 0) {
    throw new Problem('too_many_requests', 'Too many requests without a valid signature from this address.', {
      retryAfterSeconds: wait,
    });
  }
}

/** Logs why a request was not proved; what the sender is told of it. */
export function refusal(log: Logger, subject: Subject, client: Client, { reason, detail }: Refused): Problem {
  log.warn(
    {
      ...subject,
      [addressField(client.address)]: client.address,
      reason,
      ...(detail === undefined ? {} : { detail }),
    },
    'a request was not proved genuine',
  );
  if (reason === 'proof_unavailable') {
    return new Problem(reason, 'What proves this request could not be fetched. Send it again later.', {
      retryAfterSeconds: PROOF_RETRY_SECONDS,
    });
  }
  // One answer for all other reasons: which part of a forgery was nearly right is nobody's business.
  return new Problem('signature_invalid', 'The signature is missing or does not fit this body.');
}

/** Logs a vendor's question; what it expects to hear. */
export function answerHandshake(log: Logger, subject: Subject, { about, answer }: Handshake): Reply {
  const line = { ...subject, about };
  if (about === 'subscription_ended') log.warn(line, 'a sender says that it will not send any more');
  else log.info(line, 'a sender asked whether this is the right door');
  return new Reply(answer.status, answer.body, answer.headers);
}
