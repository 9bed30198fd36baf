import { createPublicKey, createSecretKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { promisify } from 'node:util';
import { isHmacOf } from './hmac-keys.ts';
import { type KeyCheck, keyFaults, keysOf } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, type Headers, refused, type Verification } from './scheme.ts';
import { isNear, secondsToMs, toleranceOf } from './signed-time.ts';

const SECRET_PREFIX = 'whsec_';
const PUBLIC_PREFIX = 'whpk_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const SECRET_BYTES_MIN = 24;
const PUBLIC_BYTES = 32;

const SIGNATURES_LENGTH_MAX = 4_096;
/** A sender that replaces its key signs with two. */
const SIGNATURES_MAX = 16;
const PUBLIC_SIGNATURES_MAX = 4;
const HMAC_SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/;
const PUBLIC_SIGNATURE = /^v1a,([A-Za-z0-9+/]{86}==)$/;
/**
 * Visible ASCII. Not with a time behind a full stop at its end: id, time and body are signed with full stops between
 * them, and the signature over a body that begins like a time would fit another id and the rest of that body.
 */
const MESSAGE_ID = /^(?!.*\.[0-9]+$)[\x21-\x7e]{1,256}$/;

/** Beside the specification's the names of Svix, which are older and signed alike. */
const HEADER_FAMILIES = ['webhook', 'svix'] as const;

/** In a thread of the pool: of a large body the main thread would feel it. */
const verifyInThread = promisify(verifySignature);

/**
 * Standard Webhooks 1.0: `webhook-signature` holds signatures over `webhook-id`, `webhook-timestamp` and the raw
 * body. `v1` is HMAC-SHA256 under the bytes of a `whsec_` secret, `v1a` is ed25519 under a `whpk_` public key. The id is
 * signed and equal on retries: it is the id of the message.
 * Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
 */
export const standard = defineScheme({
  name: 'standard',
  summary:
    'Standard Webhooks: `webhook-signature` over id, time and body; `whsec_` secrets, or `whpk_` public keys.',
  settings: ['key', 'previousKey', 'tolerance'],
  check: (settings) => keyFaults(settings, fitsSpecification),
  toleranceMs: toleranceOf,
  open(settings, { clock }) {
    const keys = keysOf(settings);
    const secrets = keys.filter((key) => !key.startsWith(PUBLIC_PREFIX)).map(secretKey);
    const publicKeys = keys.filter((key) => key.startsWith(PUBLIC_PREFIX)).map(publicKey);
    const toleranceMs = toleranceOf(settings);
    return ({ headers, body }) => {
      const sent = readHeaders(headers);
      if (typeof sent === 'string') return refused(sent);
      const { id, time, ms, signatures } = sent;
      const head = `${id}.${time}.`;
      const verdict = (fits: boolean): Verification => {
        if (!fits) return refused('signature_mismatch');
        if (!isNear(ms, clock.now(), toleranceMs)) return refused('timestamp_outside');
        return { kind: 'verified', messageId: id };
      };
      const claims = secrets.length === 0 ? [] : claimsOf(signatures, HMAC_SIGNATURE);
      const publicClaims = publicKeys.length === 0 ? [] : claimsOf(signatures, PUBLIC_SIGNATURE);
      if (claims.length + publicClaims.length === 0 || publicClaims.length > PUBLIC_SIGNATURES_MAX) {
        return refused('signature_malformed');
      }
      if (claims.length > 0 && isHmacOf(secrets, 'sha256', [head, body], claims)) return verdict(true);
      if (publicClaims.length === 0) return verdict(false);
      return isSignedByOne(publicKeys, Buffer.concat([Buffer.from(head), body]), publicClaims).then(verdict);
    };
  },
});

interface Sent {
  readonly id: string;
  /** As it was signed. */
  readonly time: string;
  readonly ms: number;
  readonly signatures: readonly string[];
}

function readHeaders(headers: Headers): Sent | 'signature_missing' | 'signature_malformed' {
  const family = HEADER_FAMILIES.find((name) => headers[`${name}-signature`] !== undefined) ?? 'webhook';
  const id = oneHeader(headers, `${family}-id`);
  const time = oneHeader(headers, `${family}-timestamp`);
  const list = oneHeader(headers, `${family}-signature`);
  if (id === undefined || time === undefined || list === undefined) return 'signature_missing';
  const ms = secondsToMs(time);
  if (ms === undefined || !MESSAGE_ID.test(id) || list.length > SIGNATURES_LENGTH_MAX) {
    return 'signature_malformed';
  }
  const signatures = list.split(' ', SIGNATURES_MAX + 1);
  return signatures.length > SIGNATURES_MAX ? 'signature_malformed' : { id, time, ms, signatures };
}

/** The signatures of one version; others are for other keys. */
function claimsOf(signatures: readonly string[], pattern: RegExp): readonly Buffer[] {
  return signatures.flatMap((signature) => {
    const text = pattern.exec(signature)?.[1];
    if (text === undefined) return [];
    const bytes = Buffer.from(text, 'base64');
    // Of the last character some bits are of no byte: two spellings, of which one is right.
    return bytes.toString('base64') === text ? [bytes] : [];
  });
}

/** Nothing here is secret, so that the first that fits ends it. */
async function isSignedByOne(
  keys: readonly KeyObject[],
  content: Buffer,
  claims: readonly Buffer[],
): Promise<boolean> {
  for (const key of keys) {
    for (const claim of claims) {
      if (await verifyInThread(null, content, key, claim)) return true;
    }
  }
  return false;
}

const bytesAfter = (key: string, prefix: string): Buffer =>
  Buffer.from(key.startsWith(prefix) ? key.slice(prefix.length) : key, 'base64');

const secretKey = (key: string): KeyObject => createSecretKey(bytesAfter(key, SECRET_PREFIX));

function publicKey(key: string): KeyObject {
  const x = bytesAfter(key, PUBLIC_PREFIX).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** A secret without its prefix is taken too, as the specification's own libraries do. */
const fitsSpecification: KeyCheck = (key) => {
  if (key.startsWith('whsk_')) return 'is the key that the sender signs with: give its public key, whpk_…';
  const isPublic = key.startsWith(PUBLIC_PREFIX);
  const prefix = isPublic ? PUBLIC_PREFIX : SECRET_PREFIX;
  const text = key.startsWith(prefix) ? key.slice(prefix.length) : key;
  if (!BASE64.test(text)) return 'is neither whsec_ nor whpk_ with base64 behind it';
  const { length } = bytesAfter(key, prefix);
  if (isPublic && length !== PUBLIC_BYTES)
    return `is no ed25519 public key: those have ${PUBLIC_BYTES} bytes`;
  return length < SECRET_BYTES_MIN
    ? `is shorter than the ${SECRET_BYTES_MIN} bytes of Standard Webhooks`
    : undefined;
};
