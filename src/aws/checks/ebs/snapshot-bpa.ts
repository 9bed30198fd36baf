import type { RegionInventory } from '../../inventory/account.ts';
import { whole } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, pass, unknown } from '../check.ts';
import { regionResource } from '../ec2-resource.ts';
import { ALL_BLOCKED } from './snapshot-public.ts';

export const snapshotBpa = defineRegionCheck<RegionInventory>({
  id: 'ebs.snapshot-bpa',
  service: 'ebs',
  title: 'The region blocks all public sharing of EBS snapshots',
  severity: 'high',
  why: 'With the block on, one wrong click or script cannot give a disk to the whole world, and what was shared before is closed again.',
  fix: {
    console:
      'EC2 > Dashboard > Account attributes > Data protection and security > Block public access for EBS snapshots > Manage: Block all public access.',
    cli: 'aws ec2 enable-snapshot-block-public-access --region <REGION> --state block-all-sharing',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
    'https://docs.aws.amazon.com/config/latest/developerguide/ebs-snapshot-block-public-access.html',
  ],
  controls: [],
  reads: ['snapshotBlockPublicAccess'],
  subjects: (region) => whole([region]),
  resource: ({ region }, _place, context) => regionResource(region, context),
  judge({ region, ebs: { snapshotSharing } }) {
    if (snapshotSharing.kind === 'unread') return unknown([snapshotSharing.failure]);
    const { value } = snapshotSharing;
    if (value === ALL_BLOCKED) return pass(`${region} blocks all public sharing of snapshots.`);
    const evidence = { state: value };
    return value === 'block-new-sharing'
      ? fail(`${region} blocks new public sharing of snapshots, but leaves what was shared before.`, {
          severity: 'low',
          evidence,
        })
      : fail(`${region} does not block public sharing of snapshots (${value}).`, { evidence });
  },
});
