import { sha256 } from './secret.ts';

/** A strong tag of these bytes, its quotes included. It takes a millisecond for every two megabytes. */
export const tagOf = (bytes: Uint8Array): string => `"${sha256(bytes).toString('base64url').slice(0, 27)}"`;

/**
 * Whether an `If-None-Match` names this strong tag, its quotes included. Weak comparison (RFC 9110, 13.1.2): a proxy
 * that compressed the answer may have weakened its tag.
 */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
