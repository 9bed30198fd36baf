import { anywhereRules, openPorts } from '../../analysis/anywhere.ts';
import { portProtocols } from '../../analysis/ports.ts';
import type { SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { groupUse } from './group-use.ts';
import { groupReads, groupResource, groupsOf } from './security-group-check.ts';

export const sgDefaultRestricts = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-default-restricts',
  service: 'net',
  title: 'The default security group of each VPC has no rules',
  severity: 'high',
  why: 'Whatever is started without naming a group gets the default one. Its own rules let all such things talk to each other and to the whole internet, without anybody having decided so.',
  fix: {
    console:
      'VPC > Security groups > the group named default: give what uses it a group of its own first, then delete all inbound and outbound rules. The group itself cannot be deleted.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID> && aws ec2 revoke-security-group-egress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2',
    'https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html',
  ],
  controls: [...fsbp('EC2.2'), ...cis('5.4', '5.5', '6.5')],
  reads: groupReads,
  subjects: (region) => ({
    ...groupsOf(region),
    items: groupsOf(region).items.filter(isDefaultGroup),
  }),
  resource: groupResource,
  judge(group, { network }) {
    const { inbound, outbound, id } = group;
    if (inbound.length + outbound.length === 0) return pass(`${id} has no rules.`);
    const { rules } = anywhereRules(inbound, network.prefixLists);
    const open = portProtocols.flatMap((protocol) =>
      openPorts(rules, protocol).map((range) => ({ protocol, ...range })),
    );
    const use = groupUse(group, open, 'high', network);
    return fail(`${id} has ${inbound.length} inbound and ${outbound.length} outbound rules. ${use.said}`, {
      severity: use.severity,
      isSeverityOpen: use.isSeverityOpen,
      evidence: { inbound: inbound.length, outbound: outbound.length, ...use.evidence },
    });
  },
});

/** AWS reserves the name: no other group can have it. */
export const isDefaultGroup = ({ name }: SecurityGroup): boolean => name === 'default';
