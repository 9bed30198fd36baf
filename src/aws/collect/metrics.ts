import type { VolumeMetrics } from '../inventory/ebs.ts';
import type { EcsUtilisation } from '../inventory/ecs.ts';
import { read, type Reading } from '../inventory/reading.ts';
import type { Caller } from './call.ts';
import { metricData, type MetricQuery } from './metric-data.ts';
import type { MetricWindow } from './port.ts';

export async function volumeMetrics(
  caller: Caller,
  region: string,
  VolumeId: string,
  window: MetricWindow,
): Promise<Reading<VolumeMetrics>> {
  const query = (name: string, stat: MetricQuery['stat']): MetricQuery => ({
    namespace: 'AWS/EBS',
    dimensions: { VolumeId },
    name,
    stat,
  });
  const series = await metricData(
    caller,
    region,
    [
      query('VolumeReadOps', 'Sum'),
      query('VolumeWriteOps', 'Sum'),
      query('VolumeReadBytes', 'Sum'),
      query('VolumeWriteBytes', 'Sum'),
      query('VolumeTotalReadTime', 'Sum'),
      query('VolumeTotalWriteTime', 'Sum'),
      query('VolumeIdleTime', 'Sum'),
      query('VolumeQueueLength', 'Average'),
      query('BurstBalance', 'Average'),
    ],
    window,
  );
  if (series.kind === 'unread') return series;
  const [readOps = [], writeOps = [], readBytes = [], writeBytes = [], ...others] = series.value;
  const [readTime = [], writeTime = [], idleTime = [], queueLength = [], burstBalance = []] = others;
  return read({
    periodSeconds: window.periodSeconds,
    readOps,
    writeOps,
    readBytes,
    writeBytes,
    readTime,
    writeTime,
    idleTime,
    queueLength,
    burstBalance,
  });
}

/** Reservations are figures of clusters alone: of a service they are empty. */
export async function ecsUtilisation(
  caller: Caller,
  region: string,
  { clusterName, serviceName }: { readonly clusterName: string; readonly serviceName?: string },
  window: MetricWindow,
): Promise<Reading<EcsUtilisation>> {
  const dimensions = {
    ClusterName: clusterName,
    ...(serviceName !== undefined && { ServiceName: serviceName }),
  };
  const query = (name: string): MetricQuery => ({ namespace: 'AWS/ECS', dimensions, name, stat: 'Average' });
  const names = ['CPUUtilization', 'MemoryUtilization', 'CPUReservation', 'MemoryReservation'];
  const series = await metricData(caller, region, names.map(query), window);
  if (series.kind === 'unread') return series;
  const [cpuUtilisation = [], memoryUtilisation = [], cpuReservation = [], memoryReservation = []] =
    series.value;
  const { periodSeconds } = window;
  return read({ periodSeconds, cpuUtilisation, memoryUtilisation, cpuReservation, memoryReservation });
}
