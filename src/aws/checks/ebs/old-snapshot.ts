import type { EbsInventory, Snapshot, Volume } from '../../inventory/ebs.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { daysSince, snapshotResource } from './ebs-resource.ts';

export const oldSnapshot = defineRegionCheck<Snapshot>({
  id: 'ebs.old-snapshot',
  service: 'ebs',
  title: 'No EBS snapshot is kept for longer than was decided',
  severity: 'low',
  why: 'Old snapshots hold data that should long be gone, with the keys and passwords of their time, and are paid for every month.',
  fix: {
    console:
      'EC2 > Snapshots > the snapshot > Actions: delete it unless an image is made of it, or archive it if it must be kept.',
    cli: 'aws ec2 delete-snapshot --region <REGION> --snapshot-id <SNAPSHOT_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-archive.html',
  ],
  controls: [],
  reads: ['snapshots', 'volumes'],
  subjects: ({ ebs }) => ebs.snapshots,
  resource: snapshotResource,
  judge({ id, volumeId, startedAt, tier, sizeGib }, { ebs }, { now, parameters: { oldSnapshotDays } }) {
    if (tier === 'archive') return notApplicable(`${id} is archived.`);
    const ageDays = startedAt === null ? null : daysSince(startedAt, now);
    if (ageDays !== null && ageDays <= oldSnapshotDays) return pass(`${id} is ${ageDays} days old.`);
    const isOrphan = volumeId !== null && isGone(volumeId, ebs);
    return fail(
      `${id} is ${ageDays === null ? 'of unknown age' : `${ageDays} days old`}${isOrphan ? ', and its volume is gone' : ''}.`,
      { evidence: { ageDays, volumeId, isOrphan, sizeGib } },
    );
  },
});

const known = new WeakMap<Listing<Volume>, ReadonlySet<string>>();

/** Only where all volumes were read can one be said to be gone. */
function isGone(volumeId: string, { volumes }: EbsInventory): boolean {
  const ids = known.get(volumes) ?? new Set(volumes.items.map(({ id }) => id));
  known.set(volumes, ids);
  return volumes.failures.length === 0 && !ids.has(volumeId);
}
