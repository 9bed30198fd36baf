import type { Vpc } from '../../inventory/network.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown } from '../check.ts';
import { vpcResource } from './vpc-resource.ts';

export const vpcSingleAz = defineRegionCheck<Vpc>({
  id: 'net.vpc-single-az',
  service: 'net',
  title: 'The subnets of every VPC are in more than one availability zone',
  severity: 'informational',
  why: 'When its only zone fails, all that the VPC runs is gone, and there is no subnet to start it in again.',
  fix: {
    console:
      'VPC > Subnets > Create subnet: choose another availability zone, and spread services over both.',
    cli: 'aws ec2 create-subnet --region <REGION> --vpc-id <VPC_ID> --cidr-block <CIDR> --availability-zone <OTHER_ZONE>',
  },
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html'],
  controls: [],
  reads: ['vpcs', 'subnets'],
  subjects: ({ network }) => network.vpcs,
  resource: vpcResource,
  judge({ id }, { network: { subnets } }) {
    const those = subnets.items.filter(({ vpcId }) => vpcId === id);
    const zones = [...new Set(those.map(({ availabilityZone }) => availabilityZone))];
    if (zones.length > 1) return pass(`${id} has subnets in ${zones.length} zones.`, { zones });
    if (subnets.failures.length > 0) return unknown(subnets.failures);
    if (zones.length === 0) return notApplicable(`${id} has no subnets.`);
    return fail(`All ${those.length} subnets of ${id} are in ${zones[0] ?? ''}.`, {
      evidence: { zones, subnets: those.length },
    });
  },
});
