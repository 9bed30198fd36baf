import type { Volume } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, pass } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { isAttached, volumeResource } from './ebs-resource.ts';

export const volumeEncrypted = defineRegionCheck<Volume>({
  id: 'ebs.volume-encrypted',
  service: 'ebs',
  title: 'Every EBS volume is encrypted',
  severity: 'medium',
  why: 'What is on an unencrypted volume can be read by whoever gets at it or at a snapshot of it; with encryption they need the right to its key too.',
  fix: {
    console:
      'EC2 > Volumes > the volume > Create snapshot; Snapshots > Copy snapshot with encryption; create a volume of the copy and attach it instead.',
    cli: 'aws ec2 copy-snapshot --region <REGION> --source-region <REGION> --source-snapshot-id <SNAPSHOT_ID> --encrypted --kms-key-id <KEY_ID>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-3',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
  ],
  controls: [...fsbp('EC2.3'), ...cis('2.2.1', '5.1.1', '6.1.1')],
  reads: ['volumes'],
  subjects: ({ ebs }) => ebs.volumes,
  resource: volumeResource,
  judge(volume) {
    const { id, isEncrypted, kmsKeyId, attachments } = volume;
    if (isEncrypted) return pass(`${id} is encrypted.`, { kmsKeyId });
    const instances = attachments.map(({ instanceId }) => instanceId).slice(0, 10);
    return isAttached(volume)
      ? fail(`${id} is not encrypted, and attached to ${instances[0] ?? 'an instance'}.`, {
          evidence: { instances },
        })
      : fail(`${id} is not encrypted; nothing uses it.`, { severity: 'low', evidence: { instances } });
  },
});
