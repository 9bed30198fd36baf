import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

export type HmacHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Bytes of a digest. */
export const digestBytes = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const satisfies Record<
  HmacHash,
  number
>;

/** Secrets as the bytes of their text, also where it looks like hex or base64. */
export const textKeys = (keys: readonly string[]): readonly KeyObject[] =>
  keys.map((key) => createSecretKey(key, 'utf8'));

/**
 * Whether one of the claims is the HMAC (RFC 2104) of the parts, in a row, under one of the keys. Every key is tried
 * with every claim, each in constant time, so that the time taken does not tell which one fitted. The claims
 * are as long as the digest.
 */
export function isHmacOf(
  keys: readonly KeyObject[],
  hash: HmacHash,
  parts: readonly (string | Buffer)[],
  claims: readonly Buffer[],
): boolean {
  let fits = false;
  for (const key of keys) {
    const hmac = createHmac(hash, key);
    for (const part of parts) hmac.update(part);
    const digest = hmac.digest();
    for (const claim of claims) fits = timingSafeEqual(digest, claim) || fits;
  }
  return fits;
}
