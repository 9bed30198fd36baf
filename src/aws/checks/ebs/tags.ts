import type { RegionInventory } from '../../inventory/account.ts';
import type { Snapshot, Tags, Volume } from '../../inventory/ebs.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { snapshotResource, volumeResource } from './ebs-resource.ts';

export const tags = defineRegionCheck<Tagged>({
  id: 'ebs.tags',
  service: 'ebs',
  title: 'Every EBS volume and snapshot has a tag',
  severity: 'low',
  why: 'Without a tag nobody can tell whose data it is, who may see it, or whether it may be deleted.',
  fix: {
    console: 'EC2 > Volumes or Snapshots > the one > Tags > Manage tags: an owner and a purpose at least.',
    cli: 'aws ec2 create-tags --region <REGION> --resources <VOLUME_OR_SNAPSHOT_ID> --tags Key=Owner,Value=<OWNER>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-45',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html',
  ],
  controls: fsbp('EC2.45'),
  reads: ['volumes', 'snapshots'],
  subjects: volumesAndSnapshots,
  resource: ({ kind, one }, region, context) =>
    (kind === 'volume' ? volumeResource : snapshotResource)(one, region, context),
  judge({ one }) {
    const keys = Object.keys(one.tags).filter(isOurs);
    return keys.length > 0 ? pass(`${one.id} has ${keys.length} tags.`) : fail(`${one.id} has no tag.`);
  },
});

/** AWS's own tags say who made it, not whose it is. */
const isOurs = (key: keyof Tags): boolean => !key.startsWith('aws:');

interface Tagged {
  readonly kind: 'volume' | 'snapshot';
  readonly one: Pick<Volume | Snapshot, 'id' | 'tags'>;
}

function volumesAndSnapshots({ ebs: { volumes, snapshots } }: RegionInventory): Listing<Tagged> {
  return {
    items: [
      ...volumes.items.map((one) => ({ kind: 'volume' as const, one })),
      ...snapshots.items.map((one) => ({ kind: 'snapshot' as const, one })),
    ],
    failures: [...volumes.failures, ...snapshots.failures],
  };
}
