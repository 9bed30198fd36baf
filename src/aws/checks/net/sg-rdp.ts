import { cis, fsbp } from '../controls.ts';
import { defineOpenPortCheck, openAmong } from './security-group-check.ts';

export const sgRdp = defineOpenPortCheck({
  id: 'net.sg-rdp',
  title: 'No security group lets in RDP (TCP and UDP 3389) from anywhere',
  severity: 'high',
  why: 'Remote Desktop that the whole internet reaches is a common way in for ransomware: passwords are guessed without end, and flaws in the protocol have been worms before.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: set the source to your own networks, or delete the rule and connect with Fleet Manager or through a VPN.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-14',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-remote-desktop-connections.html',
  ],
  controls: [...fsbp('EC2.14', 'EC2.53', 'EC2.54'), ...cis('5.2', '5.3', '6.3'), ...cis('5.3', '5.4', '6.4')],
  deed: 'lets in TCP or UDP 3389 from anywhere',
  forbidden: (rules) => [...openAmong(rules, 'tcp', [3389]), ...openAmong(rules, 'udp', [3389])],
});
