import { fsbp } from '../controls.ts';
import { defineOpenPortCheck, openAmong } from './security-group-check.ts';

/** Those of Security Hub's EC2.19, then Redis, Memcached, MongoDB, Kafka and Docker, which are as bad. */
const HIGH_RISK_PORTS = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080,
  8088, 8888, 9200, 9300, 6379, 11211, 27017, 9092, 2375,
] as const;

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
  forbidden: (rules) => openAmong(rules, 'tcp', HIGH_RISK_PORTS),
});
