import { cis } from '../controls.ts';
import { defineOpenPortCheck, openAmong } from './security-group-check.ts';

export const sgCifs = defineOpenPortCheck({
  id: 'net.sg-cifs',
  title: 'No security group lets in CIFS (TCP 445 and 139) from anywhere',
  severity: 'critical',
  why: 'Windows file sharing that the whole internet reaches gives away files and is how worms such as WannaCry came in.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: set the source of the rule to the networks of the clients, or let them come through a VPN.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/fsx/latest/WindowsGuide/limit-access-security-groups.html',
  ],
  controls: cis(null, '5.1.2', '6.1.2'),
  deed: 'lets in TCP 445 or 139 from anywhere',
  forbidden: (rules) => openAmong(rules, 'tcp', [139, 445]),
});
