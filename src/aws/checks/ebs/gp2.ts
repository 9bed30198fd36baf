import type { Volume } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { volumeResource } from './ebs-resource.ts';

/** Types of an earlier generation, and what replaces each. */
const successors: ReadonlyMap<string, string> = new Map([
  ['gp2', 'gp3'],
  ['io1', 'io2'],
]);

export const gp2 = defineRegionCheck<Volume>({
  id: 'ebs.gp2',
  service: 'ebs',
  title: 'EBS volumes are of the current generation (gp3, io2)',
  severity: 'informational',
  why: 'gp3 costs about a fifth less than gp2 and does not slow down when a burst is used up; io2 lasts a hundred times as long as io1 for the same price.',
  fix: {
    console:
      'EC2 > Volumes > the volume > Actions > Modify volume: choose the newer type. It stays in use meanwhile.',
    cli: 'aws ec2 modify-volume --region <REGION> --volume-id <VOLUME_ID> --volume-type gp3',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html',
  ],
  controls: [],
  reads: ['volumes'],
  subjects: ({ ebs }) => ebs.volumes,
  resource: volumeResource,
  judge({ id, type, sizeGib, iops }) {
    const successor = successors.get(type);
    return successor
      ? fail(`${id} is ${type}: ${successor} replaces it.`, { evidence: { type, sizeGib, iops } })
      : pass(`${id} is ${type}.`);
  },
});
