import type { Volume } from '../../inventory/ebs.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { volumeResource } from './ebs-resource.ts';

export const deleteOnTermination = defineRegionCheck<Volume>({
  id: 'ebs.delete-on-termination',
  service: 'ebs',
  title: 'Attached data volumes outlive their instance',
  severity: 'low',
  why: 'A data volume that is deleted with its instance takes everything on it along when somebody, or an Auto Scaling group, terminates the instance.',
  fix: {
    console:
      'EC2 > Instances > the instance > Storage shows which volumes are deleted; the setting of a running instance is changed on the command line.',
    cli: 'aws ec2 modify-instance-attribute --region <REGION> --instance-id <INSTANCE_ID> --block-device-mappings \'[{"DeviceName":"<DEVICE>","Ebs":{"DeleteOnTermination":false}}]\'',
  },
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html'],
  controls: [],
  reads: ['volumes'],
  subjects: ({ ebs }) => ebs.volumes,
  resource: volumeResource,
  judge({ id, attachments }) {
    const asData = attachments.filter(({ device }) => !isRootDevice(device));
    if (asData.length === 0) {
      return notApplicable(attachments.length > 0 ? `${id} is a root volume.` : `${id} is not attached.`);
    }
    const doomed = asData.find((attachment) => attachment.deleteOnTermination);
    if (!doomed) return pass(`${id} outlives its instance.`);
    const { device, instanceId } = doomed;
    return fail(`${id} (${device}) is deleted with ${instanceId}.`, { evidence: { device, instanceId } });
  },
});

/** Where AWS's and the usual images of others have their root: DescribeVolumes does not say which it is. */
const isRootDevice = (device: string): boolean =>
  ['/dev/xvda', '/dev/sda1', '/dev/sda', '/dev/nvme0n1'].includes(device);
