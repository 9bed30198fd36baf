import type { Headers } from '../../access/cookies.ts';
import { isFromOwnPage } from '../../access/cross-site.ts';
import { cidrContains, parseAddress, parseCidr } from '../../kernel/address.ts';

const loopback = ['127.0.0.0/8', '::1'].flatMap((range) => parseCidr(range) ?? []);
/** What a proxy adds. One that is not configured as trusted would make everybody look local. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'via'] as const;

/** Whether a request comes from this machine itself, so that nobody else could have read it on its way. */
export function isLocal(address: string, headers: Headers): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined || FORWARDED.some((name) => headers[name] !== undefined)) return false;
  return loopback.some((range) => cidrContains(range, parsed));
}

/**
 * Whether another site's page has a browser ask. Browsers say where a POST comes from; what says nothing is no browser,
 * and has no cookie that it does not know of.
 */
export const isFromElsewhere = (headers: Headers): boolean =>
  (headers['sec-fetch-site'] !== undefined || headers['origin'] !== undefined) &&
  !isFromOwnPage('POST', headers);
