import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';
import type { Meter, Metric } from '../kernel/meter.ts';
import { Count, Family, Spread } from './cells.ts';

/** What was counted, at the moment it is asked for. */
export interface Metrics {
  readonly meter: Meter;
  /** Prometheus's text format, version 0.0.4. */
  text(): Promise<string>;
  /** The same for whoever translates it. */
  families(): ReturnType<Registry['getMetricsAsJSON']>;
}

/** Collections of garbage take a few milliseconds; prom-client's own buckets begin where the goal ends. */
const GC_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

/** Lists of all that is open, made anew at each reading: thousands of connections. `process_open_fds` says as much. */
const COSTLY = ['handles', 'requests', 'resources'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

/**
 * Counts in plain numbers of our own, and leaves the reading to prom-client: its registry is the one truth that both
 * `/metrics` and OTLP are made of. With what it knows of the process itself: event loop, memory, collector, CPU.
 */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, gcDurationBuckets: GC_BUCKETS });
  for (const name of COSTLY) registry.removeSingleMetric(name);
  const refreshers: (() => Promise<void>)[] = [];
  const refreshed = async (): Promise<Registry> => {
    await Promise.all(refreshers.map((refresh) => refresh()));
    return registry;
  };
  return {
    meter: meterOver(registry, (refresh) => void refreshers.push(refresh)),
    text: async () => textOf(await refreshed()),
    families: async () => (await refreshed()).getMetricsAsJSON(),
  };
}

/** A metric at a time, and others in between: a hundred targets make thousands of lines. */
async function textOf(registry: Registry): Promise<string> {
  const texts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    texts.push(await registry.getSingleMetricAsString(name));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return `${texts.join('\n\n')}\n`;
}

function meterOver(registry: Registry, beforeReading: Meter['beforeReading']): Meter {
  return {
    counter(metric) {
      const family = new Family(metric.labels, () => new Count());
      const kept = new Counter({
        ...unregistered(metric),
        collect() {
          this.reset();
          for (const { labels, child } of family.all) this.inc(labels, child.value);
        },
      });
      registry.registerMetric(kept);
      return family;
    },
    histogram(metric) {
      const family = new Family(metric.labels, () => new Spread(metric.buckets));
      const configuration = { ...unregistered(metric), buckets: [...metric.buckets] };
      registry.registerMetric(new KeptHistogram(configuration, () => family.all));
      return family;
    },
    gauge(metric, read) {
      const kept = new Gauge({
        ...unregistered(metric),
        collect() {
          this.reset();
          // By itself it would be 0 where nothing is told.
          if (metric.labels.length === 0) this.remove();
          read((value, ...values) => this.set(labelled(metric.labels, values), value));
        },
      });
      registry.registerMetric(kept);
    },
    beforeReading,
  };
}

const unregistered = ({ name, help, labels }: Metric<readonly string[]>) => ({
  name,
  help,
  labelNames: labels,
  registers: [],
});

type Spreads = readonly { readonly labels: Readonly<Record<string, string>>; readonly child: Spread }[];
type Reading = Awaited<ReturnType<Histogram['get']>>;

/** A histogram of prom-client's whose values are kept by us. */
class KeptHistogram extends Histogram {
  readonly #name: string;
  /** For all that is not a value; asked of ourselves it would come back here. */
  readonly #plain: Histogram;
  readonly #bounds: readonly (number | '+Inf')[];
  readonly #all: () => Spreads;

  constructor(metric: HistogramConfiguration<string> & { buckets: number[] }, all: () => Spreads) {
    super(metric);
    this.#plain = new Histogram(metric);
    this.#name = metric.name;
    this.#bounds = [...metric.buckets, '+Inf'];
    this.#all = all;
  }

  override async get(): Promise<Reading> {
    return { ...(await this.#plain.get()), values: this.#all().flatMap((one) => this.#rows(one)) };
  }

  /** What the text is made from, in prom-client. */
  getForPromString(): Promise<Reading> {
    return this.get();
  }

  #rows({ labels, child: { counts, sum } }: Spreads[number]): Reading['values'] {
    let count = 0;
    const buckets = this.#bounds.map((le, index) => {
      count += counts[index] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: count },
    ];
  }
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
