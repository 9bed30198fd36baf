import { expect, test } from 'vitest';
import { aCluster, aService, serviceMetrics } from '../../../tests/support/aws/builders.ts';
import * as builders from '../../../tests/support/aws/builders.ts';
import { FakeAws } from '../../../tests/support/aws/fake-aws.ts';
import { openReader } from './open-reader.ts';
import { aStage, atEnd, keysOf, REGION, withRegion } from './test-aws.ts';

const HOUR_MS = 3_600_000;
const windowBefore = (now: number, hours: number, periodSeconds = 3_600) => {
  const until = Math.floor(now / HOUR_MS) * HOUR_MS;
  return { since: until - hours * HOUR_MS, until, periodSeconds };
};

test('gives the figures of a volume ascending by time, sums and averages', async () => {
  const volume = builders.aVolume('v');
  const metrics = builders.volumeMetrics(volume);
  const stage = await aStage(withRegion({ ebs: { volumes: [volume] }, metrics }));
  const found = await stage
    .reader()
    .volumeMetrics(REGION, volume.VolumeId ?? '', windowBefore(Date.now(), 24));
  if (found.kind === 'unread') throw new Error(found.failure.code);
  const { readOps, queueLength, periodSeconds } = found.value;
  expect(periodSeconds).toBe(3_600);
  expect(readOps).toHaveLength(24);
  expect(readOps.map(({ at }) => at)).toEqual(readOps.map(({ at }) => at).toSorted((a, b) => a - b));
  const asked = JSON.stringify(stage.aws.log.of('cloudwatch:GetMetricData')[0]?.parameters);
  expect(asked).toContain('TimestampAscending');
  expect(queueLength.length).toBeGreaterThan(0);
});

test('puts figures together that come on several pages', async () => {
  const volume = builders.aVolume('v');
  const account = withRegion({ metrics: builders.volumeMetrics(volume) });
  const stage = await aStage(account);
  const paged = await FakeAws.start({ accounts: [account], keys: [stage.key], metricPointsMax: 50 });
  atEnd(() => paged.close());
  const window = windowBefore(Date.now(), 24, 300);
  const of = async (url: string) => {
    const reader = openReader(
      { kind: 'keys', keys: keysOf(stage.key), region: REGION },
      { endpoints: { all: url, pathStyle: true } },
    );
    atEnd(() => reader.close());
    return reader.volumeMetrics(REGION, volume.VolumeId ?? '', window);
  };
  const whole = await of(stage.aws.url);
  expect(whole).toMatchObject({ kind: 'read', value: { readOps: { length: 288 } } });
  expect(await of(paged.url)).toEqual(whole);
  expect(paged.log.of('cloudwatch:GetMetricData').length).toBeGreaterThan(10);
});

test('a volume that CloudWatch knows nothing of has no figures', async () => {
  const stage = await aStage();
  expect(await stage.reader().volumeMetrics(REGION, 'vol-none', windowBefore(Date.now(), 1))).toMatchObject({
    kind: 'read',
    value: { readOps: [], burstBalance: [] },
  });
});

test('gives what a service uses', async () => {
  const service = aService('web', 'front');
  const ecs = { clusters: [aCluster('web')], services: [service] };
  const stage = await aStage(withRegion({ ecs, metrics: serviceMetrics(service) }));
  const of = { clusterName: 'web', serviceName: 'front' };
  const found = await stage.reader().ecsUtilisation(REGION, of, windowBefore(Date.now(), 2, 300));
  expect(found).toMatchObject({
    kind: 'read',
    value: { cpuUtilisation: { length: 24 }, memoryUtilisation: { length: 24 }, cpuReservation: [] },
  });
});
