import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { readJson } from '../read-json.ts';
import { rfc3339Ms } from '../rfc3339.ts';

export const envelopeTypes = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const;
export type EnvelopeType = (typeof envelopeTypes)[number];

/** A message of Amazon SNS as it came over HTTP: nothing of it is proved. */
export interface Envelope {
  readonly type: EnvelopeType;
  readonly messageId: string;
  readonly topicArn: string;
  readonly message: string;
  /** Unix ms of the publication, the same on every retry. */
  readonly timestampMs: number;
  /** Of a confirmation. */
  readonly subscribeUrl: string | undefined;
  readonly certificateUrl: string;
  readonly hash: 'sha1' | 'sha256';
  readonly signature: Buffer;
  /** The canonical text that is signed. */
  readonly signed: Buffer;
}

/** A message has 256 KiB at most; the rest is room for escapes and attributes. */
const BODY_BYTES_MAX = 1_048_576;
const LIMITS = { depthMax: 8, itemsMax: 1 };
const HASHES: Readonly<Record<string, Envelope['hash']>> = { '1': 'sha1', '2': 'sha256' };
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of an RSA key of up to 8,192 bits. */
const SIGNATURE = /^[A-Za-z0-9+/]{4,1366}={0,2}$/;

/** In the order in which they are signed; of a notification the subject only when it has one. */
const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<EnvelopeType, readonly string[]>;

/**
 * Reads a body of SNS; undefined for anything else. The signed text has line breaks between names and values: that
 * no other field than the message may hold one is what makes it mean one thing.
 * Source: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.
 */
export function readEnvelope(body: Buffer): Envelope | undefined {
  if (body.length > BODY_BYTES_MAX) return undefined;
  const json = readJson(body, LIMITS);
  if (json.kind === 'invalid' || !isJsonObject(json.value)) return undefined;
  const record = json.value;
  const text = (name: string): string | undefined => lineOf(record[name]);
  const type = envelopeTypes.find((one) => one === record['Type']);
  const message = record['Message'];
  const messageId = text('MessageId');
  const topicArn = text('TopicArn');
  const timestampMs = rfc3339Ms(text('Timestamp') ?? '');
  const certificateUrl = text('SigningCertURL');
  const hash = HASHES[text('SignatureVersion') ?? ''];
  const signature = text('Signature') ?? '';
  if (type === undefined || hash === undefined || typeof message !== 'string') return undefined;
  if (messageId === undefined || topicArn === undefined || certificateUrl === undefined) return undefined;
  if (timestampMs === undefined || !UUID.test(messageId) || !SIGNATURE.test(signature)) return undefined;
  const signed = signedText(type, record);
  if (signed === undefined) return undefined;
  return {
    type,
    messageId,
    topicArn,
    message,
    timestampMs,
    subscribeUrl: text('SubscribeURL'),
    certificateUrl,
    hash,
    signature: Buffer.from(signature, 'base64'),
    signed: Buffer.from(signed),
  };
}

function signedText(type: EnvelopeType, record: JsonObject): string | undefined {
  let signed = '';
  for (const name of SIGNED_FIELDS[type]) {
    const value = record[name];
    if (name === 'Subject' && (value === undefined || value === null)) continue;
    const text = name === 'Message' ? value : lineOf(value);
    if (typeof text !== 'string') return undefined;
    signed += `${name}\n${text}\n`;
  }
  return signed;
}

const lineOf = (value: unknown): string | undefined =>
  typeof value === 'string' && !value.includes('\n') ? value : undefined;
