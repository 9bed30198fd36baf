import { highRiskPorts } from '../../analysis/high-risk-ports.ts';
import { fsbp } from '../controls.ts';
import { defineOpenPortCheck, openAmong } from './security-group-check.ts';

const ports: readonly number[] = highRiskPorts.map(([port]) => port);

export const sgHighRiskPorts = defineOpenPortCheck({
  id: 'net.sg-high-risk-ports',
  title:
    'No security group lets in ports of administration, databases and other inner services from anywhere',
  severity: 'critical',
  why: 'Databases, caches, remote shells and management consoles are not made to face the internet: many ask for no password at all, and open ones are found by scanners within hours.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: set the source of the rule to the security group of the clients or to your own networks.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  controls: fsbp('EC2.19'),
  deed: 'lets in a high-risk port from anywhere',
  forbidden: (rules) => openAmong(rules, 'tcp', ports),
});
