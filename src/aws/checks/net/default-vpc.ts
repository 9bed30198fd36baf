import type { Vpc } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass, unknown } from '../check.ts';
import { vpcResource } from './vpc-resource.ts';

export const defaultVpc = defineRegionCheck<Vpc>({
  id: 'net.default-vpc',
  service: 'net',
  title: 'Nothing runs in the default VPC',
  severity: 'low',
  why: 'All subnets of the default VPC are public and give public addresses. It is the same everywhere and nobody planned it: what lands there did so by omission.',
  fix: {
    console:
      'Move what runs there into a VPC that was planned, then VPC > Your VPCs > the default one > Actions > Delete. AWS can make it again.',
    cli: 'aws ec2 describe-network-interfaces --region <REGION> --filters Name=vpc-id,Values=<VPC_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/work-with-default-vpc.html',
  ],
  controls: [],
  reads: ['vpcs', 'networkInterfaces'],
  subjects: ({ network: { vpcs } }) => ({ ...vpcs, items: vpcs.items.filter(({ isDefault }) => isDefault) }),
  resource: vpcResource,
  judge({ id }, { network: { networkInterfaces } }) {
    const those = networkInterfaces.items.filter(({ vpcId }) => vpcId === id);
    const [first] = those;
    if (first) {
      const evidence = { interfaces: those.length, some: those.slice(0, 10).map((one) => one.id) };
      return fail(`${first.id} is in the default VPC ${id}, one of ${those.length}.`, { evidence });
    }
    return networkInterfaces.failures.length > 0
      ? unknown(networkInterfaces.failures)
      : pass(`No network interface is in the default VPC ${id}.`);
  },
});
