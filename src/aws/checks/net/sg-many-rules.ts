import type { SecurityGroup } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { groupResource, groupsOf } from './security-group-check.ts';

/** Of one direction; beyond this nobody reads them any more. AWS's own quota is 60 unless it was raised. */
const RULES_MAX = 50;

export const sgManyRules = defineRegionCheck<SecurityGroup>({
  id: 'net.sg-many-rules',
  service: 'net',
  title: `No security group has more than ${RULES_MAX} rules in a direction`,
  severity: 'low',
  why: 'A list of rules that nobody can read through hides the one that should not be there.',
  fix: {
    console:
      'VPC > Managed prefix lists > Create: put the networks of many rules into a list and name the list in one rule. Or split the group by purpose.',
    cli: 'aws ec2 create-managed-prefix-list --region <REGION> --prefix-list-name <NAME> --address-family IPv4 --max-entries <COUNT> --entries Cidr=<CIDR>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  ],
  controls: [],
  reads: ['securityGroups'],
  subjects: groupsOf,
  resource: groupResource,
  judge({ id, inbound, outbound }) {
    const said = `${id} has ${inbound.length} inbound and ${outbound.length} outbound rules.`;
    const evidence = { inbound: inbound.length, outbound: outbound.length };
    return Math.max(inbound.length, outbound.length) > RULES_MAX
      ? fail(said, { evidence })
      : pass(said, evidence);
  },
});
