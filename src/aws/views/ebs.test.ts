import { describe, expect, test } from 'vitest';
import {
  anAttachment,
  anUnattachedVolume,
  aSnapshot,
  aVolume,
  aVolumeStatus,
  denied,
  NOW,
  REGION,
} from '../checks/test-inventory.ts';
import type { Volume, VolumeMetrics } from '../inventory/ebs.ts';
import { read, unread, type Reading } from '../inventory/reading.ts';
import { isSnapshotPublic } from './snapshots.ts';
import { rowsOf, TestDesk } from './test-desk.ts';
import { utilisationOf } from './volume-metrics.ts';

const volumesOf = async (...volumes: readonly Volume[]) =>
  rowsOf(
    await new TestDesk({ regions: { [REGION]: { volumes } } }).document({ name: 'volumes', region: REGION }),
    'volumes',
  );

test('a volume that is attached to nothing says so', async () => {
  expect(await volumesOf(anUnattachedVolume())).toMatchObject([
    { attached_instance: null, device: null, attachments: [], state: 'available' },
  ]);
});

test('of several instances the first by device is named, and all are listed', async () => {
  const attachments = [
    anAttachment({ device: '/dev/xvdg', instanceId: 'i-1' }),
    anAttachment({ device: '/dev/xvdf', instanceId: 'i-3' }),
    anAttachment({ device: '/dev/xvdf', instanceId: 'i-2' }),
  ];
  expect(await volumesOf(aVolume({ attachments, isMultiAttach: true }))).toMatchObject([
    {
      attached_instance: 'i-2',
      device: '/dev/xvdf',
      attachments: [{ instance_id: 'i-2' }, { instance_id: 'i-3' }, { instance_id: 'i-1' }],
    },
  ]);
});

test('what AWS does not say is null, and no number is a text', async () => {
  const [row] = await volumesOf(aVolume({ iops: null, throughput: null, createdAt: null }));
  expect(row).toMatchObject({ iops: null, throughput: null, created_at: null, size: 100, status: null });
});

test('a status that may not be read is null and named, one that is not there yet only null', async () => {
  const has = {
    volumes: [aVolume(), aVolume({ id: 'vol-2' })],
    volumeStatuses: [aVolumeStatus({ status: 'impaired' })],
  };
  const desk = new TestDesk({ regions: { [REGION]: has } });
  const document = await desk.document({ name: 'volumes', region: REGION });
  expect(rowsOf(document, 'volumes').map(({ status }) => status)).toEqual(['impaired', null]);
  expect(document['unreadable']).toEqual([]);
  const failing = new TestDesk({ regions: { [REGION]: has } }).fail(
    'volumeStatuses',
    'ec2:DescribeVolumeStatus',
  );
  const partly = await failing.document({ name: 'volumes', region: REGION });
  expect(rowsOf(partly, 'volumes')).toMatchObject([
    { status: null, unreadable: [{ member: 'status', action: 'ec2:DescribeVolumeStatus' }] },
    { status: null },
  ]);
  expect(partly).toMatchObject({ unreadable: [{ member: 'volumes.status', reason: 'denied' }] });
});

describe('what follows from a volume’s metrics', () => {
  const point = (value: number, at = NOW) => [{ at, value }];
  const metrics = (over: Partial<VolumeMetrics>): VolumeMetrics => ({
    periodSeconds: 60,
    readOps: [],
    writeOps: [],
    readBytes: [],
    writeBytes: [],
    readTime: [],
    writeTime: [],
    idleTime: [],
    queueLength: [],
    burstBalance: [],
    ...over,
  });

  test('are rates a second, the busy share and the time of an operation', () => {
    const made = utilisationOf(
      metrics({
        readOps: point(600),
        writeOps: point(1_200),
        readBytes: point(6_000),
        writeBytes: point(12_000),
        readTime: point(0.9),
        writeTime: point(2.7),
        idleTime: point(45),
      }),
    );
    const values = Object.entries(made).map(([name, series]) => [name, series.map(({ value }) => value)]);
    expect(Object.fromEntries(values)).toEqual({
      busy_percent: [25],
      iops: [30],
      throughput_bytes_per_second: [300],
      average_latency_ms: [expect.closeTo(2)],
    });
  });

  test('is nothing where a part is not known, and no time of no operations', () => {
    expect(utilisationOf(metrics({ readOps: point(600) })).iops).toEqual([]);
    expect(utilisationOf(metrics({ readOps: point(1), writeOps: point(1, NOW - 60_000) })).iops).toEqual([]);
    const idle = metrics({ readOps: point(0), writeOps: point(0), readTime: point(0), writeTime: point(0) });
    expect(utilisationOf(idle)).toMatchObject({ iops: [{ value: 0 }], average_latency_ms: [] });
  });

  test('is within bounds though CloudWatch counts more idle seconds than there are', () => {
    expect(utilisationOf(metrics({ idleTime: point(60.4) })).busy_percent).toMatchObject([{ value: 0 }]);
  });
});

