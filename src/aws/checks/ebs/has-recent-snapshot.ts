import type { Snapshot, Volume } from '../../inventory/ebs.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown } from '../check.ts';
import { DAY_MS, daysSince, isAttached, volumeResource } from './ebs-resource.ts';

const RECENT_DAYS = 7;

export const hasRecentSnapshot = defineRegionCheck<Volume>({
  id: 'ebs.has-recent-snapshot',
  service: 'ebs',
  title: `Every EBS volume in use has a snapshot of the last ${RECENT_DAYS} days`,
  severity: 'medium',
  why: 'What was written since the last snapshot is lost with the volume, by a mistake, a failure or an intruder who deletes or encrypts it.',
  fix: {
    console:
      'EC2 > Lifecycle Manager > Create policy, or AWS Backup > Backup plans: snapshots of the volume every day. What can be made again needs none: mute the finding.',
    cli: 'aws ec2 create-snapshot --region <REGION> --volume-id <VOLUME_ID> --description <WHY>',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-snapshot.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html',
  ],
  controls: [],
  reads: ['volumes', 'snapshots'],
  subjects: ({ ebs }) => ebs.volumes,
  resource: volumeResource,
  judge(volume, { ebs: { snapshots } }, { now }) {
    const { id, createdAt } = volume;
    if (!isAttached(volume)) return notApplicable(`${id} is not in use.`);
    const newest = newestByVolume(snapshots).get(id);
    if (newest && newest.at > now - RECENT_DAYS * DAY_MS) {
      return pass(`${newest.id} was made ${daysSince(newest.at, now)} days ago.`);
    }
    if (createdAt !== null && createdAt > now - RECENT_DAYS * DAY_MS) {
      return notApplicable(`${id} is younger than ${RECENT_DAYS} days.`);
    }
    if (snapshots.failures.length > 0) return unknown(snapshots.failures);
    return newest
      ? fail(`The newest snapshot of ${id}, ${newest.id}, is ${daysSince(newest.at, now)} days old.`, {
          evidence: { snapshotId: newest.id, ageDays: daysSince(newest.at, now) },
        })
      : fail(`${id} has no snapshot.`);
  },
});

interface Newest {
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
}

const known = new WeakMap<Listing<Snapshot>, ReadonlyMap<string, Newest>>();

/** By volume; worked out once for a list, which every volume asks. */
function newestByVolume(snapshots: Listing<Snapshot>): ReadonlyMap<string, Newest> {
  const before = known.get(snapshots);
  if (before) return before;
  const newest = new Map<string, Newest>();
  for (const { id, volumeId, startedAt, state } of snapshots.items) {
    const isBackup = state === 'completed' || state === 'pending';
    if (volumeId === null || startedAt === null || !isBackup) continue;
    if (startedAt > (newest.get(volumeId)?.at ?? -Infinity)) newest.set(volumeId, { id, at: startedAt });
  }
  known.set(snapshots, newest);
  return newest;
}
