import type { RegionInventory } from '../../inventory/account.ts';
import { whole } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, pass, unknown } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { regionResource } from '../ec2-resource.ts';

export const defaultEncryption = defineRegionCheck<RegionInventory>({
  id: 'ebs.default-encryption',
  service: 'ebs',
  title: 'New EBS volumes are encrypted by default in the region',
  severity: 'medium',
  why: 'Without it every volume that nobody thinks about is unencrypted, and stays so: a volume cannot be encrypted later.',
  fix: {
    console:
      'EC2 > Dashboard > Account attributes > Data protection and security > EBS encryption > Manage: Always encrypt new EBS volumes.',
    cli: 'aws ec2 enable-ebs-encryption-by-default --region <REGION>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-7',
    'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
  ],
  controls: [...fsbp('EC2.7'), ...cis('2.2.1', '5.1.1', '6.1.1')],
  reads: ['ebsEncryptionByDefault'],
  subjects: (region) => whole([region]),
  resource: ({ region }, _place, context) => regionResource(region, context),
  judge({ region, ebs: { encryptionByDefault } }) {
    if (encryptionByDefault.kind === 'unread') return unknown([encryptionByDefault.failure]);
    return encryptionByDefault.value
      ? pass(`${region} encrypts new volumes by default.`)
      : fail(`${region} does not encrypt new volumes by default.`);
  },
});
