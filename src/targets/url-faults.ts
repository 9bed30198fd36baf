import type { Fault } from '../kernel/fault.ts';
import { isPublicAddress, parseAddress } from '../kernel/address.ts';

/**
 * Faults of an address that secrets are sent to: https, or http to a host that the name alone tells to be inside
 * (an address that is not public, `localhost`, a name without a dot or under `.internal`, `.local`, `.lan`,
 * `.home.arpa`). Whether the host may be dialled is `egress.allow`'s to say.
 */
export function urlFaults(path: string, text: string): readonly Fault[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isInside(url.hostname)))
    return [{ path, message: 'must be an https URL' }];
  if (url.username !== '' || url.password !== '')
    return [{ path, message: 'must have no user and no password in it' }];
  return [];
}

/** Faults of a secret that goes into a header: a line break from a file would end the header. */
export function tokenFaults(path: string, token: string | undefined): readonly Fault[] {
  return token === undefined || /^[\x21-\x7e]+$/.test(token)
    ? []
    : [{ path, message: 'must be one line of printable ASCII without blanks' }];
}

function isInside(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (parseAddress(host)) return !isPublicAddress(host);
  return !host.includes('.') || /\.(?:localhost|internal|local|lan|home\.arpa)$/.test(host);
}
