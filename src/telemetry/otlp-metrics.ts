import { type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Metrics } from './metrics.ts';

type Kept = Awaited<ReturnType<Metrics['families']>>[number];
type Row = Kept['values'][number] & { readonly metricName?: string };
type Attributes = Readonly<Record<string, string>>;

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** Without an event nothing is known of its quantiles: what is not a number has no place in OTLP's JSON. */
const isTold = ({ value }: Row): boolean => Number.isFinite(value);

/** What the registry holds, as OpenTelemetry's data model has it: sums and histograms since the start. Unix ms. */
export function otlpMetrics(kept: readonly Kept[], startedAt: number, now: number): MetricData[] {
  const times = { startTime: toHrTime(startedAt), endTime: toHrTime(now) };
  return kept.map((one) => otlpMetric(one, times)).filter(({ dataPoints }) => dataPoints.length > 0);
}

/** Seconds and nanoseconds. */
export function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

export type { ResourceMetrics };

function otlpMetric(kept: Kept, times: Times): MetricData {
  const { name, help: description, values } = kept;
  const shared = {
    descriptor: { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  // The declaration says an enum, the value is its name.
  switch (String(kept.type)) {
    case 'histogram':
      return { ...shared, dataPointType: DataPointType.HISTOGRAM, dataPoints: spreads(values, times) };
    case 'counter':
      return {
        ...shared,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: points(values, times),
      };
    default:
      return { ...shared, dataPointType: DataPointType.GAUGE, dataPoints: points(values, times) };
  }
}

/** UCUM, as OpenTelemetry wants it. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  return /_bytes(_total)?$/.test(name) ? 'By' : '1';
}

const points = (rows: readonly Row[], times: Times): DataPoint<number>[] =>
  rows.filter(isTold).map((row) => ({ ...times, attributes: attributesOf(row), value: row.value }));

type Spread = Extract<MetricData, { dataPointType: DataPointType.HISTOGRAM }>['dataPoints'][number];

/** The rows of one child follow one another: its buckets upwards, their counts cumulative, then its sum and count. */
function spreads(rows: readonly Row[], times: Times): Spread[] {
  const found: Spread[] = [];
  let boundaries: number[] = [];
  let counts: number[] = [];
  let sum = 0;
  for (const row of rows) {
    const { le } = row.labels;
    if (le !== undefined) {
      if (le !== '+Inf') boundaries.push(Number(le));
      counts.push(row.value);
    } else if (row.metricName?.endsWith('_sum') === true) {
      sum = row.value;
    } else {
      const each = counts.map((count, index) => count - (counts[index - 1] ?? 0));
      const value = { buckets: { boundaries, counts: each }, count: row.value, sum };
      found.push({ ...times, attributes: attributesOf(row), value });
      boundaries = [];
      counts = [];
    }
  }
  return found;
}

function attributesOf({ labels }: Row): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}
