import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const PREFIX = 'whsec_';
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

/** Reads a Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. Undefined when it is none. */
export function readWebhookKey(secret: string): KeyObject | undefined {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  // Buffer skips what is not base64: written back it must be the same text.
  if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return undefined;
  return bytes.length >= KEY_BYTES_MIN && bytes.length <= KEY_BYTES_MAX ? createSecretKey(bytes) : undefined;
}

/** The `webhook-signature` header of Standard Webhooks 1.0: one `v1` signature per key, separated by a space. */
export function webhookSignature(
  keys: readonly KeyObject[],
  id: string,
  timestampSeconds: number,
  body: string,
): string {
  const signed = `${id}.${timestampSeconds}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`).join(' ');
}
