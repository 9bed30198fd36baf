import type { MetricPoint, Volume, VolumeMetrics } from '../inventory/ebs.ts';
import type { Window } from './question.ts';
import { seriesWire, windowWire } from './series.ts';

interface VolumeMetricsRow {
  readonly region: string;
  readonly volume: Volume;
  readonly window: Window;
  readonly metrics: VolumeMetrics;
}

/**
 * A volume's metrics as the contract has them: sums of operations and bytes over the period, the queue's average. Beyond:
 * times in seconds, the burst balance in per cent, and what follows from them.
 */
export const volumeMetricsDocument = ({ region, volume, window, metrics }: VolumeMetricsRow) => ({
  volume_id: volume.id,
  metrics: {
    read_ops: seriesWire(metrics.readOps),
    write_ops: seriesWire(metrics.writeOps),
    read_bytes: seriesWire(metrics.readBytes),
    write_bytes: seriesWire(metrics.writeBytes),
    queue_length: seriesWire(metrics.queueLength),
    read_time: seriesWire(metrics.readTime),
    write_time: seriesWire(metrics.writeTime),
    idle_time: seriesWire(metrics.idleTime),
    burst_balance: seriesWire(metrics.burstBalance),
    ...utilisationOf(metrics),
  },
  region,
  ...windowWire(window),
  provisioned: { iops: volume.iops, throughput: volume.throughput },
});

/**
 * Rates a second, each where all that it is made of is known: how much of the time the volume was busy in per cent,
 * operations, bytes, and how long an operation took on average in milliseconds (none, where there were none).
 */
export function utilisationOf(metrics: VolumeMetrics) {
  const { periodSeconds, readOps, writeOps, readBytes, writeBytes, readTime, writeTime, idleTime } = metrics;
  const perSecond = (sum: number): number => sum / periodSeconds;
  const operations = sumsOf(readOps, writeOps);
  return {
    busy_percent: seriesWire(
      idleTime.map(({ at, value }) => ({ at, value: busyPercent(value, periodSeconds) })),
    ),
    iops: seriesWire(operations.map(({ at, value }) => ({ at, value: perSecond(value) }))),
    throughput_bytes_per_second: seriesWire(
      sumsOf(readBytes, writeBytes).map(({ at, value }) => ({ at, value: perSecond(value) })),
    ),
    average_latency_ms: seriesWire(latencies(sumsOf(readTime, writeTime), operations)),
  };
}

/** CloudWatch's idle seconds can be a little more than the period has. */
const busyPercent = (idleSeconds: number, periodSeconds: number): number =>
  Math.min(100, Math.max(0, (1 - idleSeconds / periodSeconds) * 100));

/** Where both have a point. */
function sumsOf(a: readonly MetricPoint[], b: readonly MetricPoint[]): readonly MetricPoint[] {
  const others = new Map(b.map(({ at, value }) => [at, value]));
  return a.flatMap(({ at, value }) => {
    const other = others.get(at);
    return other === undefined ? [] : [{ at, value: value + other }];
  });
}

function latencies(
  seconds: readonly MetricPoint[],
  operations: readonly MetricPoint[],
): readonly MetricPoint[] {
  const counts = new Map(operations.map(({ at, value }) => [at, value]));
  return seconds.flatMap(({ at, value }) => {
    const count = counts.get(at) ?? 0;
    return count > 0 ? [{ at, value: (value / count) * 1_000 }] : [];
  });
}
