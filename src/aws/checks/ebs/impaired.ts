import type { VolumeStatus } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, notApplicable, pass, unknown } from '../check.ts';
import { volumeResource } from './ebs-resource.ts';

export const impaired = defineRegionCheck<VolumeStatus>({
  id: 'ebs.impaired',
  service: 'ebs',
  title: 'No EBS volume is impaired',
  severity: 'high',
  why: 'AWS found that the data of the volume may be inconsistent, or stopped its input and output for that: what runs on it hangs or writes to a broken disk.',
  fix: {
    console:
      'EC2 > Volumes > the volume > Status checks: see the events, check the file system, then Actions > Enable volume I/O, or restore the newest snapshot.',
    cli: 'aws ec2 enable-volume-io --region <REGION> --volume-id <VOLUME_ID>',
  },
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-status.html'],
  controls: [],
  reads: ['volumeStatuses'],
  subjects: ({ ebs }) => ebs.volumeStatuses,
  resource: ({ volumeId }, region, context) => volumeResource({ id: volumeId, tags: {} }, region, context),
  judge({ volumeId, status, details, events, actions }, { region }) {
    const evidence = { status, details, events: events.slice(0, 5), actions: actions.slice(0, 5) };
    if (status === 'impaired') return fail(`AWS calls ${volumeId} impaired.`, { evidence });
    if (details['io-enabled'] === 'failed')
      return fail(`Input and output of ${volumeId} are disabled.`, { evidence });
    if (status === 'warning') {
      return fail(`${volumeId} is slower than it should be.`, { severity: 'medium', evidence });
    }
    if (events.length > 0)
      return fail(`AWS reports ${events[0] ?? ''} of ${volumeId}.`, { severity: 'medium', evidence });
    if (status === 'insufficient-data') return notApplicable(`AWS is still checking ${volumeId}.`);
    // A word of AWS's that is not known here is no good news.
    if (status !== 'ok') {
      return unknown([
        { kind: 'failed', action: 'ec2:DescribeVolumeStatus', region, code: 'StatusNotUnderstood' },
      ]);
    }
    return pass(`The status of ${volumeId} is ${status}.`);
  },
});
