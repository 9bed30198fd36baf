import type { RegionInventory } from '../../inventory/account.ts';
import type { Snapshot, Volume, VolumeStatus } from '../../inventory/ebs.ts';
import { read } from '../../inventory/reading.ts';
import type { CheckStatus } from '../check.ts';
import {
  anAttachment,
  anUnattachedVolume,
  aSnapshot,
  aVolume,
  aVolumeStatus,
  DAY_MS,
  NOW,
  regionOf,
  unlisted,
  unreadable,
} from '../test-inventory.ts';

/** A region with one thing to judge, and the verdict on it. */
export interface RegionFixture {
  readonly status: CheckStatus;
  readonly of: string;
  readonly region: RegionInventory;
}

type Given = Parameters<typeof regionOf>[0];

const fixture = (status: CheckStatus, of: string, given: Given): RegionFixture => ({
  status,
  of,
  region: regionOf(given),
});
const volume = (
  status: CheckStatus,
  of: string,
  over: Partial<Volume> = {},
  beside: Given = {},
): RegionFixture => fixture(status, of, { volumes: [aVolume(over)], ...beside });
const idle = (
  status: CheckStatus,
  of: string,
  over: Partial<Volume> = {},
  beside: Given = {},
): RegionFixture => fixture(status, of, { volumes: [anUnattachedVolume(over)], ...beside });
const snapshot = (
  status: CheckStatus,
  of: string,
  over: Partial<Snapshot> = {},
  beside: Given = {},
): RegionFixture => fixture(status, of, { snapshots: [aSnapshot(over)], ...beside });
const health = (status: CheckStatus, of: string, over: Partial<VolumeStatus> = {}): RegionFixture =>
  fixture(status, of, { volumeStatuses: [aVolumeStatus(over)] });

const noVolumes = fixture('UNKNOWN', 'a region whose volumes may not be listed', {
  volumes: unlisted('ec2:DescribeVolumes'),
});
const noSnapshots = fixture('UNKNOWN', 'a region whose snapshots may not be listed', {
  snapshots: unlisted('ec2:DescribeSnapshots'),
});
const sharing = (value: string): Given => ({ snapshotSharing: read(value) });
const everybody: Given = { publicSnapshotIds: ['snap-1'] };

