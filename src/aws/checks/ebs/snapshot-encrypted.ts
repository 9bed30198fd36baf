import type { Snapshot } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { snapshotResource } from './ebs-resource.ts';

export const snapshotEncrypted = defineRegionCheck<Snapshot>({
  id: 'ebs.snapshot-encrypted',
  service: 'ebs',
  title: 'Every EBS snapshot is encrypted',
  severity: 'high',
  why: 'An unencrypted snapshot that is shared, by mistake or by an intruder, can be read at once. An encrypted one cannot be made public at all.',
  fix: {
    console:
      'EC2 > Snapshots > the snapshot > Actions > Copy snapshot: turn on encryption. Then delete the old one.',
    cli: 'aws ec2 copy-snapshot --region <REGION> --source-region <REGION> --source-snapshot-id <SNAPSHOT_ID> --encrypted --kms-key-id <KEY_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html',
  ],
  controls: [],
  reads: ['snapshots'],
  subjects: ({ ebs }) => ebs.snapshots,
  resource: snapshotResource,
  judge: ({ id, isEncrypted, volumeId }) =>
    isEncrypted ? pass(`${id} is encrypted.`) : fail(`${id} is not encrypted.`, { evidence: { volumeId } }),
});
