import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { sha256Hex } from '../../kernel/secret.ts';
import type { CallerIdentity } from '../inventory/account.ts';
import type { KeyPrincipal } from './login-request.ts';

/** What a session holds, in the clear only while it is asked with. */
export interface HeldSession {
  readonly principal: KeyPrincipal;
  readonly identity: CallerIdentity;
  /** Unix ms. */
  readonly expiresAt: number;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BODY_AT = 1 + NONCE_BYTES + TAG_BYTES;

/** By which a session is found. The token does not follow from it: it is 32 random bytes. */
export const sessionIdOf = (token: Buffer): string => sha256Hex(token);

/**
 * Seals a session with AES-256-GCM under a key that is made of its token (HKDF, RFC 5869), which nobody has but the
 * client. `place`: where the token travels; a session does not open with its token from elsewhere.
 */
export function sealSession(held: HeldSession, token: Buffer, place: string): string {
  const plain = Buffer.from(JSON.stringify(held), 'utf8');
  const key = keyOf(token, place);
  try {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(contextOf(token));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]).toString('base64');
  } finally {
    plain.fill(0);
    key.fill(0);
  }
}

/** Undefined when it was sealed with another token, or for another place, or was altered. */
export function openSession(sealed: string, token: Buffer, place: string): HeldSession | undefined {
  const raw = Buffer.from(sealed, 'base64');
  if (raw.length < BODY_AT || raw[0] !== VERSION) return undefined;
  const key = keyOf(token, place);
  try {
    return parsed(deciphered(raw, key, token));
  } finally {
    key.fill(0);
  }
}

function deciphered(raw: Buffer, key: Buffer, token: Buffer): Buffer | undefined {
  const tagAt = 1 + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(1, tagAt))
    .setAAD(contextOf(token))
    .setAuthTag(raw.subarray(tagAt, BODY_AT));
  const plain = decipher.update(raw.subarray(BODY_AT));
  try {
    decipher.final();
    return plain;
  } catch {
    // GCM's only failure here: another key, or altered bytes. What came out is not genuine.
    plain.fill(0);
    return undefined;
  }
}

function parsed(plain: Buffer | undefined): HeldSession | undefined {
  if (plain === undefined) return undefined;
  try {
    // What opens was sealed by this program, in the version that its first byte says.
    return JSON.parse(plain.toString('utf8')) as HeldSession;
  } finally {
    plain.fill(0);
  }
}

const keyOf = (token: Buffer, place: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, 'tocsin', `aws-session/${place}`, 32));

const contextOf = (token: Buffer): Buffer => Buffer.from(sessionIdOf(token));
