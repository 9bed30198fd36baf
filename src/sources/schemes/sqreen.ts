import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { keyFaults, keysOf } from './keys.ts';
import { defineScheme, type Verify } from './scheme.ts';

const HEADER = 'x-sqreen-integrity';
/** HMAC-SHA256 in lower-case hex, and nothing else: no prefix, no list. */
const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * Sqreen's `X-Sqreen-Integrity`: HMAC-SHA256 (RFC 2104) of the raw body under the UTF-8 text of one of the keys.
 * Source: docs.sqreen.com/integrations/webhooks.
 */
export const sqreen = defineScheme({
  name: 'sqreen',
  summary: '`X-Sqreen-Integrity`: HMAC-SHA256 of the body in hex.',
  settings: ['key', 'previousKey'],
  check: (settings) => keyFaults(settings),
  open: (settings) => signatureVerifier(keysOf(settings)),
});

/**
 * The comparison takes the same time wherever the digests differ, and every key is tried, so that the time taken
 * does not tell which one fitted.
 */
export function signatureVerifier(keys: readonly string[]): Verify {
  // Also a key that looks like hex is taken as text.
  const secrets = keys.map((key) => createSecretKey(key, 'utf8'));
  return ({ headers, body }) => {
    const header = headers[HEADER];
    if (header === undefined || header.length === 0) return { kind: 'refused', reason: 'signature_missing' };
    if (typeof header !== 'string' || !SIGNATURE.test(header)) {
      return { kind: 'refused', reason: 'signature_malformed' };
    }
    const claimed = Buffer.from(header, 'hex');
    let verified = false;
    for (const secret of secrets) verified = isSignedWith(secret, body, claimed) || verified;
    return verified ? { kind: 'verified' } : { kind: 'refused', reason: 'signature_mismatch' };
  };
}

/** Both are digests of 32 bytes. */
function isSignedWith(secret: KeyObject, body: Buffer, claimed: Buffer): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), claimed);
}
