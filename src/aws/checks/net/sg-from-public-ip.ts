import { isAnywhere } from '../../analysis/cidr.ts';
import { areAllPorts, portsOf } from '../../analysis/ports.ts';
import type { SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass, unknown } from '../check.ts';
import { isPublicNetwork, networkText, peerNetworks, type PeerNetwork } from './public-network.ts';
import { groupResource, groupsOf, listed } from './security-group-check.ts';

export const sgFromPublicIp = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-from-public-ip',
  service: 'net',
  title: 'No security group lets in all ports from a public address',
  severity: 'low',
  why: 'An address that is trusted with every port is trusted too much: public addresses change hands, and whoever has this one next gets in everywhere.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: replace the rule by one for each port that this address needs.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  controls: [],
  reads: ['securityGroups', 'prefixLists'],
  subjects: groupsOf,
  resource: groupResource,
  judge({ id, inbound }, { network }) {
    const peers = inbound.filter(hasAllPorts).map((rule) => peerNetworks(rule, network.prefixLists));
    const trusted = peers.flatMap(({ items }) => items).filter(isSomebody);
    const failures = peers.flatMap((listing) => listing.failures);
    if (trusted.length > 0) {
      const networks = [...new Set(trusted.map(networkText))];
      return fail(`${id} lets in all ports from ${listed(networks)}.`, {
        evidence: { networks: networks.slice(0, 10) },
      });
    }
    return failures.length > 0 ? unknown(failures) : pass(`${id} trusts no public address with all ports.`);
  },
});

function hasAllPorts(rule: SecurityGroup['inbound'][number]): boolean {
  const ports = portsOf(rule);
  return ports !== null && areAllPorts([ports]);
}

/** Anywhere is judged by checks of its own, which are less lenient. */
const isSomebody = ({ range }: PeerNetwork): boolean =>
  isPublicNetwork(range) && !isAnywhere(range.family, [range]);
