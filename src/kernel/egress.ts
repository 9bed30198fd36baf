import { cidrContains, isPublicAddress, parseAddress, parseCidr, type Cidr } from './address.ts';

/** Decides which addresses the service may connect to on behalf of its settings. */
export interface EgressGuard {
  /** `host` as the URL names it, `address` as it is dialled. */
  permits(host: string, address: string, port: number): boolean;
}

/** One line of the allow list: a range or a host name, on one port or on all. */
interface Allowance {
  readonly cidr?: Cidr;
  readonly host?: string;
  readonly port?: number;
}

/**
 * A guard that permits public addresses, and besides what `allow` names: CIDRs, addresses, host names, each but
 * the CIDR with an optional port (`collector.internal:8443`, `[fd00::1]:80`). A host name allows whatever it
 * resolves to. Throws TypeError for an entry that `isEgressEntry` refuses.
 */
export function egressGuard(allow: readonly string[]): EgressGuard {
  const allowances = allow.map((entry) => {
    const allowance = parseAllowance(entry);
    if (!allowance) throw new TypeError('not a CIDR, host or host:port');
    return allowance;
  });
  return {
    permits: (host, address, port) =>
      isPublicAddress(address) || allowances.some((allowance) => covers(allowance, host, address, port)),
  };
}

/** Whether a text can stand in the allow list. */
export function isEgressEntry(entry: string): boolean {
  return parseAllowance(entry) !== undefined;
}

function covers({ cidr, host, port }: Allowance, name: string, address: string, dialled: number): boolean {
  if (port !== undefined && port !== dialled) return false;
  if (host !== undefined) return host === normaliseHost(name);
  const ip = parseAddress(address);
  return ip !== undefined && cidr !== undefined && cidrContains(cidr, ip);
}

function parseAllowance(entry: string): Allowance | undefined {
  const range = parseCidr(entry);
  if (range) return { cidr: range };
  const match = /^(?:\[(?<v6>[^\]]*)\]|(?<name>[^[\]:/@?#\s]+))(?::(?<port>[0-9]{1,5}))?$/.exec(entry);
  const port = match?.groups?.['port'] === undefined ? undefined : Number(match.groups['port']);
  if (!match || (port !== undefined && (port < 1 || port > 65_535))) return undefined;
  const withPort = port === undefined ? {} : { port };
  const cidr = parseCidr(match.groups?.['v6'] ?? match.groups?.['name'] ?? '');
  if (cidr) return { cidr, ...withPort };
  const host = normaliseHost(match.groups?.['name'] ?? '');
  return isHostName(host) ? { host, ...withPort } : undefined;
}

function normaliseHost(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function isHostName(host: string): boolean {
  // All digits in the last label would be an IPv4 address in a form that `parseAddress` refuses.
  return (
    host.length <= 253 &&
    /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*(?![0-9]+$)[a-z0-9_][a-z0-9_-]{0,62}$/.test(host)
  );
}
