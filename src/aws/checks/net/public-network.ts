import { cidrsOfPrefixList } from '../../analysis/anywhere.ts';
import { holds, internet, rangeOf, type AddressRange } from '../../analysis/cidr.ts';
import type { PrefixList, SecurityGroupRule } from '../../inventory/network.ts';
import { whole, type Listing } from '../../inventory/reading.ts';

/** A network that a rule is for. */
export interface PeerNetwork {
  readonly rule: SecurityGroupRule;
  readonly cidr: string;
  readonly range: AddressRange;
  /** The prefix list that has it. */
  readonly list: string | undefined;
}

/** The networks of a rule's peer; with failures where a prefix list is not all known. */
export function peerNetworks(
  rule: SecurityGroupRule,
  prefixLists: Listing<PrefixList>,
): Listing<PeerNetwork> {
  const { peer } = rule;
  if (peer.kind === 'group') return whole([]);
  if (peer.kind !== 'prefixList') return whole(networks(rule, [peer.cidr], undefined));
  const { items, failures } = cidrsOfPrefixList(peer.prefixListId, prefixLists);
  return { items: networks(rule, items, peer.prefixListId), failures };
}

const networks = (
  rule: SecurityGroupRule,
  cidrs: readonly string[],
  list: string | undefined,
): readonly PeerNetwork[] =>
  cidrs.flatMap((cidr) => {
    const range = rangeOf(cidr);
    return range ? [{ rule, cidr, range, list }] : [];
  });

export const networkText = ({ cidr, list }: PeerNetwork): string => (list ? `${cidr} of ${list}` : cidr);

/** Whether hosts of the internet have some of its addresses. */
export const isPublicNetwork = (range: AddressRange): boolean =>
  range.family === 'ipv4'
    ? !inner.some((one) => holds(one, range))
    : holds(internet.ipv6, range) || holds(range, internet.ipv6);

/** RFC 1918, and what carriers and clusters use like it (RFC 6598). */
const inner: readonly AddressRange[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']
  .map(rangeOf)
  .filter((range) => range !== undefined);

export const addressesIn = ({ first, last }: AddressRange): bigint => last - first + 1n;