/** By check: each status that it can have. */
export const ebsFixtures: Readonly<Record<string, readonly RegionFixture[]>> = {
  'ebs.volume-encrypted': [
    volume('PASS', 'an encrypted volume'),
    volume('FAIL', 'an attached volume in the clear', { isEncrypted: false }),
    idle('FAIL', 'an unattached volume in the clear', { isEncrypted: false }),
    noVolumes,
  ],
  'ebs.default-encryption': [
    fixture('PASS', 'a region that encrypts', {}),
    fixture('FAIL', 'a region that does not', { encryptionByDefault: read(false) }),
    fixture('UNKNOWN', 'a region that may not be asked', {
      encryptionByDefault: unreadable('ec2:GetEbsEncryptionByDefault'),
    }),
  ],
  'ebs.snapshot-public': [
    snapshot('PASS', 'a snapshot of our own', {}, sharing('unblocked')),
    snapshot('FAIL', 'one that everybody may restore', {}, { ...everybody, ...sharing('unblocked') }),
    snapshot(
      'FAIL',
      'one that was shared before new sharing was blocked',
      {},
      { ...everybody, ...sharing('block-new-sharing') },
    ),
    snapshot(
      'PASS',
      'one that is shared in a region that blocks all sharing',
      {},
      { ...everybody, ...sharing('block-all-sharing') },
    ),
    snapshot(
      'UNKNOWN',
      'one that is shared, perhaps in a region that blocks it',
      {},
      {
        ...everybody,
        snapshotSharing: unreadable('ec2:GetSnapshotBlockPublicAccessState'),
      },
    ),
    snapshot(
      'PASS',
      'one that is not shared, whatever the region blocks',
      {},
      {
        snapshotSharing: unreadable('ec2:GetSnapshotBlockPublicAccessState'),
      },
    ),
    snapshot(
      'UNKNOWN',
      'one of which nobody could tell whether it is shared',
      {},
      {
        publicSnapshotIds: unlisted('ec2:DescribeSnapshots'),
        ...sharing('unblocked'),
      },
    ),
    snapshot(
      'PASS',
      'any in a region that blocks all sharing',
      {},
      {
        publicSnapshotIds: unlisted('ec2:DescribeSnapshots'),
      },
    ),
    noSnapshots,
  ],
  'ebs.snapshot-bpa': [
    fixture('PASS', 'all sharing blocked', sharing('block-all-sharing')),
    fixture('FAIL', 'new sharing blocked', sharing('block-new-sharing')),
    fixture('FAIL', 'nothing blocked', sharing('unblocked')),
    fixture('UNKNOWN', 'a region that may not be asked', {
      snapshotSharing: unreadable('ec2:GetSnapshotBlockPublicAccessState'),
    }),
  ],
  'ebs.snapshot-encrypted': [
    snapshot('PASS', 'an encrypted snapshot'),
    snapshot('FAIL', 'one in the clear', { isEncrypted: false }),
    noSnapshots,
  ],
  'ebs.unattached': [
    volume('PASS', 'an attached volume'),
    idle('FAIL', 'one that nothing uses, 31 days old', { createdAt: NOW - 31 * DAY_MS }),
    idle('PASS', 'one that nothing uses, 30 days old', { createdAt: NOW - 30 * DAY_MS }),
    idle('FAIL', 'one that nothing uses, of unknown age', { createdAt: null }),
    idle('NOT_APPLICABLE', 'one that is being deleted', { state: 'deleting' }),
    noVolumes,
  ],
  'ebs.has-recent-snapshot': [
    volume(
      'PASS',
      'a snapshot of six days ago',
      {},
      { snapshots: [aSnapshot({ startedAt: NOW - 6 * DAY_MS })] },
    ),
    volume(
      'FAIL',
      'a snapshot of eight days ago',
      {},
      { snapshots: [aSnapshot({ startedAt: NOW - 8 * DAY_MS })] },
    ),
    volume('FAIL', 'a snapshot that went wrong', {}, { snapshots: [aSnapshot({ state: 'error' })] }),
    volume('FAIL', 'a snapshot of another volume', {}, { snapshots: [aSnapshot({ volumeId: 'vol-2' })] }),
    volume('FAIL', 'no snapshot'),
    volume(
      'PASS',
      'a snapshot among those that could be read',
      {},
      {
        snapshots: unlisted('ec2:DescribeSnapshots', [aSnapshot()]),
      },
    ),
    volume(
      'UNKNOWN',
      'snapshots that may not be listed',
      {},
      { snapshots: unlisted('ec2:DescribeSnapshots') },
    ),
    volume('NOT_APPLICABLE', 'a volume of yesterday', { createdAt: NOW - DAY_MS }),
    idle('NOT_APPLICABLE', 'a volume that nothing uses'),
    noVolumes,
  ],
  'ebs.impaired': [
    health('PASS', 'a volume that is well'),
    health('FAIL', 'an impaired one', { status: 'impaired' }),
    health('FAIL', 'one whose input and output are disabled', { details: { 'io-enabled': 'failed' } }),
    health('FAIL', 'one that is slow', { status: 'warning' }),
    health('FAIL', 'one with an event', { events: ['potential-data-inconsistency'] }),
    health('NOT_APPLICABLE', 'one that is still checked', { status: 'insufficient-data' }),
    fixture('UNKNOWN', 'a region whose volumes may not be asked', {
      volumeStatuses: unlisted('ec2:DescribeVolumeStatus'),
    }),
  ],
  'ebs.gp2': [
    volume('PASS', 'gp3'),
    volume('PASS', 'a type that nothing replaces', { type: 'st1' }),
    volume('FAIL', 'gp2', { type: 'gp2' }),
    volume('FAIL', 'io1', { type: 'io1' }),
    noVolumes,
  ],
  'ebs.delete-on-termination': [
    volume('PASS', 'a data volume that stays', {
      attachments: [anAttachment({ device: '/dev/sdf', deleteOnTermination: false })],
    }),
    volume('FAIL', 'a data volume that goes', { attachments: [anAttachment({ device: '/dev/sdf' })] }),
    volume('NOT_APPLICABLE', 'a root volume'),
    idle('NOT_APPLICABLE', 'a volume that nothing uses'),
    noVolumes,
  ],
  'ebs.old-snapshot': [
    snapshot('PASS', 'one of 365 days', { startedAt: NOW - 365 * DAY_MS }),
    snapshot('FAIL', 'one of 366 days', { startedAt: NOW - 366 * DAY_MS }),
    snapshot('FAIL', 'one of unknown age', { startedAt: null }),
    snapshot('NOT_APPLICABLE', 'an archived one', { startedAt: NOW - 366 * DAY_MS, tier: 'archive' }),
    noSnapshots,
  ],
  'ebs.tags': [
    volume('PASS', 'a volume with an owner', { tags: { Owner: 'web' } }),
    snapshot('PASS', 'a snapshot with an owner', { tags: { Owner: 'web' } }),
    volume('FAIL', 'a volume without tags'),
    snapshot('FAIL', 'a snapshot without tags'),
    volume('FAIL', "a volume with AWS's own tags only", { tags: { 'aws:autoscaling:groupName': 'web' } }),
    noVolumes,
    noSnapshots,
  ],
};
