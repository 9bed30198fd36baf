import { cookieOf, type Headers } from '../../access/cookies.ts';

/**
 * The cookie's name. Under TLS it has the prefix with which browsers take it from this very host only (RFC 6265bis,
 * 4.1.3.2), and no other is looked at there: a neighbour on the same domain cannot slip in a session of its own.
 */
const PLAIN = 'tocsin_aws_session';
const SECURE = `__Host-${PLAIN}`;

export type CookieName = typeof PLAIN | typeof SECURE;
export const cookieNameOf = (isSecure: boolean): CookieName => (isSecure ? SECURE : PLAIN);

export const TOKEN_BYTES = 32;
/** Base64url of 32 bytes, in the one spelling that decodes and encodes to itself. */
const TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** The token in a request's cookie; undefined where there is none, or nothing that was ever given out. */
export function tokenIn(headers: Headers, isSecure: boolean): Buffer | undefined {
  const value = cookieOf(headers, cookieNameOf(isSecure));
  return value !== undefined && TOKEN.test(value) ? Buffer.from(value, 'base64url') : undefined;
}

/** For `Set-Cookie`. */
export const cookieWith = (token: Buffer, seconds: number, isSecure: boolean): string =>
  cookie(token.toString('base64url'), seconds, isSecure);

/** For `Set-Cookie`: takes it out of the browser. */
export const noCookie = (isSecure: boolean): string => cookie('', 0, isSecure);

const cookie = (value: string, seconds: number, isSecure: boolean): string =>
  `${cookieNameOf(isSecure)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
