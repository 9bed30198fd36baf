import { rangeOf } from '../../analysis/cidr.ts';
import type { Subnet } from '../../inventory/network.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { addressesIn } from './public-network.ts';
import { subnetResource } from './vpc-resource.ts';

/** AWS keeps the first four and the last of a subnet. */
const RESERVED = 5;
const FREE_SHARE_MIN = 0.1;

export const subnetIpExhaustion = defineRegionCheck<Subnet>({
  id: 'net.subnet-ip-exhaustion',
  service: 'net',
  title: 'Every subnet has a tenth of its IPv4 addresses left',
  severity: 'informational',
  why: 'In a subnet without free addresses nothing starts: no task, no instance, no replacement of one that failed.',
  fix: {
    console:
      'VPC > Subnets > Create subnet: add a larger one (VPC > Edit CIDRs for more addresses) and let new tasks and instances use it.',
    cli: 'aws ec2 create-subnet --region <REGION> --vpc-id <VPC_ID> --cidr-block <CIDR> --availability-zone <ZONE>',
  },
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html',
  ],
  controls: [],
  reads: ['subnets'],
  subjects: ({ network }) => network.subnets,
  resource: subnetResource,
  judge({ id, cidrBlock, availableAddresses }) {
    const range = rangeOf(cidrBlock);
    if (range?.family !== 'ipv4') return notApplicable(`${id} has no IPv4 addresses.`);
    const all = Number(addressesIn(range)) - RESERVED;
    const said = `${id} has ${availableAddresses} of ${all} addresses left.`;
    const evidence = { available: availableAddresses, all };
    return availableAddresses < all * FREE_SHARE_MIN ? fail(said, { evidence }) : pass(said, evidence);
  },
});
