import { cis, fsbp } from '../controls.ts';
import { defineOpenPortCheck, openAmong } from './security-group-check.ts';

export const sgSsh = defineOpenPortCheck({
  id: 'net.sg-ssh',
  title: 'No security group lets in SSH (TCP 22) from anywhere',
  severity: 'high',
  why: 'A host whose SSH port the whole internet reaches is tried with stolen and guessed passwords within minutes, and any flaw in its SSH server is open to everybody.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: set the source to your own networks, or delete the rule and connect with Session Manager or EC2 Instance Connect Endpoint.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-13',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html',
  ],
  controls: [...fsbp('EC2.13', 'EC2.53', 'EC2.54'), ...cis('5.2', '5.3', '6.3'), ...cis('5.3', '5.4', '6.4')],
  deed: 'lets in TCP 22 from anywhere',
  forbidden: (rules) => openAmong(rules, 'tcp', [22]),
});
