import { openPorts, type AnywhereRule } from '../../analysis/anywhere.ts';
import { areAllPorts, portProtocols } from '../../analysis/ports.ts';
import type { OpenPort } from '../../analysis/reachability.ts';
import { cis, fsbp } from '../controls.ts';
import { defineOpenPortCheck } from './security-group-check.ts';

export const sgAllOpen = defineOpenPortCheck({
  id: 'net.sg-all-open',
  title: 'No security group lets in all ports from anywhere',
  severity: 'critical',
  why: 'Every service of every host with this group is open to the whole internet, those too that nobody meant to publish or will be started later.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: replace the rule by one for each port that is meant to be public, and name your own networks as the source of all others.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  controls: [...fsbp('EC2.18'), ...cis('5.2', '5.3', '6.3'), ...cis('5.3', '5.4', '6.4')],
  deed: 'lets in all ports from anywhere',
  forbidden: allPorts,
});

/** By protocol -1, by 0-65535, or by ranges that follow each other. */
function allPorts(rules: readonly AnywhereRule[]): readonly OpenPort[] {
  return portProtocols.flatMap((protocol) => {
    const open = openPorts(rules, protocol);
    return areAllPorts(open) ? open.map((range) => ({ protocol, ...range })) : [];
  });
}
