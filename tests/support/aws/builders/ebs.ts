import type { Snapshot, Volume, VolumeStatusItem } from '@aws-sdk/client-ec2';
import type { Metric } from '../account.ts';
import { here, idOf, longAgo, named, type Place } from './place.ts';

/** Encrypted, attached and of the newest type. */
export function aVolume(name: string, overrides: Partial<Volume> = {}, at: Place = here): Volume {
  const VolumeId = idOf('vol', at, name);
  return {
    VolumeId,
    Size: 100,
    VolumeType: 'gp3',
    State: 'in-use',
    Iops: 3_000,
    Throughput: 125,
    AvailabilityZone: `${at.region}a`,
    Encrypted: true,
    KmsKeyId: `arn:aws:kms:${at.region}:${at.accountId}:key/6fdbc4a0-3b0e-4d3e-9f5e-1d2c3b4a5968`,
    CreateTime: longAgo,
    MultiAttachEnabled: false,
    Attachments: [
      {
        VolumeId,
        InstanceId: idOf('i', at, name),
        Device: '/dev/xvda',
        State: 'attached',
        AttachTime: longAgo,
        DeleteOnTermination: true,
      },
    ],
    Tags: named(name),
    ...overrides,
  };
}

/** The overrides of a volume that nothing uses. */
export const unattached: Partial<Volume> = { State: 'available', Attachments: [] };
/** The overrides of one that is not encrypted. */
export const unencrypted: Partial<Volume> = { Encrypted: false, KmsKeyId: undefined };

/** Impaired: its input and output are off. */
export function anImpairedStatus({ VolumeId, AvailabilityZone }: Volume): VolumeStatusItem {
  return {
    VolumeId,
    AvailabilityZone,
    Actions: [
      {
        Code: 'enable-volume-io',
        Description: 'Enable volume I/O',
        EventType: 'potential-data-inconsistency',
      },
    ],
    Events: [
      {
        EventId: 'evol-0123456789abcdef0',
        EventType: 'potential-data-inconsistency',
        Description: 'The volume may be inconsistent',
        NotBefore: longAgo,
      },
    ],
    VolumeStatus: { Status: 'impaired', Details: [{ Name: 'io-enabled', Status: 'failed' }] },
  };
}

/** Complete, encrypted and own. */
export function aSnapshot(name: string, overrides: Partial<Snapshot> = {}, at: Place = here): Snapshot {
  return {
    SnapshotId: idOf('snap', at, name),
    VolumeId: idOf('vol', at, name),
    VolumeSize: 100,
    State: 'completed',
    Progress: '100%',
    OwnerId: at.accountId,
    Encrypted: true,
    StartTime: longAgo,
    StorageTier: 'standard',
    Description: `Backup of ${name}`,
    Tags: named(name),
    ...overrides,
  };
}

/** What CloudWatch has of a volume, a point every five minutes. */
export function volumeMetrics({ VolumeId = '', VolumeType }: Volume): Metric[] {
  const means: Record<string, number> = {
    VolumeReadOps: 1_200,
    VolumeWriteOps: 2_400,
    VolumeReadBytes: 45_000_000,
    VolumeWriteBytes: 78_000_000,
    VolumeTotalReadTime: 1.5,
    VolumeTotalWriteTime: 3.25,
    VolumeIdleTime: 240,
    VolumeQueueLength: 0.25,
    ...(VolumeType === 'gp2' ? { BurstBalance: 80 } : {}),
  };
  return Object.entries(means).map(([name, mean]) => ({
    namespace: 'AWS/EBS',
    name,
    dimensions: { VolumeId },
    everySeconds: 300,
    mean,
    swing: 0.2,
  }));
}
