import type { Volume } from '@aws-sdk/client-ec2';
import type { Ebs } from '../account.ts';
import { anImpairedStatus, aSnapshot, aVolume, type Place, unattached, unencrypted } from '../builders.ts';
import { europe, home } from './places.ts';

const DAY_MS = 86_400_000;

const volumeAt =
  (at: Place) =>
  (name: string, Size: number, overrides: Partial<Volume> = {}): Volume =>
    aVolume(name, { Size, ...overrides }, at);
const here = volumeAt(home);
const there = volumeAt(europe);

const flaky = here('search-1-data', 500);

export const homeVolumes: readonly Volume[] = [
  here('web-1', 30),
  here('web-2', 30),
  here('api-1', 50),
  here('database-1', 50),
  here('database-1-data', 1_000, { VolumeType: 'io2', Iops: 16_000, Throughput: undefined }),
  flaky,
  here('admin-desktop', 120, { ...unencrypted, VolumeType: 'gp2', Iops: 360, Throughput: undefined }),
  here('bastion', 8, unencrypted),
  here('build-cache', 300, unattached),
  here('old-intranet-root', 60, { ...unattached, ...unencrypted }),
  here('staging-1', 30),
];
export const europeVolumes: readonly Volume[] = [there('notebook-1', 200), there('warehouse-1', 2_000)];

/** `now`: backups are as old as they are today, whenever the demo runs. */
export function homeEbs(now: number): Partial<Ebs> {
  const backup = (name: string, days: number): Ebs['snapshots'][number] =>
    aSnapshot(name, { StartTime: new Date(now - days * DAY_MS) }, home);
  const shared = {
    ...backup('old-intranet-root', 700),
    Encrypted: false,
    Description: 'Image for the agency',
  };
  return {
    volumes: homeVolumes,
    volumeStatuses: [anImpairedStatus(flaky)],
    snapshots: [
      backup('web-1', 1),
      backup('api-1', 1),
      backup('database-1-data', 1),
      backup('search-1-data', 41),
      { ...backup('admin-desktop', 200), Encrypted: false },
      shared,
    ],
    publicSnapshotIds: [shared.SnapshotId ?? ''],
    isEncryptedByDefault: true,
    snapshotSharing: 'unblocked',
  };
}

export const europeEbs = (now: number): Partial<Ebs> => ({
  volumes: europeVolumes,
  snapshots: [aSnapshot('warehouse-1', { StartTime: new Date(now - 2 * DAY_MS) }, europe)],
  snapshotSharing: 'block-new-sharing',
});
