import { SESSION_COOKIES, type SessionCookie } from './sessions.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const HEADER_LENGTH_MAX = 8_192;

/** The session's cookie that a request brings, the one that only TLS carries first. */
export function sessionCookieOf(
  headers: Headers,
): { readonly name: SessionCookie; readonly value: string } | undefined {
  for (const name of SESSION_COOKIES) {
    const value = cookieOf(headers, name);
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/** The value of the first cookie of that name; undefined where there is none, or it is none of ours. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const header = headers['cookie'];
  if (typeof header !== 'string' || header.length > HEADER_LENGTH_MAX) return undefined;
  return readCookie(header, name);
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return decode(part.slice(at + 1).trim());
  }
  return undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded text: no cookie of ours.
    return undefined;
  }
}
