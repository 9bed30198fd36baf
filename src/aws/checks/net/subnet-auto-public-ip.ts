import type { Subnet } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { subnetResource } from './vpc-resource.ts';

export const subnetAutoPublicIp = defineRegionCheck<Subnet>({
  id: 'net.subnet-auto-public-ip',
  service: 'net',
  title: 'No subnet gives public IPv4 addresses to whatever is launched in it',
  severity: 'medium',
  why: 'What is launched there faces the internet without anybody having asked for it; only its security group is left to protect it.',
  fix: {
    console:
      'VPC > Subnets > the subnet > Actions > Edit subnet settings: turn off auto-assign public IPv4 address.',
    cli: 'aws ec2 modify-subnet-attribute --region <REGION> --subnet-id <SUBNET_ID> --no-map-public-ip-on-launch',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-15',
    'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html',
  ],
  controls: fsbp('EC2.15'),
  reads: ['subnets'],
  subjects: ({ network }) => network.subnets,
  resource: subnetResource,
  judge: ({ id, vpcId, mapsPublicIp, isDefaultForZone }) =>
    mapsPublicIp
      ? fail(`${id} gives a public address to what is launched in it.`, {
          evidence: { vpcId, isDefaultForZone },
        })
      : pass(`${id} gives no public addresses by itself.`),
});
