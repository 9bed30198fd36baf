import { fsbp } from '../controls.ts';
import { defineOpenPortCheck, openExcept } from './security-group-check.ts';

export const sgUnauthorizedPort = defineOpenPortCheck({
  id: 'net.sg-unauthorized-port',
  title: 'Security groups let in only authorised ports from anywhere',
  severity: 'high',
  why: 'A port that is open to the whole internet without having been decided on is a service that nobody watches. Which ports may be open (80 and 443 unless set otherwise) is a parameter.',
  fix: {
    console:
      'VPC > Security groups > the group > Inbound rules > Edit: narrow the source of the rule, or add its port to the authorised ones if it is meant to be public.',
    cli: 'aws ec2 revoke-security-group-ingress --region <REGION> --group-id <GROUP_ID> --security-group-rule-ids <RULE_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  controls: fsbp('EC2.18'),
  deed: 'lets in another than an authorised port from anywhere',
  forbidden: (rules, { authorizedPorts }) => openExcept(rules, authorizedPorts),
});
