import { isHmacOf, textKeys } from './hmac-keys.ts';
import { keyFaults, keysOf, longEnough } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, refused } from './scheme.ts';

const HEADER = 'x-hub-signature-256';
const PREFIX = 'sha256=';
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/**
 * GitHub's `X-Hub-Signature-256`: HMAC-SHA256 of the raw body under the webhook's secret; Gitea and Forgejo sign in
 * the same way. `X-GitHub-Delivery` is not under the signature, so that whoever saw one request could send it again
 * with another id: it is no messageId, and repeats are known by the body. No time is signed either.
 * Source: docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries.
 */
export const github = defineScheme({
  name: 'github',
  summary: '`X-Hub-Signature-256`: `sha256=` and HMAC-SHA256 of the body in hex.',
  settings: ['key', 'previousKey'],
  check: (settings) => keyFaults(settings, longEnough),
  open(settings) {
    const keys = textKeys(keysOf(settings));
    return ({ headers, body }) => {
      const header = oneHeader(headers, HEADER);
      if (header === undefined) return refused('signature_missing');
      if (!SIGNATURE.test(header)) return refused('signature_malformed');
      const claim = Buffer.from(header.slice(PREFIX.length), 'hex');
      return isHmacOf(keys, 'sha256', [body], [claim]) ? { kind: 'verified' } : refused('signature_mismatch');
    };
  },
});