describe('the window of metrics', () => {
  const DAY_MS = 86_400_000;
  const ask = (since: number, until: number, periodSeconds: number) => {
    const desk = new TestDesk({ regions: { [REGION]: { volumes: [aVolume()] } } });
    const window = { since: NOW + since, until: NOW + until, periodSeconds };
    return desk.ask({ name: 'volumeMetrics', region: REGION, volume: 'vol-1', window });
  };
  test.each([0, -60, 59, 90, 60.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'has a period that is a positive multiple of a minute: %d',
    async (period) => {
      expect(await ask(-DAY_MS, 0, period)).toMatchObject({ kind: 'refused', status: 400 });
    },
  );

  test('has at most 1,440 points, and the two that whole periods at both ends may make of them', async () => {
    expect(await ask(-DAY_MS, 0, 60)).toMatchObject({ kind: 'answered' });
    expect(await ask(-DAY_MS - 60_000, 60_000, 60)).toMatchObject({ kind: 'answered' });
    expect(await ask(-DAY_MS - 120_000, 60_000, 60)).toMatchObject({ kind: 'refused', status: 400 });
  });

  test('begins before it ends', async () => {
    expect(await ask(0, 0, 60)).toMatchObject({ kind: 'refused', status: 400 });
    expect(await ask(Number.NaN, 0, 60)).toMatchObject({ kind: 'refused', status: 400 });
  });

  test.each([
    [15, 60, 60],
    [16, 60, 300],
    [16, 420, 600],
    [63, 300, 300],
    [64, 300, 3_600],
    [64, 3_660, 7_200],
  ])(
    'that began %d days ago by %d s is told by the %d s that CloudWatch keeps',
    async (days, asked, period) => {
      const answer = await ask(-days * DAY_MS, -days * DAY_MS + 3_600_000, asked);
      if (answer.kind !== 'answered') throw new Error(answer.kind);
      expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({ period });
    },
  );
});

describe('a snapshot', () => {
  const unknown = unread(denied('ec2:DescribeSnapshots'));
  const noSharing = unread(denied('ec2:GetSnapshotBlockPublicAccessState'));
  test.each<[string, Reading<boolean>, Reading<string>, boolean | undefined]>([
    ['is public while it is shared with all', read(true), read('unblocked'), true],
    ['shared before new sharing was blocked stays public', read(true), read('block-new-sharing'), true],
    ['is not public while the region blocks all sharing', read(true), read('block-all-sharing'), false],
    ['that is not shared is not public', read(false), noSharing, false],
    ['may be public where the region’s block is not known', read(true), noSharing, undefined],
    ['may be public where the sharing is not known', unknown, read('unblocked'), undefined],
    ['is not public where all is blocked, shared or not', unknown, read('block-all-sharing'), false],
  ])('%s', (_, isShared, sharing, expected) => {
    const reading = isSnapshotPublic(isShared, sharing);
    expect(reading.kind === 'read' ? reading.value : undefined).toBe(expected);
  });

  test('tells whether it is, and names what is missing only where it matters', async () => {
    const has = { snapshots: [aSnapshot(), aSnapshot({ id: 'snap-2' })], publicSnapshotIds: ['snap-2'] };
    const desk = new TestDesk({ regions: { [REGION]: has } });
    const rows = rowsOf(await desk.document({ name: 'snapshots', region: REGION }), 'snapshots');
    expect(rows).toMatchObject([{ public: false }, { public: true, shared_with_all: true }]);
    const none = new TestDesk({ regions: { [REGION]: { snapshots: [aSnapshot()] } } });
    none.fail('snapshotSharing', 'ec2:GetSnapshotBlockPublicAccessState');
    expect(await none.document({ name: 'snapshots', region: REGION })).toMatchObject({ unreadable: [] });
  });
});
