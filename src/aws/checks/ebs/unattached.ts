import type { Volume } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { daysSince, isAttached, volumeResource } from './ebs-resource.ts';

export const unattached = defineRegionCheck<Volume>({
  id: 'ebs.unattached',
  service: 'ebs',
  title: 'No EBS volume lies about unattached',
  severity: 'low',
  why: 'A volume that nothing uses is paid for like any other and keeps data that nobody thinks of, until somebody attaches it to look.',
  fix: {
    console:
      'EC2 > Volumes > the volume > Actions: create a snapshot if its data may still be wanted, then delete it.',
    cli: 'aws ec2 delete-volume --region <REGION> --volume-id <VOLUME_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-volume.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-describing-volumes.html',
  ],
  controls: [],
  reads: ['volumes'],
  subjects: ({ ebs }) => ebs.volumes,
  resource: volumeResource,
  judge(volume, _region, { now, parameters: { unattachedDays } }) {
    const { id, state, createdAt, sizeGib } = volume;
    if (isAttached(volume)) return pass(`${id} is attached.`);
    if (state !== 'available') return notApplicable(`${id} is ${state}.`);
    // AWS does not tell since when: a volume that is older than the days allowed may have been detached today.
    const days = createdAt === null ? null : daysSince(createdAt, now);
    if (days !== null && days <= unattachedDays)
      return pass(`${id} is unattached, but only ${days} days old.`);
    return fail(
      `${id} (${sizeGib} GiB) is unattached and ${days === null ? 'of unknown age' : `${days} days old`}.`,
      {
        evidence: { sizeGib, ageDays: days },
      },
    );
  },
});
