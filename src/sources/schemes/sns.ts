import { verify } from 'node:crypto';
import type { Fault } from '../../kernel/fault.ts';
import { Certificates } from '../sns/certificates.ts';
import { type Envelope, readEnvelope } from '../sns/envelope.ts';
import { Subscriptions } from '../sns/subscriptions.ts';
import { certificateUrl, confirmationUrl, type Topic, topicOf } from '../sns/topic.ts';
import { defineScheme, type HandshakeSubject, refused, type Verification } from './scheme.ts';
import type { VerificationSettings } from './settings.ts';
import { isNear, toleranceOf } from './signed-time.ts';

/** SNS tries for up to an hour and bears the time of the publication all along. */
const TOLERANCE = '65m';
const ACCEPTED = '{"status": true}';

/**
 * Amazon SNS over HTTP: an envelope signed with RSA (version 1 with SHA-1, version 2 with SHA-256), its certificate fetched from
 * the topic's own host. The content is the message inside, its id the `MessageId`, equal on retries. A subscription is
 * confirmed by itself; that one ended is logged and not undone. Raw message delivery is not signed and refused.
 * Whoever has an AWS account can have SNS sign: `topics` says whose topics count.
 * Source: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.
 */
export const sns = defineScheme({
  name: 'sns',
  summary: 'Amazon SNS: the signature in the message, of a topic in `topics`; confirms subscriptions.',
  settings: ['topics', 'tolerance'],
  check: topicFaults,
  toleranceMs,
  open(settings, { clock, http }) {
    const topics = new Map((settings.topics ?? []).map((arn) => [arn, topicOf(arn)]));
    const certificates = new Certificates(http, clock);
    const subscriptions = new Subscriptions(http);
    const tolerance = toleranceMs(settings);
    const onceProved = async (envelope: Envelope, topic: Topic): Promise<Verification> => {
      if (envelope.type === 'Notification') {
        return { kind: 'verified', messageId: envelope.messageId, content: Buffer.from(envelope.message) };
      }
      // Not undone: who unsubscribed had the right to, and must not be subscribed again behind their back.
      if (envelope.type === 'UnsubscribeConfirmation') return handshake('subscription_ended');
      const url = confirmationUrl(envelope.subscribeUrl ?? '', topic);
      if (url === undefined) return refused('signature_malformed', 'SubscribeURL is none of the topic');
      const confirmed = await subscriptions.confirm(envelope.messageId, url);
      return confirmed.kind === 'confirmed'
        ? handshake('subscription_confirmed')
        : refused('proof_unavailable', confirmed.detail);
    };
    return async ({ body }) => {
      const envelope = readEnvelope(body);
      if (envelope === undefined) return refused('signature_malformed');
      const topic = topics.get(envelope.topicArn);
      if (topic === undefined) return refused('topic_refused');
      const url = certificateUrl(envelope.certificateUrl, topic);
      if (url === undefined) return refused('certificate_refused', 'SigningCertURL is none of the topic');
      const found = await certificates.keyAt(url, topic);
      if (found.kind === 'unavailable') return refused('proof_unavailable', found.detail);
      if (found.kind === 'refused') return refused('certificate_refused', found.detail);
      if (!verify(envelope.hash, envelope.signed, found.key, envelope.signature)) {
        return refused('signature_mismatch');
      }
      if (!isNear(envelope.timestampMs, clock.now(), tolerance)) return refused('timestamp_outside');
      return onceProved(envelope, topic);
    };
  },
});

function toleranceMs(settings: VerificationSettings): number {
  return toleranceOf(settings, TOLERANCE);
}

const handshake = (about: HandshakeSubject): Verification => ({
  kind: 'handshake',
  about,
  answer: { status: 200, headers: {}, body: ACCEPTED },
});

function topicFaults({ topics }: VerificationSettings): readonly Fault[] {
  if (topics === undefined) {
    return [{ path: 'topics', message: 'is missing: without it any AWS account could send' }];
  }
  return topics.flatMap((arn, index) =>
    topicOf(arn) === undefined
      ? [{ path: `topics[${index}]`, message: 'must be the ARN of a standard SNS topic' }]
      : [],
  );
}
