import { anywhereRules } from '../../analysis/anywhere.ts';
import { internet } from '../../analysis/cidr.ts';
import type { OpenPort } from '../../analysis/reachability.ts';
import type { NetworkInventory, RulePeer, SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass, unknown } from '../check.ts';
import { groupUse } from './group-use.ts';
import {
  addressesIn,
  isPublicNetwork,
  networkText,
  peerNetworks,
  type PeerNetwork,
} from './public-network.ts';
import { groupReads, groupResource, groupsOf, listed, openExcept } from './security-group-check.ts';

export const sgWidePublicCidr = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-wide-public-cidr',
  service: 'net',
  title: 'No security group lets in a wide public network (IPv4 /1 to /23, IPv6 wider than /32)',
  severity: 'high',
  why: 'A source of thousands or millions of public addresses is nobody in particular. The two halves of 0.0.0.0/0, or a prefix list that holds it, let in the whole internet without looking like it.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: name the few networks that need access. For a prefix list: VPC > Managed prefix lists > the list > Modify.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html',
  ],
  controls: [],
  reads: groupReads,
  subjects: groupsOf,
  resource: groupResource,
  judge(group, { network }) {
    const rules = group.inbound.filter(({ peer }) => !isOfAws(peer, network));
    const peers = rules.map((rule) => peerNetworks(rule, network.prefixLists));
    const wide = peers.flatMap(({ items }) => items).filter(isWide);
    const failures = peers.flatMap((listing) => listing.failures);
    if (wide.length > 0) return wideVerdict(group, wide, network);
    return failures.length > 0
      ? unknown(failures)
      : pass(`No rule of ${group.id} lets in a wide public network.`);
  },
});

/** AWS's own lists (CloudFront's, for one) are of a service in particular, however wide; the name is kept for AWS. */
const isOfAws = (peer: RulePeer, { prefixLists }: NetworkInventory): boolean =>
  peer.kind === 'prefixList' &&
  prefixLists.items.some(({ id, name }) => id === peer.prefixListId && name.startsWith('com.amazonaws.'));

/** A rule that says 0.0.0.0/0 hides nothing: the checks of its ports judge it. In a list it is as good as hidden. */
function isWide({ range, list }: PeerNetwork): boolean {
  if (!isPublicNetwork(range)) return false;
  const addresses = addressesIn(range);
  if (range.family === 'ipv6') return addresses > 1n << 96n && (list !== undefined || addresses < 1n << 128n);
  return addresses >= 1n << 9n && (list !== undefined || addresses < addressesIn(internet.ipv4));
}

function wideVerdict(group: SecurityGroup, wide: readonly PeerNetwork[], network: NetworkInventory) {
  const use = groupUse(group, portsOfEverybody(group, wide, network), 'high', network);
  const networks = [...new Set(wide.map(networkText))];
  return fail(`${group.id} lets in ${listed(networks)}. ${use.said}`, {
    severity: use.severity,
    isSeverityOpen: use.isSeverityOpen,
    evidence: { networks: networks.slice(0, 10), ...use.evidence },
  });
}

/** The ports that the wide networks open to anywhere: only there can the internet be said to reach something. */
function portsOfEverybody(
  { inbound }: SecurityGroup,
  wide: readonly PeerNetwork[],
  { prefixLists }: NetworkInventory,
): readonly OpenPort[] {
  const those = new Set(wide.map(({ rule }) => rule));
  const { rules } = anywhereRules(
    inbound.filter((rule) => those.has(rule)),
    prefixLists,
  );
  return openExcept(rules, []);
}
