import type { Volume, VolumeAttachment, VolumeStatus } from '../inventory/ebs.ts';
import type { Reading } from '../inventory/reading.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';
import { UnreadMembers } from './unreadable.ts';

export interface VolumeRow {
  readonly region: string;
  readonly volume: Volume;
  /** Null: AWS says nothing of it yet. */
  readonly status: Reading<VolumeStatus | null>;
}

/** Attached to nothing: the contract's `unattached_volumes`. */
export const isUnattached = ({ state }: Volume): boolean => state === 'available';

/** A volume as the contract has it, and beyond. `size` in GiB, `throughput` in MiB/s. */
export function volumeWire({ region, volume, status }: VolumeRow) {
  const unread = new UnreadMembers();
  const attachments = byDevice(volume.attachments);
  const first = attachments[0];
  return {
    volume_id: volume.id,
    size: volume.sizeGib,
    volume_type: volume.type,
    state: volume.state,
    iops: volume.iops,
    throughput: volume.throughput,
    attached_instance: first?.instanceId ?? null,
    device: first?.device ?? null,
    availability_zone: volume.availabilityZone,
    encrypted: volume.isEncrypted,
    region,
    name: volume.tags['Name'] ?? null,
    status: unread.of('status', status, (said) => said?.status ?? null),
    status_details: status.kind === 'read' && status.value !== null ? statusDetails(status.value) : null,
    attachments: attachments.map(attachmentWire),
    multi_attach: volume.isMultiAttach,
    kms_key_id: volume.kmsKeyId,
    snapshot_id: volume.snapshotId,
    created_at: utc(volume.createdAt),
    tags: volume.tags,
    ...unread.member,
  };
}

export const volumeList: ListShape<VolumeRow> = {
  member: 'volumes',
  name: ({ volume }) => volume.id,
  id: ({ region }) => region,
  words: ({ volume }) => [volume.tags['Name'] ?? ''],
  wire: volumeWire,
};

/** The contract's "first": of one volume at several instances, the first device's. */
function byDevice(attachments: readonly VolumeAttachment[]): readonly VolumeAttachment[] {
  if (attachments.length < 2) return attachments;
  return attachments.toSorted((a, b) => order(a.device, b.device) || order(a.instanceId, b.instanceId));
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const attachmentWire = (attachment: VolumeAttachment) => ({
  instance_id: attachment.instanceId,
  device: attachment.device,
  state: attachment.state,
  attached_at: utc(attachment.attachedAt),
  delete_on_termination: attachment.deleteOnTermination,
});

const statusDetails = ({ details, events, actions }: VolumeStatus) => ({ checks: details, events, actions });
