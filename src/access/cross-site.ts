import type { Headers } from './cookies.ts';

/**
 * Whether a request that a cookie alone vouches for comes from our own page. A cookie travels by itself: what another
 * site's page asks for, and on a domain with others also a neighbour's, must not pass for the operator's wish.
 *
 * A change must say that it comes from here, by `Sec-Fetch-Site` or, where a browser sends none, by its `Origin`. What
 * only reads must not say that it comes from elsewhere.
 */
export function isFromOwnPage(method: string, headers: Headers): boolean {
  const site = headers['sec-fetch-site'];
  if (method === 'GET' || method === 'HEAD')
    return site === undefined || site === 'same-origin' || site === 'none';
  if (site !== undefined) return site === 'same-origin';
  const origin = headers['origin'];
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === headers['host'];
}
