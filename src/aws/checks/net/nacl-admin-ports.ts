import { aclEntriesThatOpen } from '../../analysis/nacl.ts';
import type { Family } from '../../analysis/cidr.ts';
import type { PortProtocol } from '../../analysis/ports.ts';
import type { NetworkAcl } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { listed } from './security-group-check.ts';
import { aclResource } from './vpc-resource.ts';

export const naclAdminPorts = defineRegionCheck<NetworkAcl>({
  id: 'net.nacl-admin-ports',
  service: 'net',
  title: 'No network ACL lets in SSH or RDP (22, 3389) from anywhere',
  severity: 'medium',
  why: 'The ACL is what stands behind a security group that was opened by mistake. If it lets in the ports of administration too, one mistake is enough.',
  fix: {
    console:
      'VPC > Network ACLs > the ACL > Inbound rules > Edit: deny ports 22 and 3389 for 0.0.0.0/0 and ::/0 with a lower number than any rule that allows them.',
    cli: 'aws ec2 create-network-acl-entry --region <REGION> --network-acl-id <ACL_ID> --ingress --rule-number <NUMBER> --protocol tcp --port-range From=22,To=22 --cidr-block 0.0.0.0/0 --rule-action deny',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21',
    'https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html',
  ],
  controls: [...fsbp('EC2.21'), ...cis('5.1', '5.2', '6.2')],
  reads: ['networkAcls'],
  subjects: ({ network }) => network.networkAcls,
  resource: aclResource,
  judge(acl) {
    const open = openings(acl);
    if (open.length === 0) return pass(`${acl.id} lets in neither SSH nor RDP from anywhere.`);
    const isUsed = acl.subnetIds.length > 0;
    const use = isUsed ? `It stands before ${subnets(acl.subnetIds.length)}.` : 'No subnet uses it.';
    const what = open.map(({ text, rules }) => `${text} by rule ${rules.join(' and ')}`);
    return fail(`${acl.id} lets in ${listed(what)} from anywhere. ${use}`, {
      ...(!isUsed && { severity: 'low' }),
      evidence: {
        open: open.map(({ text, rules }) => ({ port: text, rules })),
        subnets: acl.subnetIds.length,
      },
    });
  },
});

const subnets = (count: number): string => `${count} subnet${count === 1 ? '' : 's'}`;

const adminPorts = [
  ['tcp', 22],
  ['tcp', 3389],
  ['udp', 3389],
] as const satisfies readonly (readonly [PortProtocol, number])[];
const families = ['ipv4', 'ipv6'] as const satisfies readonly Family[];

interface Opening {
  /** `tcp 22 over ipv4`. */
  readonly text: string;
  /** The first few that allow it. */
  readonly rules: readonly number[];
}

const openings = (acl: NetworkAcl): readonly Opening[] =>
  families.flatMap((family) =>
    adminPorts.flatMap(([protocol, port]) => {
      const entries = aclEntriesThatOpen(acl, { direction: 'in', family, protocol }, port);
      const rules = entries.slice(0, 3).map(({ ruleNumber }) => ruleNumber);
      return rules.length > 0 ? [{ text: `${protocol} ${port} over ${family}`, rules }] : [];
    }),
  );
