import { isHmacOf, textKeys } from './hmac-keys.ts';
import { idOf, jsonRecord } from './json-record.ts';
import { type KeyCheck, keyFaults, keysOf } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, refused } from './scheme.ts';
import { isNear, secondsToMs, toleranceOf } from './signed-time.ts';

const HEADER = 'stripe-signature';
const HEADER_LENGTH_MAX = 2_048;
const PARTS_MAX = 16;
const SIGNATURE = /^[0-9a-f]{64}$/;

const isSigningSecret: KeyCheck = (key) =>
  /^whsec_.{16,}$/.test(key)
    ? undefined
    : "is not an endpoint's signing secret: Stripe shows it beside the endpoint, and it begins with whsec_";

/**
 * Stripe's `Stripe-Signature: t=…,v1=…`: HMAC-SHA256 of the time, a full stop and the raw body, under the text of
 * the endpoint's secret. Two `v1` while Stripe rolls the secret; other schemes (`v0`) are passed over. Each
 * attempt is signed anew and bears the same event, so that the event's `id` is the id of the message.
 * Source: docs.stripe.com/webhooks/signature.
 */
export const stripe = defineScheme({
  name: 'stripe',
  summary: '`Stripe-Signature`: HMAC-SHA256 of the time and the body; a repeat is known by the event’s id.',
  settings: ['key', 'previousKey', 'tolerance'],
  check: (settings) => keyFaults(settings, isSigningSecret),
  toleranceMs: toleranceOf,
  open(settings, { clock }) {
    const keys = textKeys(keysOf(settings));
    const toleranceMs = toleranceOf(settings);
    return ({ headers, body }) => {
      const header = oneHeader(headers, HEADER);
      if (header === undefined) return refused('signature_missing');
      const signed = readHeader(header);
      if (signed === undefined) return refused('signature_malformed');
      if (!isHmacOf(keys, 'sha256', [`${signed.time}.`, body], signed.claims)) {
        return refused('signature_mismatch');
      }
      if (!isNear(signed.ms, clock.now(), toleranceMs)) return refused('timestamp_outside');
      return { kind: 'verified', ...idOf(jsonRecord(body)?.['id']) };
    };
  },
});

interface SignedHeader {
  /** As it was signed. */
  readonly time: string;
  readonly ms: number;
  readonly claims: readonly Buffer[];
}

/** One time and one or more signatures, in any order; undefined for anything else. */
function readHeader(header: string): SignedHeader | undefined {
  if (header.length > HEADER_LENGTH_MAX) return undefined;
  const parts = header.split(',', PARTS_MAX + 1).map((part) => part.trim());
  if (parts.length > PARTS_MAX) return undefined;
  const valuesOf = (name: string): readonly string[] =>
    parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length));
  const [time, second] = valuesOf('t=');
  const ms = time === undefined ? undefined : secondsToMs(time);
  const claims = valuesOf('v1=').filter((text) => SIGNATURE.test(text));
  if (time === undefined || ms === undefined || second !== undefined || claims.length === 0) return undefined;
  return { time, ms, claims: claims.map((text) => Buffer.from(text, 'hex')) };
}
