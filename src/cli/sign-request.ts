import { createHmac, randomUUID } from 'node:crypto';
import { readWebhookKey } from '../targets/webhook-signature.ts';
import type { HeaderMap } from './headers-option.ts';
import { failed, type Result, succeeded } from './result.ts';

/** The ways of proving that a command line can follow; `sns` and `mtls` need what is not a shared secret. */
export const signingSchemes = ['sqreen', 'standard', 'github', 'stripe', 'slack', 'hmac', 'bearer'] as const;
export type SigningScheme = (typeof signingSchemes)[number];

export interface Signing {
  readonly scheme: SigningScheme;
  readonly key: string;
  /** The header of `hmac`, which has none of its own. */
  readonly header: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** The headers that prove the body, as the scheme's own sender makes them. */
export function signedHeaders(body: Buffer, signing: Signing): Result<HeaderMap> {
  const { scheme, key, now } = signing;
  const seconds = Math.floor(now / 1000);
  const digest = (head = ''): string => createHmac('sha256', key).update(head).update(body).digest('hex');
  switch (scheme) {
    case 'sqreen':
      return succeeded({ 'x-sqreen-integrity': digest() });
    case 'github':
      return succeeded({ 'x-hub-signature-256': `sha256=${digest()}`, 'x-github-delivery': randomUUID() });
    case 'stripe':
      return succeeded({ 'stripe-signature': `t=${seconds},v1=${digest(`${seconds}.`)}` });
    case 'slack':
      return succeeded({
        'x-slack-request-timestamp': String(seconds),
        'x-slack-signature': `v0=${digest(`v0:${seconds}:`)}`,
      });
    case 'hmac':
      return signing.header === undefined
        ? failed('The scheme hmac needs --signature-header: which header holds the signature?')
        : succeeded({ [signing.header.toLowerCase()]: digest() });
    case 'bearer':
      return /^[\x21-\x7e]+$/.test(key)
        ? succeeded({ authorization: `Bearer ${key}` })
        : failed('The token of the scheme bearer holds a blank, or what no header can hold.');
    case 'standard':
      return standardHeaders(body, key, seconds);
  }
}

function standardHeaders(body: Buffer, secret: string, seconds: number): Result<HeaderMap> {
  const key = readWebhookKey(secret);
  if (key === undefined)
    return failed('The key of the scheme standard is whsec_ and 24 to 64 bytes in base64.');
  const id = `msg_${randomUUID()}`;
  // Over the bytes as they are: what is no UTF-8 is the service's to refuse.
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64');
  return succeeded({
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  });
}
