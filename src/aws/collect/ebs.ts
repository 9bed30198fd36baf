import type * as Ec2 from '@aws-sdk/client-ec2';
import type { Snapshot, SnapshotSharing, Volume, VolumeAttachment, VolumeStatus } from '../inventory/ebs.ts';
import type { Listing, Reading } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { ec2List, ec2Value, filter, ofIds } from './ec2-list.ts';
import { count, instant, list, numberOrNull, tags, text, textOrNull } from './fields.ts';

const PAGE = 1_000;

export function volumes(
  caller: Caller,
  region: string,
  ids: readonly string[] | undefined,
): Promise<Listing<Volume>> {
  const action = 'ec2:DescribeVolumes';
  const ask = (some?: readonly string[]) =>
    ec2List(caller, region, {
      action,
      ask: ({ sdk, client }, NextToken, options) => {
        const Filters = some && filter('volume-id', some);
        return client.send(new sdk.DescribeVolumesCommand({ MaxResults: PAGE, NextToken, Filters }), options);
      },
      items: ({ Volumes }) => list(Volumes).flatMap(volumeOf),
    });
  if (ids === undefined) return ask();
  return ofIds(ids, { action, region, code: 'InvalidVolume.NotFound' }, ask);
}

export const volumeStatuses = (caller: Caller, region: string): Promise<Listing<VolumeStatus>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeVolumeStatus',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(new sdk.DescribeVolumeStatusCommand({ MaxResults: PAGE, NextToken }), options),
    items: ({ VolumeStatuses }) => list(VolumeStatuses).flatMap(volumeStatusOf),
  });

/** `self`: nobody else's, of which there are hundreds of thousands. */
export const snapshots = (caller: Caller, region: string): Promise<Listing<Snapshot>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeSnapshots',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: PAGE, NextToken }),
        options,
      ),
    items: ({ Snapshots }) => list(Snapshots).flatMap(snapshotOf),
  });

/** One call for all, instead of one for each snapshot's attribute. */
export const publicSnapshotIds = (caller: Caller, region: string): Promise<Listing<string>> =>
  ec2List(caller, region, {
    action: 'ec2:DescribeSnapshots',
    ask: ({ sdk, client }, NextToken, options) =>
      client.send(
        new sdk.DescribeSnapshotsCommand({
          OwnerIds: ['self'],
          RestorableByUserIds: ['all'],
          MaxResults: PAGE,
          NextToken,
        }),
        options,
      ),
    items: ({ Snapshots }) => list(Snapshots).flatMap(({ SnapshotId }) => textOrNull(SnapshotId) ?? []),
  });

export const ebsEncryptionByDefault = (caller: Caller, region: string): Promise<Reading<boolean>> =>
  ec2Value(caller, region, 'ec2:GetEbsEncryptionByDefault', async ({ sdk, client }, options) => {
    const answer = await client.send(new sdk.GetEbsEncryptionByDefaultCommand({}), options);
    return answer.EbsEncryptionByDefault === true;
  });

export const snapshotSharing = (caller: Caller, region: string): Promise<Reading<SnapshotSharing>> =>
  ec2Value(caller, region, 'ec2:GetSnapshotBlockPublicAccessState', async ({ sdk, client }, options) => {
    const { State } = await client.send(new sdk.GetSnapshotBlockPublicAccessStateCommand({}), options);
    return text(State) || 'unblocked';
  });

function volumeOf(volume: Ec2.Volume): readonly Volume[] {
  const id = textOrNull(volume.VolumeId);
  if (id === null) return [];
  return [
    {
      id,
      sizeGib: count(volume.Size),
      type: text(volume.VolumeType),
      state: text(volume.State),
      iops: numberOrNull(volume.Iops),
      throughput: numberOrNull(volume.Throughput),
      availabilityZone: text(volume.AvailabilityZone),
      isEncrypted: volume.Encrypted === true,
      kmsKeyId: textOrNull(volume.KmsKeyId),
      createdAt: instant(volume.CreateTime),
      snapshotId: textOrNull(volume.SnapshotId),
      isMultiAttach: volume.MultiAttachEnabled === true,
      attachments: attachmentsOf(volume.Attachments),
      tags: tags(volume.Tags),
    },
  ];
}

const attachmentsOf = (
  attachments: readonly Ec2.VolumeAttachment[] | undefined,
): readonly VolumeAttachment[] =>
  list(attachments)
    .map((attachment) => ({
      instanceId: text(attachment.InstanceId),
      device: text(attachment.Device),
      state: text(attachment.State),
      attachedAt: instant(attachment.AttachTime),
      deleteOnTermination: attachment.DeleteOnTermination === true,
    }))
    .sort((a, b) => compare(a.device, b.device) || compare(a.instanceId, b.instanceId));

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

function volumeStatusOf(item: Ec2.VolumeStatusItem): readonly VolumeStatus[] {
  const volumeId = textOrNull(item.VolumeId);
  if (volumeId === null) return [];
  const details = list(item.VolumeStatus?.Details).flatMap(({ Name, Status }) =>
    typeof Name === 'string' ? [[text(Name), text(Status)] as const] : [],
  );
  return [
    {
      volumeId,
      status: text(item.VolumeStatus?.Status),
      details: Object.fromEntries(details),
      events: list(item.Events).map(({ EventType, Description }) => text(EventType ?? Description, 300)),
      actions: list(item.Actions).map(({ Code, Description }) => text(Code ?? Description, 300)),
    },
  ];
}

function snapshotOf(snapshot: Ec2.Snapshot): readonly Snapshot[] {
  const id = textOrNull(snapshot.SnapshotId);
  if (id === null) return [];
  return [
    {
      id,
      volumeId: textOrNull(snapshot.VolumeId),
      sizeGib: count(snapshot.VolumeSize),
      state: text(snapshot.State),
      isEncrypted: snapshot.Encrypted === true,
      startedAt: instant(snapshot.StartTime),
      tier: text(snapshot.StorageTier) || 'standard',
      description: text(snapshot.Description, 300),
      tags: tags(snapshot.Tags),
    },
  ];
}
