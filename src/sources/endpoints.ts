import type { Endpoint, Endpoints } from '../events/geo.ts';
import { parseAddress } from '../kernel/address.ts';
import { textOf } from './fields.ts';

const SIDE_MAX = 100;
const CODE = /^[A-Za-z]{2,3}$/;

/**
 * What a format tells of one side. None when the address is no address and the country no code: a country's name says
 * nothing here, for it is written in any language and spelling.
 */
export function endpoint(address: unknown, country?: unknown): readonly Endpoint[] {
  const ip = textOf(address)?.trim();
  const code = textOf(country)?.trim();
  const isAddress = ip !== undefined && parseAddress(ip) !== undefined;
  const isCode = code !== undefined && CODE.test(code);
  if (isAddress) return [isCode ? { address: ip, country: code } : { address: ip }];
  return isCode ? [{ country: code }] : [];
}

/** Both sides, a hundred endpoints of each at most; undefined when neither is named. */
export function endpointsOf(
  source: readonly Endpoint[],
  destination: readonly Endpoint[] = [],
): Endpoints | undefined {
  if (source.length === 0 && destination.length === 0) return undefined;
  return { source: source.slice(0, SIDE_MAX), destination: destination.slice(0, SIDE_MAX) };
}
