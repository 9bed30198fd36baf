import {
  DescribeSnapshots$,
  DescribeVolumes$,
  DescribeVolumeStatus$,
  GetEbsEncryptionByDefault$,
  GetSnapshotBlockPublicAccessState$,
  type Snapshot,
  type Volume,
  type VolumeStatusItem,
} from '@aws-sdk/client-ec2';
import type { Ebs, Region } from '../account.ts';
import type { Caller, Operation } from '../operation.ts';
import type { Parameters } from '../parameters.ts';
import { describing, refuseDryRun, tagsOf } from './ec2-describe.ts';

export const ebsOperations: readonly Operation[] = [
  describing<Volume>({
    schema: DescribeVolumes$,
    list: 'Volumes',
    ids: 'VolumeIds',
    idOf: ({ VolumeId }) => VolumeId,
    notFound: 'InvalidVolume.NotFound',
    sizes: { min: 5, max: 1_000 },
    isUnpagedByIds: true,
    items: ({ ebs }) => ebs.volumes,
    filters: {
      'attachment.instance-id': ({ Attachments = [] }) => Attachments.map(({ InstanceId }) => InstanceId),
      'attachment.status': ({ Attachments = [] }) => Attachments.map(({ State }) => State),
      'availability-zone': ({ AvailabilityZone }) => [AvailabilityZone],
      encrypted: ({ Encrypted }) => [String(Encrypted)],
      size: ({ Size }) => [String(Size)],
      'snapshot-id': ({ SnapshotId }) => [SnapshotId],
      status: ({ State }) => [State],
      'volume-id': ({ VolumeId }) => [VolumeId],
      'volume-type': ({ VolumeType }) => [VolumeType],
      tag: tagsOf,
    },
  }),
  describing<VolumeStatusItem>({
    schema: DescribeVolumeStatus$,
    list: 'VolumeStatuses',
    ids: 'VolumeIds',
    idOf: ({ VolumeId }) => VolumeId,
    notFound: 'InvalidVolume.NotFound',
    sizes: { min: 5, max: 1_000 },
    isUnpagedByIds: true,
    items: ({ ebs }) => statusesOf(ebs),
    filters: {
      'availability-zone': ({ AvailabilityZone }) => [AvailabilityZone],
      'volume-status.status': ({ VolumeStatus }) => [VolumeStatus?.Status],
      'event.event-type': ({ Events = [] }) => Events.map(({ EventType }) => EventType),
    },
  }),
  describing<Snapshot>({
    schema: DescribeSnapshots$,
    list: 'Snapshots',
    ids: 'SnapshotIds',
    idOf: ({ SnapshotId }) => SnapshotId,
    notFound: 'InvalidSnapshot.NotFound',
    sizes: { min: 5, max: 1_000 },
    isUnpagedByIds: true,
    items: snapshotsFor,
    filters: {
      encrypted: ({ Encrypted }) => [String(Encrypted)],
      'owner-id': ({ OwnerId }) => [OwnerId],
      'snapshot-id': ({ SnapshotId }) => [SnapshotId],
      status: ({ State }) => [State],
      'storage-tier': ({ StorageTier }) => [StorageTier],
      'volume-id': ({ VolumeId }) => [VolumeId],
      tag: tagsOf,
    },
  }),
  {
    service: 'ec2',
    name: 'GetEbsEncryptionByDefault',
    action: 'ec2:GetEbsEncryptionByDefault',
    schema: GetEbsEncryptionByDefault$,
    isKept: true,
    answer: (asked, { region }) => {
      refuseDryRun(asked);
      return { EbsEncryptionByDefault: region.ebs.isEncryptedByDefault };
    },
  },
  {
    service: 'ec2',
    name: 'GetSnapshotBlockPublicAccessState',
    action: 'ec2:GetSnapshotBlockPublicAccessState',
    schema: GetSnapshotBlockPublicAccessState$,
    isKept: true,
    answer: (asked, { region }) => {
      refuseDryRun(asked);
      return { State: region.ebs.snapshotSharing, ManagedBy: 'account' };
    },
  },
];

/** Only own snapshots are data here; those that others share with the account are none. */
function snapshotsFor({ ebs }: Region, asked: Parameters, caller: Caller): readonly Snapshot[] {
  const owners = asked.texts('OwnerIds');
  const isOurs = owners === undefined || owners.includes('self') || owners.includes(caller.account.id);
  if (!isOurs) return [];
  const restorableBy = asked.texts('RestorableByUserIds') ?? ['self'];
  if (!restorableBy.includes('all') || restorableBy.includes('self')) return ebs.snapshots;
  return publicOf(ebs);
}

function publicOf({ snapshots, publicSnapshotIds }: Ebs): readonly Snapshot[] {
  const known = new Set(publicSnapshotIds);
  return snapshots.filter(({ SnapshotId = '' }) => known.has(SnapshotId));
}

const statuses = new WeakMap<Ebs, readonly VolumeStatusItem[]>();

/** Every volume has a status; made once for an account's data, in the volumes' order. */
function statusesOf(ebs: Ebs): readonly VolumeStatusItem[] {
  const known = statuses.get(ebs);
  if (known !== undefined) return known;
  const own = new Map(ebs.volumeStatuses.map((status) => [status.VolumeId, status]));
  const made = ebs.volumes.map((volume) => own.get(volume.VolumeId) ?? okStatus(volume));
  statuses.set(ebs, made);
  return made;
}

const okStatus = ({ VolumeId, AvailabilityZone }: Volume): VolumeStatusItem => ({
  VolumeId,
  AvailabilityZone,
  Actions: [],
  Events: [],
  VolumeStatus: {
    Status: 'ok',
    Details: [
      { Name: 'io-enabled', Status: 'passed' },
      { Name: 'io-performance', Status: 'not-applicable' },
    ],
  },
});
