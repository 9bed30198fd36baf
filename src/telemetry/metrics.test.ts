import { describe, expect, it } from 'vitest';
import { type Metrics, openMetrics } from './metrics.ts';

const linesOf = async (metrics: Metrics, name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('hold what was counted, by label', async () => {
    const metrics = openMetrics();
    const made = metrics.meter.counter({ name: 'made_total', help: 'Made.', labels: ['source', 'severity'] });
    made.of('a', 'high').inc();
    made.of('a', 'low').inc(2);
    made.of('a', 'high').inc();
    expect(await linesOf(metrics, 'made_total')).toEqual([
      'made_total{source="a",severity="high"} 2',
      'made_total{source="a",severity="low"} 2',
    ]);
    expect(await metrics.text()).toContain('# HELP made_total Made.\n# TYPE made_total counter\n');
  });

  it('without labels are there from the start', async () => {
    const metrics = openMetrics();
    metrics.meter.counter({ name: 'seen_total', help: 'Seen.', labels: [] });
    expect(await linesOf(metrics, 'seen_total')).toEqual(['seen_total 0']);
  });

  it('count a duration in every bucket that is long enough, the bound included', async () => {
    const metrics = openMetrics();
    const took = metrics.meter.histogram({
      name: 'took_seconds',
      help: 'Took.',
      labels: ['a'],
      buckets: [0.01, 0.1],
    });
    for (const seconds of [0.01, 0.0101, 5]) took.of('x').observe(seconds);
    expect(await linesOf(metrics, 'took_seconds')).toEqual([
      'took_seconds_bucket{a="x",le="0.01"} 1',
      'took_seconds_bucket{a="x",le="0.1"} 2',
      'took_seconds_bucket{a="x",le="+Inf"} 3',
      'took_seconds_sum{a="x"} 5.0201',
      'took_seconds_count{a="x"} 3',
    ]);
  });

  it('of a gauge are what is told at the reading, and nothing of the readings before', async () => {
    const metrics = openMetrics();
    let targets = ['a', 'b'];
    metrics.meter.gauge({ name: 'depth', help: 'Depth.', labels: ['target'] }, (tell) => {
      for (const target of targets) tell(target.length, target);
    });
    metrics.meter.gauge({ name: 'until', help: 'Until.', labels: [] }, () => {});
    expect(await linesOf(metrics, 'depth')).toHaveLength(2);
    targets = ['b'];
    expect(await linesOf(metrics, 'depth')).toEqual(['depth{target="b"} 1']);
    expect(await linesOf(metrics, 'until')).toEqual([]);
  });

  it('wait for what has to be asked first', async () => {
    const metrics = openMetrics();
    let asked = 0;
    metrics.meter.beforeReading(async () => void (asked += 1));
    metrics.meter.gauge({ name: 'asked', help: 'Asked.', labels: [] }, (tell) => tell(asked));
    expect(await linesOf(metrics, 'asked')).toEqual(['asked 1']);
  });

  it('escape what a label may hold', async () => {
    const metrics = openMetrics();
    metrics.meter
      .counter({ name: 'odd_total', help: 'Odd.', labels: ['a'] })
      .of('"\\\n')
      .inc();
    expect(await linesOf(metrics, 'odd_total')).toEqual(['odd_total{a="\\"\\\\\\n"} 1']);
  });

  it('are bounded: what comes on top of two thousand of a kind is counted together', async () => {
    const metrics = openMetrics();
    const many = metrics.meter.counter({ name: 'many_total', help: 'Many.', labels: ['a', 'b'] });
    for (let n = 0; n < 2_500; n++) many.of(`a${n % 50}`, `b${n}`).inc();
    many.of('a0', 'b0').inc();
    const lines = await linesOf(metrics, 'many_total');
    expect(lines).toHaveLength(2_001);
    expect(lines).toContain('many_total{a="a0",b="b0"} 2');
    expect(lines).toContain('many_total{a="overflow",b="overflow"} 500');
  });

  it('tell of the process: event loop, memory, collector, files', async () => {
    const text = await openMetrics().text();
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'process_open_fds',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_gc_duration_seconds',
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
  });
});
