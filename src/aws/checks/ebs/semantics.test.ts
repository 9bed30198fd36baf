import { describe, expect, it } from 'vitest';
import { read } from '../../inventory/reading.ts';
import {
  anUnattachedVolume,
  aSnapshot,
  aVolume,
  aVolumeStatus,
  regionOf,
  resultIn,
  resultsIn,
  unlisted,
} from '../test-inventory.ts';
import { impaired } from './impaired.ts';
import { oldSnapshot } from './old-snapshot.ts';
import { snapshotBpa } from './snapshot-bpa.ts';
import { snapshotPublic } from './snapshot-public.ts';
import { unattached } from './unattached.ts';
import { volumeEncrypted } from './volume-encrypted.ts';

describe('8: a snapshot that is shared with everybody', () => {
  it('is told even where the list of snapshots could not be read', () => {
    const region = regionOf({
      snapshots: unlisted('ec2:DescribeSnapshots'),
      publicSnapshotIds: ['snap-9'],
      snapshotSharing: read('unblocked'),
    });
    const results = resultsIn(snapshotPublic, region);
    expect(results.map(({ status, resource }) => [status, resource.name])).toEqual([
      ['FAIL', 'snap-9'],
      ['UNKNOWN', 'eu-west-1'],
    ]);
  });

  it('is one finding of many snapshots', () => {
    const region = regionOf({
      snapshots: [aSnapshot(), aSnapshot({ id: 'snap-2' })],
      publicSnapshotIds: ['snap-2'],
      snapshotSharing: read('unblocked'),
    });
    expect(resultsIn(snapshotPublic, region).map(({ status }) => status)).toEqual(['PASS', 'FAIL']);
  });

  it('may be blocked for what is shared from now on only, which is a smaller matter than not at all', () => {
    const severityOf = (state: string) =>
      resultIn(snapshotBpa, regionOf({ snapshotSharing: read(state) })).severity;
    expect([severityOf('block-new-sharing'), severityOf('unblocked')]).toEqual(['low', undefined]);
  });
});

it('a volume in the clear that nothing uses is a smaller matter', () => {
  const severityOf = (volume: Parameters<typeof aVolume>[0]) =>
    resultIn(volumeEncrypted, regionOf({ volumes: [aVolume({ isEncrypted: false, ...volume })] })).severity;
  expect([severityOf({}), severityOf(anUnattachedVolume({ isEncrypted: false }))]).toEqual([
    undefined,
    'low',
  ]);
});

it('how old is too old is a parameter', () => {
  const region = regionOf({ volumes: [anUnattachedVolume()], snapshots: [aSnapshot()] });
  const statusOf = (unattachedDays: number) => resultIn(unattached, region, { unattachedDays }).status;
  expect([statusOf(89), statusOf(90)]).toEqual(['FAIL', 'PASS']);
  expect(resultIn(oldSnapshot, region, { oldSnapshotDays: 0 }).status).toBe('FAIL');
});

it('a volume is said to be gone only where all volumes were read', () => {
  const orphan = [aSnapshot({ volumeId: 'vol-9' })];
  const isOrphan = (volumes: Parameters<typeof regionOf>[0]) =>
    resultIn(oldSnapshot, regionOf({ snapshots: orphan, ...volumes }), { oldSnapshotDays: 0 }).evidence?.[
      'isOrphan'
    ];
  expect(isOrphan({ volumes: [aVolume()] })).toBe(true);
  expect(isOrphan({ volumes: unlisted('ec2:DescribeVolumes') })).toBe(false);
});

it('takes a volume status that AWS did not have yet for no good news', () => {
  const region = regionOf({ volumeStatuses: [aVolumeStatus({ status: 'degraded' })] });
  const { status, reason } = resultIn(impaired, region);
  expect([status, reason]).toEqual([
    'UNKNOWN',
    'Not judged: ec2:DescribeVolumeStatus was failed (StatusNotUnderstood).',
  ]);
});
