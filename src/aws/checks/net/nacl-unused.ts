import type { NetworkAcl } from '../../inventory/network.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { aclResource } from './vpc-resource.ts';

export const naclUnused = defineRegionCheck<NetworkAcl>({
  id: 'net.nacl-unused',
  service: 'net',
  title: 'Every network ACL but the default ones is used by a subnet',
  severity: 'low',
  why: 'An ACL that stands before no subnet protects nothing, and whoever reads the list takes it for protection.',
  fix: {
    console:
      'VPC > Network ACLs > the ACL > Actions > Delete, or associate the subnets that it was made for.',
    cli: 'aws ec2 delete-network-acl --region <REGION> --network-acl-id <ACL_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-16',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
  ],
  controls: fsbp('EC2.16'),
  reads: ['networkAcls'],
  subjects: ({ network }) => network.networkAcls,
  resource: aclResource,
  judge({ id, isDefault, subnetIds }) {
    if (isDefault) return notApplicable('A default ACL cannot be deleted.');
    return subnetIds.length > 0
      ? pass(`${id} stands before ${subnetIds.length} subnets.`)
      : fail(`${id} stands before no subnet.`);
  },
});
